/**
 * Time, requests and cost of an archive made of shards; a model, not a measurement. What it is told of the archive (`shape`) comes from
 * the code that plans; what it is told of machines (`rates`), from measurements or from whoever knows the machines.
 *
 * @typedef {object} Shape
 * @property {number} entryCount
 * @property {number} sourceSize bytes of all files
 * @property {number} archiveSize bytes, the central directory included
 * @property {number} directorySize bytes of the central directory
 * @property {number} shardCount
 * @property {number} partCount parts that are sent
 * @property {number} pageCount objects with rows
 * @property {number} partSize bytes
 * @property {number} pagesPerShard of those that a shard reads something of, on average
 *
 * @typedef {object} Rates
 * @property {number} startSeconds until a process has anything to do
 * @property {number} listSeconds for each entry: listing, planning
 * @property {number} shardSeconds for each shard, besides what is in it
 * @property {number} entrySeconds for each entry of a shard
 * @property {number} byteSeconds for each byte of files
 * @property {number} finishSeconds for each shard
 * @property {number} directorySeconds for each byte of the central directory
 * @property {number} [readsPerSecond] that the storage allows to all workers together, if sources are objects
 */

const LISTED_AT_ONCE = 1_000;
const HOUR = 3_600;
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/**
 * Seconds of the three steps. Shards are of equal weight and taken one after the other, so the last round of them may leave workers
 * with nothing to do.
 */
export function timeOf(shape, rates, workers) {
	const { entryCount, sourceSize, shardCount, directorySize } = shape;
	const rounds = Math.ceil(shardCount / workers);
	const shard = (entryCount * rates.entrySeconds + sourceSize * rates.byteSeconds) / shardCount;
	const plan = rates.startSeconds + entryCount * rates.listSeconds;
	const work = Math.max(
		rounds * (rates.shardSeconds + shard),
		entryCount / (rates.readsPerSecond ?? Infinity),
	);
	const finish = shardCount * rates.finishSeconds + directorySize * rates.directorySeconds;
	return { plan, work, finish, total: plan + work + finish };
}

/**
 * Rates where the storage is far away and the line has a width, from those of processors alone: whichever of them takes longer counts,
 * since processors work while the line does.
 *
 * @param line - `listSeconds` of a request that lists, `roundTripSeconds` of an object with `readAhead` at a time, `bytesPerSecond` of
 * each worker, `readsPerSecond` of the storage.
 */
export function ratesOver(line, rates) {
	return {
		...rates,
		listSeconds: Math.max(rates.listSeconds, line.listSeconds / LISTED_AT_ONCE),
		entrySeconds: Math.max(rates.entrySeconds, line.roundTripSeconds / line.readAhead),
		byteSeconds: Math.max(rates.byteSeconds, 1 / line.bytesPerSecond),
		directorySeconds: Math.max(rates.directorySeconds, 1 / line.bytesPerSecond),
		readsPerSecond: line.readsPerSecond,
	};
}

/** GiB that a worker takes for each shard that it makes at a time: parts that wait to be sent, and itself. */
export function memoryOf({ partSize }) {
	const sentAtOnce = partSize > 8 * MIB ? 4 : 8;
	return ((sentAtOnce + 2) * partSize + 100 * MIB) / GIB;
}

/** Requests by kind, as storages bill them: what lists, what writes, what reads. Nobody bills for deleting. */
export function requestsOf({ entryCount, shardCount, partCount, pageCount, pagesPerShard }, { fromBucket }) {
	const listed = fromBucket ? Math.ceil(entryCount / LISTED_AT_ONCE) : 0;
	const partsListed = Math.ceil(partCount / LISTED_AT_ONCE);
	return {
		// Each shard looks which of its parts are there.
		list: listed + partsListed + shardCount,
		// Create and Complete, parts, and the objects beside the archive: pages, manifest, slices.
		write: 2 + partCount + pageCount + 1 + shardCount,
		// Sources; for each shard the manifest and its rows, a look at its slice before and at the manifest afterwards, and the slice in
		// two requests when the archive is finished; the proof.
		read: (fromBucket ? entryCount : 0) + shardCount * (3 + pagesPerShard + 2) + 2,
	};
}

/** What it costs by lists of prices: once, and each month while the archive is kept. */
export function costOf(shape, requests, seconds, { storage, compute, workers, vcpus, gib }) {
	const { readPer1000, writePer1000, listPer1000, gbMonth, gbSize } = storage;
	const asked =
		(requests.list * listPer1000 + requests.write * writePer1000 + requests.read * readPer1000) / 1_000;
	const hours = (workers * seconds) / HOUR;
	const computed = hours * (vcpus * compute.vcpuHour + gib * compute.gibHour);
	return { requests: asked, compute: computed, month: (shape.archiveSize / gbSize) * gbMonth };
}

/**
 * What a shard, an entry and a byte take, by shards that were made: the rates with the least squares of what is left over.
 *
 * @param shards - Of `{ entryCount, sourceSize, seconds }`, of different shapes.
 */
export function fitShards(shards) {
	const rows = shards.map(({ entryCount, sourceSize }) => [1, entryCount, sourceSize]);
	const sum = (of) => shards.reduce((total, _, index) => total + of(rows[index], shards[index]), 0);
	const columns = [0, 1, 2];
	const products = columns.map((one) => columns.map((other) => sum((row) => row[one] * row[other])));
	const values = columns.map((one) => sum((row, { seconds }) => row[one] * seconds));
	const [shardSeconds, entrySeconds, byteSeconds] = solve(products, values);
	return { shardSeconds, entrySeconds, byteSeconds };
}

/** Three equations with three unknowns, by Cramer's rule. */
function solve(rows, values) {
	const whole = determinant(rows);
	return [0, 1, 2].map((column) => {
		const replaced = rows.map((row, index) => row.map((cell, at) => (at === column ? values[index] : cell)));
		return determinant(replaced) / whole;
	});
}

function determinant([[a, b, c], [d, e, f], [g, h, i]]) {
	return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}
