import type { Transform } from "node:stream";
import { KiB } from "../../../bytes/units.ts";
import { requireZstd } from "../../../bytes/zstd/node-zstd.js";
import { type ZstdGroups, zstdGroups } from "./zstd-groups.ts";

/** Bytes of the pieces that come out. */
const PIECE_SIZE = 512 * KiB;

/** The frames of long entries that are under way. */
export class ZstdFrames {
	readonly #level: number;
	readonly #groups: ZstdGroups;
	readonly #frames = new Map<object, ZstdFrame>();
	/** Memory for groups, used again and again: new memory costs more than filling it. */
	readonly #spare: Buffer[] = [];

	constructor(level: number) {
		this.#level = level;
		this.#groups = zstdGroups(level);
	}

	/** Bytes that are compressed together. */
	get groupSize(): number {
		return this.#groups.size;
	}

	/**
	 * Takes the next block of an entry. All blocks of it come here, in their order; they have been copied when this returns.
	 *
	 * @param entry - Tells the frames apart.
	 * @returns the next pieces of the frame: none while a group fills.
	 */
	add(
		entry: object,
		bytes: Uint8Array,
		last: boolean,
	): readonly Uint8Array[] | Promise<readonly Uint8Array[]> {
		let frame = this.#frames.get(entry);
		if (frame === undefined) {
			frame = new ZstdFrame(this.#level, this.#groups, this.#spare);
			this.#frames.set(entry, frame);
		}
		const pieces = frame.add(bytes, last);
		return last ? Promise.resolve(pieces).finally(() => this.#frames.delete(entry)) : pieces;
	}

	/** Ends everything; what is under way fails. */
	close(): void {
		for (const frame of this.#frames.values()) frame.destroy();
		this.#frames.clear();
	}
}

/**
 * One frame, made as its content comes in.
 *
 * Every group is flushed. Without that, an encoder with threads may take a part of the input only, which Node's stream takes for the
 * end of all input. The frame is ended apart, once everything has been compressed: ended together with a group that had to wait, it
 * would be followed by another one, without content.
 */
class ZstdFrame {
	readonly #stream: Transform;
	/** Bytes of a group. */
	readonly #size: number;
	readonly #spare: Buffer[];
	/** The group that fills. */
	#group: Buffer | undefined;
	#filled = 0;
	#pieces: Uint8Array[] = [];
	#failure: Error | undefined;

	constructor(level: number, { size, jobs }: ZstdGroups, spare: Buffer[]) {
		const { createZstdCompress, constants } = requireZstd();
		this.#size = size;
		this.#spare = spare;
		this.#stream = createZstdCompress({
			params: {
				[constants.ZSTD_c_compressionLevel]: level,
				...(jobs && {
					[constants.ZSTD_c_nbWorkers]: jobs.threadCount,
					[constants.ZSTD_c_jobSize]: jobs.size,
				}),
			},
			flush: constants.ZSTD_e_flush,
			chunkSize: PIECE_SIZE,
		});
		this.#stream.on("data", (piece: Uint8Array) => this.#pieces.push(piece));
		this.#stream.on("error", (error) => {
			this.#failure = error;
		});
	}

	add(bytes: Uint8Array, last: boolean): readonly Uint8Array[] | Promise<readonly Uint8Array[]> {
		const group = this.#group ?? this.#spare.pop() ?? Buffer.allocUnsafeSlow(this.#size);
		group.set(bytes, this.#filled);
		this.#filled += bytes.byteLength;
		this.#group = group;
		if (!last && this.#filled < this.#size) return NOTHING;
		const size = this.#filled;
		this.#group = undefined;
		this.#filled = 0;
		return this.#compress(group, size, last);
	}

	destroy(): void {
		this.#stream.destroy();
	}

	/** A group may be given before the one before has been compressed: the stream takes one after the other. */
	#compress(group: Buffer, size: number, last: boolean): Promise<readonly Uint8Array[]> {
		const content = group.subarray(0, size);
		return new Promise((resolve, reject) => {
			const fail = () => reject(this.#failure ?? new Error("the Zstandard encoder has ended early"));
			const done = () => {
				this.#stream.off("close", fail);
				this.#spare.push(group);
				const pieces = this.#pieces;
				this.#pieces = [];
				resolve(pieces);
			};
			this.#stream.once("close", fail);
			this.#stream.write(content, (error) => {
				if (error) fail();
				else if (last) this.#stream.once("end", done).end();
				else done();
			});
		});
	}
}

const NOTHING: readonly Uint8Array[] = [];
