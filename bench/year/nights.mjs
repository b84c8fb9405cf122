/**
 * What travels on each of many nights, by the code that cuts an archive into runs which the storage copies. No bytes are made: a tree is
 * a list of sizes, and a change says which of them are other files than the night before. It needs `node --import tsx`.
 */
import {
	aloneChain,
	chainRuns,
	chainSize,
	joinsOf,
	partCountOf,
	RUN_JOINING,
} from "../../src/compose/base/chains.ts";
import { cutRuns, neighbours } from "../../src/compose/copyable/cut-runs.ts";
import { centralSize, entryExtent } from "../../src/zip/format/entry-extent.ts";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
/** Lengths as `photos/2026/05/IMG_01234.jpg` has them. */
const NAME_LENGTH = 28;
/** Long ago, as most files are. */
const MTIME_MS = Date.UTC(2020, 0, 1);
/** As the part limits of nearly all storages are, and as an upload with a base leaves half of the parts for what is made. */
const CUTTING = { minSize: 5 * MIB, maxPartSize: 5 * GIB, maxPartCount: 5_000 };
/** Parts of what is made. */
const PART_SIZE = 8 * MIB;

/**
 * @typedef {object} Tree
 * @property {readonly number[]} sizes bytes of each file, in the order of names
 * @property {readonly number[]} lengths bytes of each in an archive
 * @property {number} directorySize bytes of the central directory
 *
 * @typedef {object} Night
 * @property {number} sentSize bytes
 * @property {number} copiedSize bytes
 * @property {number} copiedPartCount
 * @property {number} copiedEntryCount
 * @property {number} partCount
 * @property {number} joinCount runs that were joined to longer ones
 * @property {number} changedSize bytes of the files that have changed
 */

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomOf(seed) {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/**
 * Files of very different sizes that have so many bytes together.
 *
 * @returns {Tree}
 */
export function makeTree({ fileCount, totalSize, seed }) {
	const random = randomOf(seed);
	// Many small files, few large ones.
	const weights = Array.from({ length: fileCount }, () => Math.exp(6 * random()));
	const sum = weights.reduce((total, weight) => total + weight, 0);
	const sizes = weights.map((weight) => Math.round((weight / sum) * totalSize));
	let directorySize = 0;
	let offset = 0;
	const lengths = sizes.map((size) => {
		const entry = {
			...{ name: { byteLength: NAME_LENGTH }, kind: "file", mtimeMs: MTIME_MS },
			...{ size, method: "store", raw: undefined },
		};
		const extent = entryExtent(entry);
		directorySize += centralSize(entry, undefined, extent, offset);
		offset += extent.size;
		return extent.size;
	});
	return { sizes, lengths, directorySize };
}

/**
 * Nights one after the other, each with the archive of the night before as its base. The first one has none.
 *
 * @param {Tree} tree
 * @param {object} plan
 * @param {number} plan.nightCount
 * @param {number} plan.changeCount files that change each night
 * @param {boolean} [plan.together] they are neighbours, as those of a directory are; otherwise anywhere in the tree
 * @param {boolean} [plan.joinRuns] short runs are joined to longer ones
 * @param {number} [plan.fullEvery] nights after which all is sent again
 * @returns {Generator<Night>}
 */
export function* nights(tree, plan) {
	const {
		nightCount,
		changeCount,
		together = false,
		joinRuns = false,
		fullEvery = Number.POSITIVE_INFINITY,
		seed,
	} = plan;
	const random = randomOf(seed);
	const { sizes, lengths, directorySize } = tree;
	const count = sizes.length;
	const byName = Uint32Array.from(sizes.keys());
	const archiveSize = lengths.reduce((sum, length) => sum + length, directorySize);
	let order = byName;
	for (let night = 0; night < nightCount; night++) {
		if (night % fullEvery === 0 || night === 0) {
			order = byName;
			yield {
				...{ sentSize: archiveSize, copiedSize: 0, copiedPartCount: 0, copiedEntryCount: 0, joinCount: 0 },
				...{ partCount: Math.ceil(archiveSize / PART_SIZE), changedSize: archiveSize },
			};
			continue;
		}
		const changed = new Uint8Array(count);
		const first = Math.floor(random() * (count - changeCount));
		let changedSize = 0;
		for (let left = changeCount; left > 0; ) {
			const file = together ? first + left - 1 : Math.floor(random() * count);
			if (changed[file] === 1) continue;
			changed[file] = 1;
			changedSize += sizes[file];
			left--;
		}
		const last = order;
		const isUnchanged = (place) => changed[last[place]] === 0;
		const base = baseOf(last, lengths);
		const long = cutRuns(base, isUnchanged, CUTTING);
		const chains = joinRuns
			? chainRuns(neighbours(base, isUnchanged), long, CUTTING, RUN_JOINING)
			: long.map(aloneChain);
		const next = new Uint32Array(count);
		const isCopied = new Uint8Array(count);
		let placed = 0;
		let copiedSize = 0;
		let copiedPartCount = 0;
		for (const chain of chains) {
			copiedSize += chainSize(chain);
			copiedPartCount += partCountOf(chain, CUTTING);
			for (const { from, to } of chain.runs)
				for (let place = from; place < to; place++) {
					isCopied[last[place]] = 1;
					next[placed++] = last[place];
				}
		}
		const copiedEntryCount = placed;
		for (const file of byName) if (isCopied[file] === 0) next[placed++] = file;
		order = next;
		const sentSize = archiveSize - copiedSize;
		const partCount = copiedPartCount + Math.ceil(sentSize / PART_SIZE);
		const { count: joinCount } = joinsOf(chains);
		yield { sentSize, copiedSize, copiedPartCount, copiedEntryCount, partCount, joinCount, changedSize };
	}
}

/** What {@link cutRuns} asks of an archive: its entries in the order of their data. */
function baseOf(order, lengths) {
	const starts = new Float64Array(order.length + 1);
	for (let place = 0; place < order.length; place++)
		starts[place + 1] = starts[place] + lengths[order[place]];
	return { count: order.length, at: (place) => place, startAt: (place) => starts[place] };
}
