import { writeSync } from "node:fs";
import { describeSize, formatNumber, KiB, MiB } from "../../../src/bytes/units.ts";
import { type ProviderName, providerByName } from "../../../src/s3/providers.ts";
import { groupUnits } from "../../../src/shards/plan/group-units.ts";
import { numberParts } from "../../../src/shards/plan/part-numbers.ts";
import { Units } from "../../../src/shards/plan/units.ts";
import { SizeBound } from "../../../src/zip/format/size-bound.ts";

/*
 * Plans archives that no machine here could hold, by the code that plans real ones: `npm run shards:simulate`. Units of neighbouring
 * entries are made up in the place of a listing.
 */

/** An archive to be. */
export interface Scenario {
	readonly name: string;
	readonly entryCount: number;
	/** Bytes of the nth file, and of all others of its unit. */
	readonly sizeOf: (index: number) => number;
	readonly workers: number;
	/** @defaultValue `"aws"` */
	readonly provider?: ProviderName | undefined;
	/** @defaultValue `"auto"` */
	readonly method?: "auto" | "store" | undefined;
}

/** What the plan of an archive comes to. */
export interface Simulated {
	readonly name: string;
	readonly entryCount: number;
	/** Bytes. */
	readonly sourceSize: number;
	readonly unitCount: number;
	readonly shardCount: number;
	/** Bytes. */
	readonly partSize: number;
	/** Numbers that are taken, those of the directory included; not all of them become parts. */
	readonly partCount: number;
	/** By bytes. */
	readonly largestShard: { readonly entryCount: number; readonly sourceSize: number };
	/** Bytes of the central directory at most. */
	readonly directorySize: number;
	/** Bytes of all the shards of the busiest worker over those of an equal share, if the largest shard comes last. */
	readonly imbalance: number;
}

const NO_LIMITS = { maxEntries: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY };
/** Of the first units, as of those of a listing. */
const UNIT_ENTRIES = 64;
const LEAST_HEADER = 30;
/** What the offset of an entry behind the first 4 GiB takes in its header. */
const LARGE_OFFSET = 12;
/** Of the average file. */
const NAME_SIZE = 40;
const NAME = Buffer.alloc(NAME_SIZE, "n");

const TB = 1e12;

export const SCENARIOS: readonly Scenario[] = [
	{
		name: "10 TB in 100,000,000 files",
		entryCount: 100_000_000,
		sizeOf: () => 1e5,
		workers: 64,
	},
	{ name: "10 TB in 10,000 files", entryCount: 10_000, sizeOf: () => TB / 1000, workers: 64 },
	{ name: "10 TB in 10 files", entryCount: 10, sizeOf: () => TB, workers: 64 },
	{
		name: "9 TB in 1,000,000 files and one of 1 TB",
		entryCount: 1_000_001,
		sizeOf: (index) => (index === 500_000 ? TB : 9e6),
		workers: 64,
	},
	{ name: "100,000,000 empty files", entryCount: 100_000_000, sizeOf: () => 0, workers: 64 },
	{ name: "10,000,000 files of 100 bytes", entryCount: 10_000_000, sizeOf: () => 100, workers: 16 },
	{
		name: "4 TB in 1,000,000 files, stored, Ceph",
		entryCount: 1_000_000,
		sizeOf: () => 4 * MiB,
		workers: 16,
		provider: "ceph",
		method: "store",
	},
	{
		name: "100 GB in 200,000 files",
		entryCount: 200_000,
		sizeOf: (index) => (index % 8 === 0 ? 3 * MiB : 150 * KiB),
		workers: 4,
	},
];

/** Bytes of one entry at most, before the central directory and in it. */
function extentOf(
	size: number,
	method: "auto" | "store",
): { readonly offset: number; readonly headerSize: number } {
	const bound = new SizeBound(method);
	bound.add({ name: NAME, kind: "file", mtimeMs: 1_700_000_000_000, size });
	const { offset, size: headerSize } = bound.directory;
	return { offset, headerSize: headerSize + LARGE_OFFSET };
}

export function simulate({
	name,
	entryCount,
	sizeOf,
	workers,
	provider = "aws",
	method = "auto",
}: Scenario): Simulated {
	const { limits } = providerByName(provider);
	const units = new Units(NO_LIMITS);
	let directoryBound = 0;
	for (let index = 0; index < entryCount; ) {
		const size = sizeOf(index);
		const isLarge = size * UNIT_ENTRIES > MiB;
		const count = Math.min(entryCount - index, isLarge ? 1 : UNIT_ENTRIES);
		const { offset, headerSize } = extentOf(size, method);
		const storedSize = count * (LEAST_HEADER + NAME_SIZE + size);
		units.add({
			entryCount: count,
			sourceSize: count * size,
			storedSize,
			sizeBound: count * offset,
			rows: [],
		});
		directoryBound += count * headerSize;
		index += count;
	}
	const maxShards = Math.floor(limits.maxPartCount / 4);
	const shards = groupUnits(units.all, { workers, minSize: limits.minPartSize, maxShards });
	const sizeBounds = shards.map(({ sizeBound }) => sizeBound);
	const { partSize, directory } = numberParts(
		{ sizeBounds, directoryBound, exact: method === "store" },
		limits,
	);
	const sourceSize = shards.reduce((sum, shard) => sum + shard.sourceSize, 0);
	const largest = shards.reduce((one, other) => (other.sourceSize > one.sourceSize ? other : one));
	const { entryCount: most, sourceSize: size } = largest;
	return {
		...{ name, entryCount, sourceSize, unitCount: units.all.length, shardCount: shards.length, partSize },
		partCount: directory.firstPart + directory.partCount - 1,
		largestShard: { entryCount: most, sourceSize: size },
		directorySize: directory.sizeBound,
		imbalance: sourceSize === 0 ? 1 : 1 + (size * (workers - 1)) / sourceSize,
	};
}

if (process.argv[1] === import.meta.filename) {
	for (const scenario of SCENARIOS) {
		const plan = simulate(scenario);
		writeSync(
			1,
			`${plan.name}
  ${formatNumber(plan.shardCount)} shards of ${formatNumber(plan.unitCount)} units; the largest has ${formatNumber(plan.largestShard.entryCount)} entries, ${describeSize(plan.largestShard.sourceSize)}
  ${formatNumber(plan.partCount)} part numbers for parts of ${describeSize(plan.partSize)}; central directory ${describeSize(plan.directorySize)}
  ${scenario.workers} workers: at most ${plan.imbalance.toFixed(2)} × the time of an equal share
`,
		);
	}
}
