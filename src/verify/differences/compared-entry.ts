import type { EntryFacts, EntryKind, MtimeSource } from "../../reader/entry.ts";
import { FIRST_ZIP_TIME_MS } from "../../zip/format/dos-time.ts";
import { hasOwnVersion } from "../own-entry.ts";
import type { EntryChange } from "./difference.ts";

/** How exact a time is. `disk` is that of a file, `local` one of MS-DOS in a time zone that nobody has written down. */
export type TimeKind = MtimeSource | "disk" | "local";

/** The facts by which entries are compared. */
export interface ComparedEntry {
	/** Bytes of the name, without a slash at its end. */
	readonly path: Uint8Array;
	readonly kind: EntryKind;
	/** Bytes; `undefined` for directories. */
	readonly size: number | undefined;
	/** CRC-32 of the content, or of the target of a link; `undefined` if it is not known, or not to be compared. */
	readonly crc32: number | undefined;
	/** Milliseconds since 1970. */
	readonly mtimeMs: number;
	readonly time: TimeKind;
	/** Permission bits; `undefined` where there are none. */
	readonly mode: number | undefined;
}

const SLASH = 0x2f;

export function withoutSlash(name: Uint8Array): Uint8Array {
	return name[name.byteLength - 1] === SLASH ? name.subarray(0, -1) : name;
}

export function entryOfArchive(entry: EntryFacts): ComparedEntry {
	const { pathBytes, kind, uncompressedSize, crc32, mtime, mtimeSource, mode } = entry;
	const isDirectory = kind === "directory";
	return {
		path: withoutSlash(pathBytes),
		kind,
		size: isDirectory ? undefined : uncompressedSize,
		crc32: isDirectory ? undefined : crc32,
		mtimeMs: mtime.getTime(),
		time: mtimeSource === "dos" && !hasOwnVersion(entry) ? "local" : mtimeSource,
		mode: mode === undefined ? undefined : mode & 0o7777,
	};
}

/** The facts in which two entries of one name differ, at the precision that both have. */
export function changesOf(before: ComparedEntry, after: ComparedEntry): EntryChange[] {
	if (before.kind !== after.kind) return [{ field: "kind", before: before.kind, after: after.kind }];
	const changes: EntryChange[] = [];
	for (const field of ["size", "crc32", "mode"] as const) {
		const [one, other] = [before[field], after[field]];
		if (one !== undefined && other !== undefined && one !== other)
			changes.push({ field, before: one, after: other });
	}
	if (!isSameTime(before, after))
		changes.push({ field: "mtime", before: new Date(before.mtimeMs), after: new Date(after.mtimeMs) });
	return changes;
}

/** Milliseconds that a time is exact to. */
const PRECISION: Readonly<Record<TimeKind, number>> = {
	disk: 0.000_1,
	ntfs: 1,
	unix: 1_000,
	dos: 2_000,
	local: 2_000,
};

/** Time zones are whole quarters of an hour, and none is further from UTC. */
const ZONE_STEP_MS = 15 * 60_000;
const FURTHEST_ZONE_MS = 15 * 3_600_000;

function isSameTime(one: ComparedEntry, other: ComparedEntry): boolean {
	const step = Math.max(PRECISION[one.time], PRECISION[other.time]);
	const rounded = ({ mtimeMs }: ComparedEntry) => {
		// MS-DOS has no earlier time.
		const ms = step === PRECISION.dos ? Math.max(mtimeMs, FIRST_ZIP_TIME_MS) : mtimeMs;
		return Math.floor(ms / step) * step;
	};
	const distance = Math.abs(rounded(one) - rounded(other));
	if (one.time !== "local" && other.time !== "local") return distance === 0;
	// Programs of MS-DOS round up, too.
	const zone = Math.round(distance / ZONE_STEP_MS) * ZONE_STEP_MS;
	return zone <= FURTHEST_ZONE_MS && Math.abs(distance - zone) <= PRECISION.local;
}
