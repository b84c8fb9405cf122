import { InvalidOptionError } from "../../errors.ts";
import { shownValue } from "../../options/shown-value.ts";
import {
	type BandwidthChange,
	type BandwidthLimit,
	MIN_BYTES_PER_SECOND,
} from "../../storage/parts/bandwidth-limit.ts";
import { parseSize } from "./parse.ts";

const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/**
 * Reads `10M`, or a timetable as rclone has it: `08:00,512k 19:00,10M 23:00,off`, with a day in front where
 * a line is for that day only (`Sat-00:00,off`). Bytes per second, as sizes are; local time.
 *
 * @param label - What gives the limit, for messages: `--bwlimit`.
 * @returns `undefined` for `off`
 * @throws {InvalidOptionError}
 */
export function parseBandwidth(label: string, text: string): BandwidthLimit | undefined {
	const entries = text.trim().split(/\s+/);
	const [first = ""] = entries;
	if (entries.length === 1 && !first.includes(",")) return parseRate(label, first, text);
	return entries.map((entry) => parseChange(label, entry, text));
}

function parseChange(label: string, entry: string, text: string): BandwidthChange {
	const match = /^(?:([a-z]{3})[a-z]*-)?(\d{1,2}):(\d{2}),(\S+)$/i.exec(entry);
	const weekday = match?.[1] === undefined ? undefined : WEEKDAYS.indexOf(match[1].toLowerCase());
	const [hour, minute] = [Number(match?.[2]), Number(match?.[3])];
	if (match === null || weekday === -1 || hour > 23 || minute > 59) throw malformed(label, text);
	return { weekday, minuteOfDay: hour * 60 + minute, bytesPerSecond: parseRate(label, match[4] ?? "", text) };
}

function parseRate(label: string, rate: string, text: string): number | undefined {
	if (rate.toLowerCase() === "off") return undefined;
	if (!/^[\d.]+([KMGT](iB?|B)?|B)?$/i.test(rate)) throw malformed(label, text);
	return parseSize(label, rate, MIN_BYTES_PER_SECOND);
}

function malformed(label: string, text: string): InvalidOptionError {
	return new InvalidOptionError(
		`${label} is bytes per second such as 10M or 512k, or times with rates such as "08:00,512k 19:00,10M 23:00,off", not ${shownValue(text)}`,
	);
}
