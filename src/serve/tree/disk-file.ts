import { type BigIntStats, constants, fstat } from "node:fs";
import { promisify } from "node:util";
import { KiB } from "../../bytes/units.ts";
import { SourceError } from "../../errors.ts";
import { close, open, read } from "../../sources/files/file-system.ts";
import type { Place } from "../../sources/files/place.ts";
import type { RangedContent } from "../../sources/ranged-content.ts";

/** A FIFO that takes the place of the file is not waited for. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

const CHUNK_SIZE = 256 * KiB;

const NS_PER_MS = 1_000_000n;

/**
 * A regular file as it is now.
 *
 * @returns `undefined` if it is something else by now.
 */
export async function openDiskFile(place: Place, signal: AbortSignal): Promise<RangedContent | undefined> {
	const fd = await openFile(place, signal);
	let stats: BigIntStats;
	try {
		stats = await look(fd);
	} finally {
		await close(fd);
	}
	if (!stats.isFile()) return undefined;
	return {
		identity: identityOf(stats),
		size: Number(stats.size),
		mtimeMs: Number(stats.mtimeNs / NS_PER_MS),
		mode: Number(stats.mode & 0o7777n),
		changedMs: Number(stats.ctimeNs / NS_PER_MS),
		read: (start, end, abort) => readFile(place, identityOf(stats), start, end, abort),
	};
}

function identityOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
	return [dev, ino, size, mtimeNs, ctimeNs].join(":");
}

async function* readFile(
	place: Place,
	identity: string,
	start: number,
	end: number,
	signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
	const fd = await openFile(place, signal);
	try {
		const check = async () => {
			if (identityOf(await look(fd)) !== identity) throw changed(place);
		};
		await check();
		for (let position = start; position < end; ) {
			signal.throwIfAborted();
			const into = Buffer.allocUnsafe(Math.min(CHUNK_SIZE, end - position));
			const count = await read(fd, into, position);
			if (count === 0) throw changed(place);
			position += count;
			// The last bytes are held back until it is certain that all are of one state.
			if (position === end) await check();
			yield into.subarray(0, count);
		}
	} finally {
		await close(fd);
	}
}

const look = promisify((fd: number, callback: (error: Error | null, stats: BigIntStats) => void) =>
	fstat(fd, { bigint: true }, callback),
);

function openFile(place: Place, signal: AbortSignal): Promise<number> {
	return place.later((path) => open(path, FLAGS), { giveBack: close, signal });
}

function changed(place: Place): SourceError {
	const origin = place.path.toString();
	return new SourceError("SOURCE_CHANGED", `${origin} changed while it was read`, { origin });
}
