/** The CRC-32s of the entries of a layout, as far as they were needed: a cache may forget them. */
export class KnownCrcs {
	readonly #values: Uint32Array;
	readonly #known: Uint8Array;

	constructor(entryCount: number) {
		this.#values = new Uint32Array(entryCount);
		this.#known = new Uint8Array(Math.ceil(entryCount / 8));
	}

	get(index: number): number | undefined {
		return ((this.#known[index >> 3] ?? 0) >> (index & 7)) & 1 ? this.#values[index] : undefined;
	}

	set(index: number, value: number): void {
		this.#values[index] = value;
		this.#known[index >> 3] = (this.#known[index >> 3] ?? 0) | (1 << (index & 7));
	}
}
