import { writeSync } from "node:fs";
import { RunReport } from "../../../src/archive/run-report.ts";
import { providerByName } from "../../../src/s3/providers.ts";
import { draftManifest } from "../../../src/shards/plan/draft-manifest.ts";
import { listUnits } from "../../../src/shards/plan/list-units.ts";
import { PageWriter } from "../../../src/shards/plan/page-writer.ts";
import type { FoundEntry } from "../../../src/shards/plan/sources/found-entry.ts";
import type { EntryPin } from "../../../src/sources/pins/entry-pin.ts";

/*
 * Plans very many entries, and says what that took: `npm run shards:measure -- 10000000`. Names, sizes and states are made up, as fast as
 * a listing could never be; pages are thrown away in the place of a storage. All else is the real thing.
 */

/** What planning took. */
export interface PlanMeasured {
	readonly entryCount: number;
	readonly shardCount: number;
	/** Bytes of all rows. */
	readonly pagesSize: number;
	/** Bytes of the manifest. */
	readonly manifestSize: number;
	readonly elapsedMs: number;
	/** Processor time, which other programs do not add to. */
	readonly microsecondsPerEntry: number;
	/** Bytes of the process at its peak. */
	readonly peak: number;
	/** By how many bytes planning took that up. */
	readonly growth: number;
}

const SOURCES = 3;
/** Objects of a page of a listing. */
const BATCH_SIZE = 1000;
const settings: Parameters<typeof draftManifest>[2] = {
	...{ method: "auto", comment: "", workers: 16, noClobber: false },
	...{ level: undefined, mtime: undefined, maxMtime: undefined },
	...{ maxEntries: undefined, maxBytes: undefined, partSize: undefined, tags: undefined },
};

/** One of several prefixes of a bucket, whose names are between those of the others. */
async function* listing(source: number, count: number): AsyncGenerator<Iterable<FoundEntry>, void, void> {
	for (let start = source; start < count; start += BATCH_SIZE * SOURCES) yield page(start, count);
	function* page(start: number, end: number): Generator<FoundEntry, void, void> {
		for (let index = start; index < Math.min(end, start + BATCH_SIZE * SOURCES); index += SOURCES) {
			const digits = String(index).padStart(10, "0");
			const name = `photos/${digits.slice(0, 4)}/${digits.slice(4, 7)}/img-${digits}.jpg`;
			const pin: EntryPin = {
				...{ place: `library/${name}`, kind: "file", size: (index * 7919) % 200_000, mode: 0o644 },
				mtimeMs: 1_700_000_000_000 + index * 1000,
				etag: digits.padStart(32, "0123456789abcdef"),
			};
			yield { name, source, pin, of: { origin: name } };
		}
	}
}

async function measure(entryCount: number): Promise<PlanMeasured> {
	await plan(200_000); // code is compiled, pages are there
	const before = peak();
	const startedAt = performance.now();
	const cpu = process.cpuUsage();
	const { pagesSize, manifest } = await plan(entryCount);
	return {
		...{ entryCount: manifest.entryCount, shardCount: manifest.shardCount, pagesSize },
		manifestSize: Buffer.byteLength(JSON.stringify(manifest)),
		elapsedMs: Math.round(performance.now() - startedAt),
		microsecondsPerEntry: process.cpuUsage(cpu).user / entryCount,
		...{ peak: peak(), growth: peak() - before },
	};
}

async function plan(entryCount: number) {
	let pagesSize = 0;
	const pages = new PageWriter(async (_, bytes) => {
		pagesSize += bytes.byteLength;
	});
	const limits = { maxEntries: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY };
	const { signal } = new AbortController();
	const how = { ...settings, limits, signal, report: new RunReport() };
	const sources = Array.from({ length: SOURCES }, (_, source) => listing(source, entryCount));
	const listed = await listUnits(sources, pages, how);
	const facts = { id: "", bucket: "", key: "", plannedAt: "", probe: "", sources: [] };
	return { pagesSize, manifest: draftManifest(listed, facts, settings, providerByName("aws"), []) };
}

function peak(): number {
	return process.resourceUsage().maxRSS * 1024;
}

const measured = await measure(Number(process.argv[2] ?? 1_000_000));
writeSync(1, `${JSON.stringify(measured)}\n`);
