/**
 * How many things each of any number of users may have in hand: as many as help it for few users, and few for hundreds, so that all of them
 * together hold a limited number.
 */
export class FairShare {
	readonly #total: number;
	#userCount = 0;

	/** @param total - For all of them together, as long as there are not more users than that. */
	constructor(total: number) {
		this.#total = total;
	}

	/** Adds a user, who has to {@link FairShare.leave} again. */
	enter(): void {
		this.#userCount += 1;
	}

	leave(): void {
		this.#userCount -= 1;
	}

	/** The share of each at this moment, at least 1. */
	upTo(most: number): number {
		return Math.max(1, Math.min(most, Math.floor(this.#total / Math.max(1, this.#userCount))));
	}
}
