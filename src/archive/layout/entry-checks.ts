const FIRST_LENGTH = 256;

/** One number of 32 bits for each entry: all that is kept of it. */
export class EntryChecks {
	#values: Uint32Array = new Uint32Array(FIRST_LENGTH);
	length = 0;

	push(value: number): void {
		if (this.length === this.#values.length) {
			const grown = new Uint32Array(2 * this.length);
			grown.set(this.#values);
			this.#values = grown;
		}
		this.#values[this.length] = value;
		this.length += 1;
	}

	at(index: number): number | undefined {
		return index < this.length ? this.#values[index] : undefined;
	}
}
