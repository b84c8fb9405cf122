import { setFlagsFromString } from "node:v8";
import type { Source } from "../../sources/source.ts";
import { isArchived, isUrlSource } from "../../sources/source-forms.ts";

/** The latest Node.js whose V8 is known to have these flags: another might complain about them on stderr. */
const LATEST_NODE = 24;

/** The young generation stays as small as it begins, and the old one at most doubles between two collections. */
const FLAGS = ["--semi-space-growth-factor=1", "--heap-growing-percent=100"];

/**
 * Keeps V8 from letting garbage pile up in a run whose sources are requested. Each request leaves much of it, which outlives the
 * first collections, and V8 takes its time for the rest: an upload of 10,000 objects takes 270 MiB without this, and 220 MiB with it, for
 * 10 to 30 % more processor time.
 */
export function keepHeapSmall(sources: readonly Source[]): void {
	const areRequested = sources.some(
		(source) => typeof source === "object" && (isUrlSource(source) || isArchived(source)),
	);
	if (areRequested) keepGarbageSmall();
}

/** The same for a process that does not know yet what it will read. */
export function keepGarbageSmall(): void {
	if (Number.parseInt(process.versions.node, 10) > LATEST_NODE) return;
	for (const flag of FLAGS) setFlagsFromString(flag);
}
