import { u32At } from "../../bytes/little-endian.ts";
import type { MtimeSource } from "../entry.ts";
import type { ExtraFields } from "./extra-fields.ts";

/** The time of the last change, and where it comes from. */
export interface EntryTime {
	readonly mtime: Date;
	readonly mtimeSource: MtimeSource;
}

/** 100 ns from 1601 to 1970. */
const NTFS_EPOCH = 116_444_736_000_000_000n;
const TICKS_PER_MS = 10_000n;

/**
 * The time of an entry: by its extended timestamp (0x5455), else by its NTFS times (0x000a), else the MS-DOS time of its
 * header, which is read as UTC, as zipferry writes it: the archive does not say in which time zone it was meant.
 */
export function readEntryTime(
	date: number,
	time: number,
	{ timestamp, ntfs }: Pick<ExtraFields, "timestamp" | "ntfs">,
): EntryTime {
	const seconds = timestamp === undefined ? undefined : readTimestamp(timestamp);
	if (seconds !== undefined) return { mtime: new Date(seconds * 1000), mtimeSource: "unix" };
	const ms = ntfs === undefined ? undefined : readNtfsTime(ntfs);
	if (ms !== undefined) return { mtime: new Date(ms), mtimeSource: "ntfs" };
	return { mtime: readDosTime(date, time), mtimeSource: "dos" };
}

/** Seconds since 1970, signed. */
function readTimestamp(field: Uint8Array): number | undefined {
	if (field.byteLength < 5 || ((field[0] ?? 0) & 1) === 0) return undefined;
	return u32At(field, 1) | 0;
}

/** Milliseconds since 1970 of the last change: the first of three times in the attribute of tag 1 (APPNOTE 4.5.5). */
function readNtfsTime(field: Uint8Array): number | undefined {
	const view = viewOf(field);
	for (let at = 4; at + 4 <= field.byteLength; ) {
		const tag = view.getUint16(at, true);
		const length = view.getUint16(at + 2, true);
		if (tag === 1 && length >= 8 && at + 12 <= field.byteLength) {
			const ticks = view.getBigUint64(at + 4, true);
			return ticks === 0n ? undefined : validTime(Number((ticks - NTFS_EPOCH) / TICKS_PER_MS));
		}
		at += 4 + length;
	}
	return undefined;
}

/** Date and time of MS-DOS (APPNOTE 4.4.6). Fields out of range move on, as a 32nd day does; no date is 1980-01-01. */
function readDosTime(date: number, time: number): Date {
	const day = Math.max(1, date & 0x1f);
	const month = Math.max(1, (date >> 5) & 0xf);
	const year = 1980 + (date >> 9);
	return new Date(Date.UTC(year, month - 1, day, time >> 11, (time >> 5) & 0x3f, (time & 0x1f) * 2));
}

function validTime(ms: number): number | undefined {
	return Math.abs(ms) <= 8.64e15 ? ms : undefined;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
	return new DataView(buffer, byteOffset, byteLength);
}
