/** What becomes of entries that nobody has, by the code that plans: shards, numbers of parts, pages. It needs `node --import tsx`. */
import { providerByName } from "../../src/s3/providers.ts";
import { encodeRow } from "../../src/shards/entry-rows.ts";
import { groupUnits } from "../../src/shards/plan/group-units.ts";
import { numberParts, partCountOf } from "../../src/shards/plan/part-numbers.ts";
import { UnitCutter } from "../../src/shards/plan/unit-cutter.ts";

/** Of the largest number of parts, as plans have it. */
const SHARE_OF_SHARDS = 1 / 4;
/** As plans have it. */
const PAGE_SIZE = 8 * 1024 ** 2;
const NAME = "2026/album-012345/photo-012345678.jpg";
const MTIME = Date.UTC(2026, 0, 1);
const ETAG = "0123456789abcdef0123456789abcdef";

/** Counts pages where a plan writes them: the rows are all of one length, and nobody reads them. */
class CountedPages {
	#ranges = [];
	#used = 0;
	#start = 0;
	pageCount = 1;

	add({ length }) {
		if (this.#used + length > PAGE_SIZE) {
			this.#close();
			this.pageCount += 1;
			this.#used = 0;
			this.#start = 0;
		}
		this.#used += length;
	}

	cut() {
		this.#close();
		const ranges = this.#ranges;
		this.#ranges = [];
		return ranges;
	}

	#close() {
		const size = this.#used - this.#start;
		if (size === 0) return;
		this.#ranges.push({ page: this.pageCount - 1, offset: this.#start, size, crc32: 0 });
		this.#start = this.#used;
	}
}

/** Lists `entryCount` files of `size` bytes each, whose names are all of one length. */
export function listFiles({ entryCount, size }, method) {
	const pages = new CountedPages();
	const none = Number.POSITIVE_INFINITY;
	const cutter = new UnitCutter(method, { maxEntries: none, maxBytes: none }, pages);
	const entry = { name: Buffer.from(NAME), kind: "file", size, mtimeMs: MTIME };
	const row = encodeRow({
		...entry,
		name: NAME,
		place: `photos/${NAME}`,
		mode: 0o644,
		etag: ETAG,
		source: 0,
	});
	for (let index = 0; index < entryCount; index++) void cutter.add(entry, row); // pages that are counted are there at once
	const units = cutter.end();
	return {
		units,
		pageCount: pages.pageCount,
		bound: cutter.bound,
		entryCount,
		sourceSize: entryCount * size,
	};
}

/**
 * Plans an archive of what was listed.
 *
 * @param ratio - Bytes in the archive for each byte of a file.
 * @returns a shape as `model.mjs` takes it, with `partSize` and the highest number of a part besides.
 */
export function shapeOf({ units, pageCount, bound, entryCount, sourceSize }, { ratio, workers, provider }) {
	const { limits } = providerByName(provider);
	const maxShards = Math.floor(limits.maxPartCount * SHARE_OF_SHARDS);
	const shards = groupUnits(units, { workers, minSize: limits.minPartSize, maxShards });
	const directorySize = bound.bytes(0) - bound.directory.offset;
	const sizeBounds = shards.map(({ sizeBound }) => sizeBound);
	const { partSize, directory } = numberParts(
		{ sizeBounds, directoryBound: directorySize, exact: bound.exact },
		limits,
	);
	const saved = ({ sourceSize: size }) => (bound.exact ? 0 : size * (1 - ratio));
	const sizes = shards.map((shard) => shard.sizeBound - saved(shard));
	const partsOf = (bytes) => Math.max(1, partCountOf(bytes, partSize, limits.minPartSize));
	return {
		entryCount,
		sourceSize,
		archiveSize: sizes.reduce((sum, bytes) => sum + bytes, directorySize),
		directorySize,
		shardCount: shards.length,
		partCount: sizes.reduce((sum, bytes) => sum + partsOf(bytes), partsOf(directorySize)),
		pageCount,
		pagesPerShard: shards.reduce((sum, { rows }) => sum + rows.length, 0) / shards.length,
		partSize,
		lastPart: directory.firstPart + directory.partCount - 1,
	};
}
