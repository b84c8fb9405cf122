import type { CalendarSpan } from "../retention/keep-policy.ts";
import { LocalCalendar } from "../retention/local-calendar.ts";

/**
 * Whether a job is due to make its archive anew from the sources.
 *
 * A span of days, months and years ends with the day on which it is over, at its beginning: a job that runs each night is due after 30
 * nights, even if it begins some seconds earlier then. One with hours in it ends on the second.
 *
 * @param last - Start of the last run that has done so. One from the future says that a clock was wrong: it is due then.
 * @param timeZone - IANA name of the zone that days are of.
 */
export function isFullDue(last: Date, every: CalendarSpan, now: Date, timeZone: string): boolean {
	if (last > now) return true;
	const calendar = new LocalCalendar(timeZone);
	const end = calendar.after(last, every);
	if (every.hours !== 0) return end <= now;
	return calendar.periodOf("daily", end) <= calendar.periodOf("daily", now);
}
