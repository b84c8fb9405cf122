import { close, fdatasync, fstatSync, open } from "node:fs";
import { Socket } from "node:net";
import type { Writable } from "node:stream";
import { isatty } from "node:tty";
import { promisify } from "node:util";
import { writeAll } from "../../sources/files/drafts/write-all.ts";

/** Receives bytes: a file, a device, a pipe. */
export interface ByteSink {
	/** Resolves when the system has all of it, so that a failure belongs to this chunk. */
	write(chunk: Uint8Array): Promise<void>;
	/** All is written: makes sure of it where that can be done, and lets a reader see the end. */
	end(): Promise<void>;
}

const syncData = promisify(fdatasync);
const closeDescriptor = promisify(close);

/** Opens a path; Node's `FileHandle` would close the descriptor when nobody holds the handle any more. */
export const openDescriptor: (path: string, flags: number) => Promise<number> = promisify(open);

/** A descriptor that is open already, such as 1 for stdout. @throws if it is not. */
export function descriptorSink(fd: number): ByteSink {
	const stats = fstatSync(fd);
	const ours = fd > 2;
	if (!ours && isatty(fd)) return streamSink(standardStream(fd), false);
	if (!stats.isFIFO() && !stats.isSocket()) return fileSink(fd, stats.isFile(), ours);
	// Not with calls on files: each would block a thread for as long as the reader takes, past the end of the run.
	return streamSink(ours ? new Socket({ fd, readable: false, writable: true }) : standardStream(fd), ours);
}

function fileSink(fd: number, isFile: boolean, closes: boolean): ByteSink {
	return {
		write: (chunk) => writeAll(fd, chunk),
		async end() {
			if (isFile) await syncData(fd);
			if (closes) await closeDescriptor(fd);
		},
	};
}

/** @param closes - Whether it is to end with what is written to it. */
export function streamSink(stream: Writable, closes: boolean): ByteSink {
	stream.on("error", () => {}); // the write that failed tells it
	return {
		write: (chunk) =>
			new Promise((resolve, reject) => {
				stream.write(chunk, (error) => (error ? reject(error) : resolve()));
			}),
		async end() {
			if (closes) stream.destroy();
		},
	};
}

/** Node has one stream for each of these; a second one would fight with it over the descriptor. */
function standardStream(fd: number): Writable {
	return fd === 1 ? process.stdout : process.stderr;
}
