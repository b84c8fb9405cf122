/** Bytes that any number of users share: who gets none does without. */
export class SharedBytes {
	#free: number;

	constructor(size: number) {
		this.#free = size;
	}

	/** @returns whether they were there; {@link SharedBytes.give} returns them. */
	take(size: number): boolean {
		if (size > this.#free) return false;
		this.#free -= size;
		return true;
	}

	give(size: number): void {
		this.#free += size;
	}
}
