import { crc32 } from "../../bytes/crc32.ts";
import { MiB } from "../../bytes/units.ts";
import type { EntryKind } from "../../reader/entry.ts";
import type { ComparedEntry, TimeKind } from "./compared-entry.ts";

const KINDS: readonly EntryKind[] = ["file", "directory", "symlink", "other"];
const TIMES: readonly TimeKind[] = ["unix", "ntfs", "dos", "local", "disk"];
/** Bytes of names that lie together; no name is longer than 64 KiB. */
const SLAB_SIZE = MiB;
/** Stands for facts that are not there. */
const NO_MODE = 0xffff;
const NO_NUMBER = -1;

/** Entries that are found by their names: 53 bytes for each, and its name. */
export class PackedEntries {
	readonly #slabs: Buffer[] = [];
	#slabUsed = SLAB_SIZE;
	#count = 0;
	readonly #nameAt: Float64Array;
	readonly #nameLength: Uint16Array;
	readonly #sizes: Float64Array;
	readonly #crcs: Float64Array;
	readonly #times: Float64Array;
	readonly #modes: Uint16Array;
	/** Kind, and kind of time. */
	readonly #kinds: Uint8Array;
	readonly #hashes: Uint32Array;
	readonly #taken: Uint8Array;
	/** Sorted by hash; as long as it is there, nothing is added. */
	#order: Uint32Array | undefined;

	/** @param capacity - Entries at most. */
	constructor(capacity: number) {
		this.#nameAt = new Float64Array(capacity);
		this.#nameLength = new Uint16Array(capacity);
		this.#sizes = new Float64Array(capacity);
		this.#crcs = new Float64Array(capacity);
		this.#times = new Float64Array(capacity);
		this.#modes = new Uint16Array(capacity);
		this.#kinds = new Uint8Array(capacity);
		this.#hashes = new Uint32Array(capacity);
		this.#taken = new Uint8Array(capacity);
	}

	add({ path, kind, size, crc32: crc, mtimeMs, time, mode }: ComparedEntry): void {
		const at = this.#count++;
		this.#nameAt[at] = this.#keep(path);
		this.#nameLength[at] = path.byteLength;
		this.#sizes[at] = size ?? NO_NUMBER;
		this.#crcs[at] = crc ?? NO_NUMBER;
		this.#times[at] = mtimeMs;
		this.#modes[at] = mode ?? NO_MODE;
		this.#kinds[at] = KINDS.indexOf(kind) * TIMES.length + TIMES.indexOf(time);
		this.#hashes[at] = crc32(path);
	}

	#keep(path: Uint8Array): number {
		if (this.#slabUsed + path.byteLength > SLAB_SIZE) {
			this.#slabs.push(Buffer.allocUnsafeSlow(SLAB_SIZE));
			this.#slabUsed = 0;
		}
		this.#slabs.at(-1)?.set(path, this.#slabUsed);
		const at = (this.#slabs.length - 1) * SLAB_SIZE + this.#slabUsed;
		this.#slabUsed += path.byteLength;
		return at;
	}

	/** Takes the entry of a name out: of several, one after the other. */
	take(path: Uint8Array): ComparedEntry | undefined {
		this.#order ??= this.#sorted();
		const order = this.#order;
		const hash = crc32(path);
		for (let at = this.#firstOf(order, hash); at < order.length; at++) {
			const index = order[at] ?? 0;
			if (this.#hashes[index] !== hash) return undefined;
			if (this.#taken[index] === 1 || Buffer.compare(this.#path(index), path) !== 0) continue;
			this.#taken[index] = 1;
			return this.#at(index);
		}
		return undefined;
	}

	/** Those that nobody took, in the order in which they were added. */
	*rest(): Generator<ComparedEntry, void, void> {
		for (let index = 0; index < this.#count; index++) if (this.#taken[index] === 0) yield this.#at(index);
	}

	#sorted(): Uint32Array {
		const order = Uint32Array.from({ length: this.#count }, (_, index) => index);
		const hashOf = (index: number) => this.#hashes[index] ?? 0;
		return order.sort((one, other) => hashOf(one) - hashOf(other) || one - other);
	}

	#firstOf(order: Uint32Array, hash: number): number {
		let low = 0;
		let high = order.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.#hashes[order[middle] ?? 0] ?? 0) < hash) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	#path(index: number): Buffer {
		const at = this.#nameAt[index] ?? 0;
		const start = at % SLAB_SIZE;
		const slab = this.#slabs[Math.floor(at / SLAB_SIZE)] ?? Buffer.alloc(0);
		return slab.subarray(start, start + (this.#nameLength[index] ?? 0));
	}

	#at(index: number): ComparedEntry {
		const kind = this.#kinds[index] ?? 0;
		const known = (value: number | undefined) => (value === NO_NUMBER ? undefined : value);
		const mode = this.#modes[index];
		return {
			path: this.#path(index),
			kind: KINDS[Math.floor(kind / TIMES.length)] ?? "other",
			size: known(this.#sizes[index]),
			crc32: known(this.#crcs[index]),
			mtimeMs: this.#times[index] ?? 0,
			time: TIMES[kind % TIMES.length] ?? "disk",
			mode: mode === NO_MODE ? undefined : mode,
		};
	}
}
