import { momentMs } from "../../options/moment.ts";
import type { Provider } from "../../s3/providers.ts";
import { FORMAT_VERSION } from "../../zip/format/format-version.ts";
import { levelOf } from "../../zip/levels.ts";
import type { Manifest } from "../manifest.ts";
import type { CopyCandidate } from "./copies/copy-candidates.ts";
import { type LaidCopies, layCopies } from "./copies/lay-copies.ts";
import { groupUnits } from "./group-units.ts";
import type { ListedUnits } from "./list-units.ts";
import type { PlanShardsSettings } from "./options.ts";
import { numberParts, type PartNumbers } from "./part-numbers.ts";

/** A manifest of which the upload is not begun yet. */
export type ManifestDraft = Omit<Manifest, "uploadId">;

/** What is known of an archive before it is listed, and beside that. */
export type PlanFacts = Pick<Manifest, "id" | "bucket" | "key" | "plannedAt" | "probe" | "sources">;

/** Of the numbers of parts: the last part of each shard is half a part on average. */
const SHARE_OF_SHARDS = 1 / 4;

/**
 * Puts shards together of all that was listed, and gives them the numbers of their parts.
 *
 * @param candidates - Objects that the storage may copy; none if it is to copy nothing.
 * @throws {ArchiveTooLargeError}
 * @throws {InvalidOptionError}
 */
export function draftManifest(
	{ units, pages, entryCount, sourceSize, sizeBound, bound }: ListedUnits,
	facts: PlanFacts,
	settings: Pick<
		PlanShardsSettings,
		| "method"
		| "level"
		| "comment"
		| "mtime"
		| "maxMtime"
		| "workers"
		| "maxEntries"
		| "maxBytes"
		| "partSize"
		| "noClobber"
		| "tags"
	>,
	{ name, limits }: Pick<Provider, "name" | "limits">,
	candidates: readonly CopyCandidate[],
): ManifestDraft {
	const { method, level, comment, mtime, maxMtime, workers, maxEntries, maxBytes } = settings;
	const maxShards = Math.floor(limits.maxPartCount * SHARE_OF_SHARDS);
	const wishes = { workers, maxEntries, maxBytes, maxShards, minSize: limits.minPartSize };
	const shards = groupUnits(units, wishes);
	const { exact } = bound;
	const numbered = numberParts(
		{
			sizeBounds: shards.map((shard) => shard.sizeBound),
			directoryBound: sizeBound - bound.directory.offset,
			exact,
			partSize: settings.partSize,
		},
		limits,
	);
	const usualPartSize = numbered.partSize;
	const directoryBound = numbered.directory.sizeBound;
	const laid =
		candidates.length === 0
			? undefined
			: layCopies({ shards, candidates, directoryBound, partSize: settings.partSize, usualPartSize }, limits);
	const { directory, partSize, ...numbers } =
		laid === undefined ? numbered : numberLaid(laid, directoryBound);
	return {
		...facts,
		version: laid === undefined ? 1 : 2,
		...{ shardCount: shards.length, entryCount, sourceSize },
		software: `zipferry, format ${FORMAT_VERSION}`,
		provider: name,
		archive: {
			...{ method, level: levelOf(method, level), comment },
			...(mtime === undefined ? {} : { mtime: isoTime(mtime) }),
			...(maxMtime === undefined ? {} : { maxMtime: isoTime(maxMtime) }),
		},
		object: { noClobber: settings.noClobber, tags: settings.tags },
		pages,
		shards: numbers.shards.flatMap((range, index) => {
			const shard = shards[index];
			if (shard === undefined) return []; // there is one for each
			return [
				{
					entryCount: shard.entryCount,
					sourceSize: shard.sourceSize,
					sizeBound: shard.sizeBound,
					rows: shard.rows,
					...range,
				},
			];
		}),
		...{ directory, partSize, exact },
	};
}

/** Part numbers follow each other: sizes are known where anything is copied. */
function numberLaid({ partSize, shards }: LaidCopies, sizeBound: number): PartNumbers {
	let firstPart = 1;
	const numbered = shards.map(({ partCount, copies }) => {
		const shard = { firstPart, partCount, ...(copies.length === 0 ? {} : { copies }) };
		firstPart += partCount;
		return shard;
	});
	const partCount = Math.max(1, Math.ceil(sizeBound / partSize));
	return { partSize, shards: numbered, directory: { firstPart, partCount, sizeBound } };
}

function isoTime(moment: Date | number | string): string {
	return new Date(momentMs(moment)).toISOString();
}
