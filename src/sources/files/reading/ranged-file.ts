import { type BigIntStats, constants } from "node:fs";
import { FairSizes } from "../../../bytes/fair-sizes.ts";
import { SourceError } from "../../../errors.ts";
import type { RangedContent } from "../../ranged-content.ts";
import { close, errorCode, exactFstat, exactLstat, exactStat, open, read } from "../file-system.ts";
import type { Place } from "../place.ts";
import { replaced } from "./file-reader.ts";
import { isPlainlyReadable } from "./readable.ts";

const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** Of the memory of all readings of the process: there are as many as there are clients. */
const sizes = new FairSizes();

export interface RangedFileOptions {
	/** For messages. */
	readonly origin: string;
	readonly followSymlinks: boolean;
	readonly signal: AbortSignal | undefined;
}

/**
 * Looks at a regular file. One that may not be read is told of here, and not when half of an archive is on its way.
 *
 * @returns `undefined` if it does not have the size that it claims, as those of `/proc` and `/sys` do not.
 * @throws {SourceError} `SOURCE_CHANGED` if something else than a regular file has taken its place.
 */
export async function rangedFile(
	place: Place,
	options: RangedFileOptions,
): Promise<RangedContent | undefined> {
	const { origin, followSymlinks, signal } = options;
	const stats = await place.later(followSymlinks ? exactStat : exactLstat, { signal });
	if (!stats.isFile()) throw replaced(origin);
	const file = new RangedFile(place, stats, options);
	const isCertain = stats.blocks > 0n && isPlainlyReadable(stats);
	return isCertain || (await file.hasClaimedSize()) ? file : undefined;
}

class RangedFile implements RangedContent {
	readonly #place: Place;
	readonly #options: RangedFileOptions;
	readonly identity: string;
	readonly size: number;
	readonly mtimeMs: number;
	readonly mode: number;
	readonly changedMs: number;

	constructor(place: Place, stats: BigIntStats, options: RangedFileOptions) {
		this.#place = place;
		this.#options = options;
		this.identity = identityOf(stats);
		this.size = Number(stats.size);
		this.mtimeMs = milliseconds(stats.mtimeNs);
		this.mode = Number(stats.mode & 0o7777n);
		const changedMs = milliseconds(stats.ctimeNs);
		// A time to come was set, so it is not that of a change.
		this.changedMs = this.mtimeMs > Date.now() ? changedMs : Math.max(changedMs, this.mtimeMs);
	}

	async *read(start: number, end: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
		if (start >= end) return;
		const fd = await this.#open(signal);
		const size = sizes.take();
		try {
			await this.#check(fd);
			const memory = Buffer.allocUnsafeSlow(Math.min(size, end - start));
			for (let offset = start; offset < end; ) {
				signal.throwIfAborted();
				const count = await read(fd, memory.subarray(0, end - offset), offset);
				await this.#check(fd); // now it is known what state the bytes are of
				if (count === 0) throw this.#changed();
				offset += count;
				yield memory.subarray(0, count);
			}
		} finally {
			sizes.give(size);
			await close(fd);
		}
	}

	/** An empty file has nothing to read, and any other has a last byte. */
	async hasClaimedSize(): Promise<boolean> {
		const fd = await this.#open(this.#options.signal);
		try {
			const count = await read(fd, new Uint8Array(1), Math.max(0, this.size - 1));
			return count === Math.min(1, this.size);
		} finally {
			await close(fd);
		}
	}

	async #open(signal: AbortSignal | undefined): Promise<number> {
		const flags = this.#options.followSymlinks ? FLAGS : FLAGS | constants.O_NOFOLLOW;
		try {
			return await this.#place.later((path) => open(path, flags), { giveBack: close, signal });
		} catch (error) {
			throw GONE.has(errorCode(error) ?? "") ? this.#changed(error) : error;
		}
	}

	async #check(fd: number): Promise<void> {
		if (identityOf(await exactFstat(fd)) !== this.identity) throw this.#changed();
	}

	#changed(cause?: unknown): SourceError {
		const { origin } = this.#options;
		return new SourceError("SOURCE_CHANGED", `${origin} was changed or replaced after it was looked at`, {
			origin,
			cause,
		});
	}
}

/** It was there when it was looked at; `ELOOP`: it is a link now. */
const GONE = new Set(["ENOENT", "ENOTDIR", "ELOOP"]);

function identityOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
	return `file ${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}

const NS_PER_SECOND = 1_000_000_000n;

/** Rounded exactly as Node rounds it in `Stats`. */
function milliseconds(ns: bigint): number {
	const rest = ((ns % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND;
	return Number((ns - rest) / NS_PER_SECOND) * 1000 + Number(rest) / 1e6;
}
