import type { FoundEntry } from "../../archive/plan.ts";
import type { NotCopiedReason } from "../../events/composing.ts";
import type { EntryFacts } from "../../reader/entry.ts";
import type { MethodChoice } from "../../zip/entry.ts";
import { centralHeader, entryHeader } from "../../zip/entry-header.ts";
import { BLOCK_SIZE } from "../../zip/format/limits.ts";
import { DEFLATED, isMethod, STORED, ZSTD } from "../../zip/format/records.ts";

/** How entries are compared with those of a base. */
export interface ComparisonRule {
	/** Of the new archive. */
	readonly method: MethodChoice | undefined;
	/** Start of the run that has made the base, milliseconds since 1970. */
	readonly baseStartedMs: number;
	/** See {@link UploadZipOptions.baseCheck}. */
	readonly check: "mtime" | "content";
	/** See {@link UploadZipOptions.ignoreCtime}. */
	readonly ignoreCtime: boolean;
	/** Whether entries have times that say nothing of when they changed: one for all, or the latest allowed. */
	readonly fixedTimes: boolean;
}

/** What is to be done to know: nothing, or to compare the content by its CRC-32. */
export type Comparison = { readonly reason: NotCopiedReason | undefined } | "read";

/**
 * Times of files may be behind the clock that is read here: FAT, and what is shared from it, keeps every other second only, and file systems
 * take their times from a clock that ticks every few milliseconds, or from that of a server.
 */
const CLOCK_MARGIN_MS = 2000 + 1000;

/**
 * Compares an entry with the one of its name in the base, without reading it.
 *
 * @param header - Its central directory header in the base, as if it stood at the beginning of an archive.
 */
export function compareEntry(
	found: FoundEntry,
	facts: EntryFacts,
	header: Uint8Array,
	rule: ComparisonRule,
): Comparison {
	const { entry, size } = found;
	if (entry.kind !== facts.kind) return { reason: "kind" };
	if (entry.kind === "file" && size === undefined) return { reason: "unknown" };
	if (entry.kind !== "directory" && size !== undefined && size !== facts.uncompressedSize)
		return { reason: "size" };
	const differing = differingHeader(found, facts, header);
	if (differing !== undefined) return { reason: differing };
	if (entry.kind === "directory") return { reason: undefined };
	if (entry.kind === "file" && !mayHave(entry.method ?? rule.method ?? "auto", found, facts))
		return { reason: "header" };
	if (entry.raw !== undefined) return { reason: entry.raw.crc32 === facts.crc32 ? undefined : "content" };
	if (entry.kind === "symlink" || entry.given === "content" || rule.check === "content")
		return found.readOnce === true ? { reason: "unknown" } : "read";
	if (entry.given === "maker") return { reason: "unknown" };
	return { reason: changedSince(found, rule) };
}

/** Whether the data of a file of the base is as this choice would have it, as far as its method and sizes tell. */
function mayHave(
	choice: MethodChoice,
	{ entry }: Pick<FoundEntry, "entry">,
	{ method, uncompressedSize: size, compressedSize }: EntryFacts,
): boolean {
	if (size === 0) return true;
	const stored = method === STORED;
	const mayBeStored = stored && (size <= BLOCK_SIZE || entry.raw !== undefined);
	switch (choice) {
		case "store":
			return stored;
		case "deflate":
			return method === DEFLATED;
		case "wrap":
			return mayBeStored || (method === DEFLATED && compressedSize > size);
		case "auto":
			return mayBeStored || method === DEFLATED;
		case "zstd":
			return mayBeStored || method === ZSTD;
		default:
			return choice satisfies never;
	}
}

/** The first field of its headers that differs, if one does. */
function differingHeader(
	{ entry, size, mtimeMs, mode }: FoundEntry,
	facts: EntryFacts,
	header: Uint8Array,
): NotCopiedReason | undefined {
	const { method, flags, versionNeeded } = facts;
	if (!isMethod(method)) return "header";
	const made = entryHeader({ entry, mtimeMs, mode, size, raw: undefined }, method, false);
	const told = {
		...made,
		dataDescriptor: (flags & DATA_DESCRIPTOR) !== 0,
		zip64: versionNeeded === VERSION_ZIP64,
	};
	const own = centralHeader({ entry, mtimeMs, mode, size }, told, facts, 0);
	if (Buffer.compare(own, header) === 0) return undefined;
	const sameTime = centralHeader(
		{ entry, mtimeMs: facts.mtime.getTime(), mode, size },
		{ ...told, mtimeMs: facts.mtime.getTime() },
		facts,
		0,
	);
	if (Buffer.compare(sameTime, header) === 0) return "mtime";
	return (mode & 0o7777) === facts.mode ? "header" : "mode";
}

const DATA_DESCRIPTOR = 1 << 3;
const VERSION_ZIP64 = 45;

/** Whether a file may have changed since the base has read it, although it looks the same. */
function changedSince(
	{ mtimeMs, ctimeMs }: FoundEntry,
	{ baseStartedMs, ignoreCtime, fixedTimes }: ComparisonRule,
): NotCopiedReason | undefined {
	const heedsCtime = ctimeMs !== undefined && !ignoreCtime;
	if (heedsCtime && ctimeMs >= baseStartedMs - CLOCK_MARGIN_MS) return "ctime";
	if (fixedTimes) return heedsCtime ? undefined : "unknown";
	// An archive keeps seconds.
	return Math.floor(mtimeMs / 1000) >= Math.floor((baseStartedMs - CLOCK_MARGIN_MS) / 1000)
		? "recent"
		: undefined;
}
