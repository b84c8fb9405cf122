import { demand, FieldReader } from "./field-reader.ts";
import type { CentralHeader } from "./inspect-headers.ts";

const EARLIEST = Date.UTC(1980, 0, 1);
const LATEST = Date.UTC(2107, 11, 31, 23, 59, 58);

/** Reads both times of an entry: each has to be valid, and they have to mean the same moment. */
export function inspectModified(
	{ date, time, extra }: CentralHeader,
	where: string,
): { readonly modified: Date; readonly unixSeconds: number | undefined } {
	const parts = {
		year: 1980 + (date >> 9),
		month: (date >> 5) & 0x0f,
		day: date & 0x1f,
		hour: time >> 11,
		minute: (time >> 5) & 0x3f,
		second: (time & 0x1f) * 2,
	};
	const { year, month, day, hour, minute, second } = parts;
	const modified = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
	const valid =
		modified.getUTCMonth() === month - 1 &&
		modified.getUTCDate() === day &&
		modified.getUTCHours() === hour &&
		modified.getUTCMinutes() === minute &&
		modified.getUTCSeconds() === second;
	demand(valid, `${where}: MS-DOS time ${JSON.stringify(parts)}`);
	if (extra.timestamp === undefined) return { modified, unixSeconds: undefined };

	const field = new FieldReader(extra.timestamp);
	demand(field.left === 5, `${where}: extended timestamp of ${field.left} bytes`);
	demand(field.u8() === 1, `${where}: the extended timestamp has more than the modification time`);
	const unixSeconds = field.i32();
	const clamped = Math.min(Math.max(unixSeconds * 1000, EARLIEST), LATEST);
	demand(clamped - (clamped % 2000) === modified.getTime(), `${where}: the two times differ`);
	return { modified, unixSeconds };
}
