// Plain JavaScript, as threads use it that are started from the sources as well as from the built package.
import * as fs from "node:fs";
import { crc32, inflateRawSync } from "node:zlib";
import { decompressFrame } from "../../../bytes/zstd/decompress-frame.js";
import { free } from "./free.js";
import { inflateBatch } from "./inflate-batch.js";
import { byteStringPath, publish } from "./publish.js";

/**
 * @typedef {object} SmallFile
 * @property {string} name As a byte string.
 * @property {string} draft Name until it is complete, ASCII.
 * @property {number} compressedSize
 * @property {number} uncompressedSize
 * @property {number} method 0 stored, 8 deflated, 93 Zstandard.
 * @property {number} crc32
 * @property {number | undefined} mode Permission bits; `undefined` for what the system gives new files.
 * @property {number} mtime Seconds since 1970.
 * @property {import("./publish.js").Publishing} publishing
 */

/**
 * @typedef {object} WriteBatch
 * @property {Uint8Array<ArrayBuffer>} data Compressed data, one after the other, and what is not used behind it.
 * @property {string} directory Beginning of the paths, with a slash at the end, as a byte string.
 * @property {readonly SmallFile[]} files
 */

/**
 * @typedef {object} WriteFailure
 * @property {number} index Of the file.
 * @property {{ code: string | undefined, message: string } | undefined} error Of the system; `undefined` if the content is not what
 * it should be.
 */

const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW = 0 } = fs.constants;
const NEW_FILE = O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW;

/** Of a file that is not complete and is to get other permissions. */
const PRIVATE = 0o600;

/**
 * @typedef {object} WriteAnswer
 * @property {WriteFailure | undefined} failure
 * @property {Uint8Array<ArrayBuffer>} spare The memory that the data came in.
 */

/**
 * Writes small files, each all or nothing, up to the first that cannot be.
 *
 * @param {WriteBatch} batch
 * @returns {WriteAnswer}
 */
export function writeBatch(batch) {
	return { failure: firstFailure(batch), spare: batch.data };
}

/**
 * @param {WriteBatch} batch
 * @returns {WriteFailure | undefined}
 */
function firstFailure({ data, directory, files }) {
	const used = data.subarray(
		0,
		files.reduce((sum, { compressedSize }) => sum + compressedSize, 0),
	);
	const inflated = inflateBatch(used, files);
	try {
		return writeUpToFailure(data, directory, files, inflated);
	} finally {
		if (inflated !== undefined) free(inflated);
	}
}

/**
 * @param {Uint8Array} data
 * @param {string} directory
 * @param {readonly SmallFile[]} files
 * @param {Uint8Array | undefined} inflated
 * @returns {WriteFailure | undefined}
 */
function writeUpToFailure(data, directory, files, inflated) {
	let start = 0;
	let inflatedStart = 0;
	const isGiven = new Map();
	for (const [index, file] of files.entries()) {
		const { method, compressedSize, uncompressedSize } = file;
		const own = data.subarray(start, start + compressedSize);
		start += compressedSize;
		let content;
		if (method === 8 && inflated !== undefined) {
			content = inflated.subarray(inflatedStart, inflatedStart + uncompressedSize);
			inflatedStart += uncompressedSize;
		} else content = contentOf(own, file);
		if (content === undefined) return { index, error: undefined };
		try {
			writeSmall(directory, file, content, isGiven);
		} catch (error) {
			const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
			return { index, error: { code, message } };
		} finally {
			if (content.buffer !== data.buffer && content.buffer !== inflated?.buffer) free(content);
		}
	}
	return undefined;
}

/**
 * The content, if it is what the archive states.
 *
 * @param {Uint8Array} data
 * @param {SmallFile} file
 * @returns {Uint8Array | undefined}
 */
function contentOf(data, { method, uncompressedSize, crc32: stated }) {
	const content =
		method === 0
			? data
			: method === 93
				? frameContent(data, uncompressedSize)
				: inflate(data, uncompressedSize);
	return content?.byteLength === uncompressedSize && crc32(content) === stated ? content : undefined;
}

/**
 * @param {Uint8Array} data
 * @param {number} size
 */
function inflate(data, size) {
	try {
		const options = { maxOutputLength: Math.max(1, size), chunkSize: size + 64, info: true };
		// With `info`, which the types do not know: the stream that did it is returned, too.
		const { buffer, engine } = /** @type {{ buffer: Buffer, engine: { bytesWritten: number } }} */ (
			/** @type {unknown} */ (inflateRawSync(data, options))
		);
		return engine.bytesWritten === data.byteLength ? buffer : undefined;
	} catch {
		return undefined;
	}
}

/**
 * @param {Uint8Array} data
 * @param {number} size
 */
function frameContent(data, size) {
	try {
		const { output, used } = decompressFrame(data, size);
		return used === data.byteLength ? output : undefined;
	} catch {
		return undefined;
	}
}

/**
 * @param {string} directory
 * @param {SmallFile} file
 * @param {Uint8Array} content
 * @param {Map<number, boolean>} isGiven Whether new files in the directory get these permissions when they ask for them, as the first has
 * shown: a umask may take some away.
 */
function writeSmall(directory, { name, draft, mode, mtime, publishing }, content, isGiven) {
	const draftPath = byteStringPath(directory + draft);
	const asked = mode === undefined ? 0o666 : isHarmless(mode) ? mode : PRIVATE;
	const fd = fs.openSync(draftPath, NEW_FILE, asked);
	try {
		try {
			for (let offset = 0; offset < content.byteLength; )
				offset += fs.writeSync(fd, content, offset, content.byteLength - offset, null);
			if (mode !== undefined) {
				if (!isGiven.has(mode)) isGiven.set(mode, (fs.fstatSync(fd).mode & 0o7777) === mode);
				if (isGiven.get(mode) !== true) fs.fchmodSync(fd, mode);
			}
			fs.futimesSync(fd, mtime, mtime);
		} finally {
			fs.closeSync(fd);
		}
		publish(draftPath, byteStringPath(directory + name), publishing);
	} catch (error) {
		fs.unlinkSync(draftPath);
		throw error;
	}
}

/**
 * Whether a file may have these permissions while it is written: only its owner may write to it, and it is none that writing to it
 * takes bits away from.
 *
 * @param {number} mode
 */
function isHarmless(mode) {
	return (mode & ~0o755) === 0 && (mode & PRIVATE) === PRIVATE;
}
