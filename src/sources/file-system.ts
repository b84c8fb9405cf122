import * as fs from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

/**
 * The calls on files that sources make. The callback API behind promises of our own costs less than half
 * of `fs.promises`, which counts with many small files.
 */

export type Path = string | Buffer;

export const lstat: (path: Path) => Promise<fs.Stats> = promisify(fs.lstat);
export const stat: (path: Path) => Promise<fs.Stats> = promisify(fs.stat);
export const fstat: (fd: number) => Promise<fs.Stats> = promisify(fs.fstat);
export const close: (fd: number) => Promise<void> = promisify(fs.close);

export function read(fd: number, into: Uint8Array, position: number): Promise<number> {
	return new Promise((resolve, reject) => {
		fs.read(fd, into, 0, into.byteLength, position, (error, count) =>
			error ? reject(error) : resolve(count),
		);
	});
}

/** Bytes of the link's target as the file system has them. */
export function readlink(path: Path): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		fs.readlink(path, { encoding: "buffer" }, (error, target) => (error ? reject(error) : resolve(target)));
	});
}

/**
 * Names and types in a directory. A name is a byte string: each character is one byte of the name
 * (Latin-1). It is compact, compares in byte order, and keeps names that are no UTF-8.
 */
export function readDirectory(path: Path): Promise<fs.Dirent[]> {
	return new Promise((resolve, reject) => {
		fs.readdir(path, { encoding: "latin1", withFileTypes: true }, (error, found) =>
			error ? reject(error) : resolve(found),
		);
	});
}

const openOnce: (path: Path, flags: number) => Promise<number> = promisify(fs.open);
const OUT_OF_DESCRIPTORS = new Set(["EMFILE", "ENFILE"]);
const DESCRIPTOR_WAIT_MS = 20;
const DESCRIPTOR_WAITS = 500;

/** Opens a file; when the process has run out of descriptors, waits up to 10 s for one to come back. */
export async function open(path: Path, flags: number): Promise<number> {
	for (let waits = 0; ; waits++) {
		try {
			return await openOnce(path, flags);
		} catch (error) {
			if (waits === DESCRIPTOR_WAITS || !OUT_OF_DESCRIPTORS.has(errorCode(error) ?? "")) throw error;
			await delay(DESCRIPTOR_WAIT_MS);
		}
	}
}

/** The `code` of a Node error, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
	const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
	return typeof code === "string" ? code : undefined;
}
