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

/** The same with a blocking call. */
export function readNow(fd: number, into: Uint8Array, position: number): number {
	return fs.readSync(fd, into, 0, into.byteLength, position);
}

/** Bytes of the link's target as the file system has them. */
export function readlink(path: Path): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		fs.readlink(path, { encoding: "buffer" }, (error, target) => (error ? reject(error) : resolve(target)));
	});
}

/**
 * Names and types in a directory, with the names as the bytes that they are. (With names as text, Node
 * cannot look up the types that some file systems leave out of their listings.)
 */
export function readDirectory(path: Path): Promise<fs.Dirent<Buffer>[]> {
	return withDescriptor(
		() =>
			new Promise((resolve, reject) => {
				fs.readdir(path, { encoding: "buffer", withFileTypes: true }, (error, found) =>
					error ? reject(error) : resolve(found),
				);
			}),
	);
}

const openOnce: (path: Path, flags: number) => Promise<number> = promisify(fs.open);

/** Opens a file. */
export function open(path: Path, flags: number): Promise<number> {
	return withDescriptor(() => openOnce(path, flags), close);
}

const OUT_OF_DESCRIPTORS = new Set(["EMFILE", "ENFILE"]);
const DESCRIPTOR_WAIT_MS = 20;
const DESCRIPTOR_WAITS = 500;

let lastTicket = 0;
/** Of calls that found no descriptor, lowest first. */
const line: number[] = [];

/**
 * Makes a call that needs a file descriptor; where the process has none left, waits up to 10 s for one to
 * come back. Calls are served in the order in which they were made: a later entry that overtook an earlier one
 * would keep its file open until that one is done, which waits for the file to be closed.
 *
 * @param giveBack - Lets go of the descriptor, where the call keeps one.
 */
async function withDescriptor<Result>(
	call: () => Promise<Result>,
	giveBack?: (result: Result) => Promise<void>,
): Promise<Result> {
	const ticket = ++lastTicket;
	if (line.length === 0) {
		try {
			const result = await call();
			if (giveBack === undefined || !isOvertaking(ticket)) return result;
			await giveBack(result);
		} catch (error) {
			if (!isOutOfDescriptors(error)) throw error;
		}
	}
	line.push(ticket);
	line.sort((a, b) => a - b);
	try {
		return await inTurn(ticket, call, giveBack);
	} finally {
		line.splice(line.indexOf(ticket), 1);
	}
}

async function inTurn<Result>(
	ticket: number,
	call: () => Promise<Result>,
	giveBack: ((result: Result) => Promise<void>) | undefined,
): Promise<Result> {
	for (let waits = 0; ; ) {
		await delay(DESCRIPTOR_WAIT_MS);
		if (isOvertaking(ticket)) continue;
		try {
			const result = await call();
			if (giveBack === undefined || !isOvertaking(ticket)) return result;
			await giveBack(result);
		} catch (error) {
			waits += 1;
			if (waits > DESCRIPTOR_WAITS || !isOutOfDescriptors(error)) throw error;
		}
	}
}

/** Whether a call that was made earlier waits; several may be under way before the first of them fails. */
function isOvertaking(ticket: number): boolean {
	return (line[0] ?? ticket) < ticket;
}

function isOutOfDescriptors(error: unknown): boolean {
	return OUT_OF_DESCRIPTORS.has(errorCode(error) ?? "");
}

/** The `code` of a Node error, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
	const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
	return typeof code === "string" ? code : undefined;
}
