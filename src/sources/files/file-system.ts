import * as fs from "node:fs";
import { promisify } from "node:util";

/**
 * The calls on files that sources make. The callback API behind promises of our own costs less than half
 * of `fs.promises`, which counts with many small files.
 */

export type Path = string | Buffer;

export const lstat: (path: Path) => Promise<fs.Stats> = promisify(fs.lstat);
export const stat: (path: Path) => Promise<fs.Stats> = promisify(fs.stat);
export const fstat: (fd: number) => Promise<fs.Stats> = promisify(fs.fstat);
/** The same with nanoseconds, and numbers of any size. */
export const exactLstat = (path: Path): Promise<fs.BigIntStats> =>
	promisify(fs.lstat)(path, { bigint: true });
export const exactStat = (path: Path): Promise<fs.BigIntStats> => promisify(fs.stat)(path, { bigint: true });
export const exactFstat = (fd: number): Promise<fs.BigIntStats> => promisify(fs.fstat)(fd, { bigint: true });
export const open: (path: Path, flags: number) => Promise<number> = promisify(fs.open);
export const close: (fd: number) => Promise<void> = promisify(fs.close);

export function read(fd: number, into: Uint8Array, position: number): Promise<number> {
	return new Promise((resolve, reject) => {
		fs.read(fd, into, 0, into.byteLength, position, (error, count) =>
			error ? reject(error) : resolve(count),
		);
	});
}

/** The same with a blocking call, as all that end in `Now`. */
export function readNow(fd: number, into: Uint8Array, position: number): number {
	return fs.readSync(fd, into, 0, into.byteLength, position);
}

export function openNow(path: Path, flags: number): number {
	return fs.openSync(path, flags);
}

export function fstatNow(fd: number): fs.Stats {
	return fs.fstatSync(fd);
}

export function lstatNow(path: Path): fs.Stats {
	return fs.lstatSync(path);
}

export function statNow(path: Path): fs.Stats {
	return fs.statSync(path);
}

/** Bytes of the link's target as the file system has them. */
export function readlink(path: Path): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		fs.readlink(path, { encoding: "buffer" }, (error, target) => (error ? reject(error) : resolve(target)));
	});
}

/** When a link changed last, if there is one under this path, whatever it leads to. */
export async function linkTime(path: Path): Promise<number | undefined> {
	// With a slash behind it a link is followed.
	const own = Buffer.from(path)
		.toString("latin1")
		.replace(/(?<=.)\/+$/, "");
	const stats = await lstat(Buffer.from(own, "latin1")).catch(() => undefined);
	return stats?.isSymbolicLink() ? stats.ctimeMs : undefined;
}

/** The `code` of a Node error, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
	const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
	return typeof code === "string" ? code : undefined;
}
