/** A set of numbers from 0 on, one bit for each. */
export class IndexSet {
	#words = new Uint32Array(1024);

	add(index: number): void {
		const word = index >>> 5;
		if (word >= this.#words.length) {
			const words = new Uint32Array(Math.max(word + 1, 2 * this.#words.length));
			words.set(this.#words);
			this.#words = words;
		}
		this.#words[word] = (this.#words[word] ?? 0) | (1 << (index & 31));
	}

	delete(index: number): void {
		const word = index >>> 5;
		if (word < this.#words.length) this.#words[word] = (this.#words[word] ?? 0) & ~(1 << (index & 31));
	}

	has(index: number): boolean {
		return ((this.#words[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0;
	}
}
