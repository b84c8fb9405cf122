import {
	closeSync,
	ftruncateSync,
	mkdirSync,
	openSync,
	readSync,
	statSync,
	writeFileSync,
	writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { randomBytes, seededRandom } from "./random.mjs";

/** Bytes to a file of its own. */
export function writeNew(path, bytes) {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, bytes);
}

export function writeChunks(path, chunks) {
	mkdirSync(dirname(path), { recursive: true });
	const file = openSync(path, "wx");
	for (const chunk of chunks) writeSync(file, chunk);
	closeSync(file);
}

/** Cuts pieces out of a file: `(size, random)` to bytes. */
export function piecesOf(path) {
	const { size: available } = statSync(path);
	return (size, random) => {
		const bytes = Buffer.alloc(Math.min(size, available));
		const file = openSync(path);
		readSync(file, bytes, 0, bytes.byteLength, Math.floor(random() * (available - bytes.byteLength)));
		closeSync(file);
		return bytes;
	};
}

/**
 * Text files of all sizes between two, 100 a folder, 10 folders in each folder above.
 *
 * @param sizes - Bytes of the smallest and of the largest.
 */
export function makeTextFiles(folder, { count, sizes: [smallest, largest], seed, piece }) {
	const random = seededRandom(seed);
	for (let index = 0; index < count; index++) {
		const group = String(Math.floor(index / 100)).padStart(4, "0");
		const path = join(folder, `group-${group.slice(0, 3)}`, `set-${group}`, `record-${index}.txt`);
		writeNew(path, piece(Math.round(smallest + random() * (largest - smallest)), random));
	}
}

/** Files of one size that nobody can compress: at least one, 100 a folder. */
export function makeEqualFiles(folder, { count, size, name }) {
	for (let index = 0; index < Math.max(1, count); index++) {
		const group = `set-${String(Math.floor(index / 100)).padStart(3, "0")}`;
		writeChunks(join(folder, group, `${name}-${index}.jpg`), randomBytes(size, 1_000 + index));
	}
}

/** The image of a disk that is nearly empty: holes, and a piece of text in every 640 MiB. It takes 4 MB of the disk. */
export function makeSparseImage(path, { size, seed, piece }) {
	const random = seededRandom(seed);
	const pieceCount = 16;
	const file = openSync(path, "wx");
	ftruncateSync(file, Math.round(size));
	for (let index = 0; index < pieceCount; index++) {
		const at = Math.floor((size * index) / pieceCount);
		writeSync(file, piece(Math.round(Math.min(256 * 1024, size / 100)), random), 0, undefined, at);
	}
	closeSync(file);
}
