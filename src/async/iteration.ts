/**
 * An async generator to go through with `for await`, which would lose what the generator returns. A loop that
 * ends early ends the generator as well.
 *
 * @example
 * ```ts
 * const iteration = new Iteration(chunks);
 * for await (const chunk of iteration) yield chunk;
 * return iteration.result;
 * ```
 */
export class Iteration<Item, Result> implements AsyncIterable<Item> {
	readonly #iterator: AsyncIterator<Item, Result, undefined>;
	readonly #onEarlyEnd: () => void;
	#end: { readonly result: Result } | undefined;

	/** @param onEarlyEnd - Called before the generator is ended early, and when it has failed. */
	constructor(
		source: { [Symbol.asyncIterator](): AsyncIterator<Item, Result, undefined> },
		onEarlyEnd: () => void = () => {},
	) {
		this.#iterator = source[Symbol.asyncIterator]();
		this.#onEarlyEnd = onEarlyEnd;
	}

	/** The return value of the generator; available once it has ended. */
	get result(): Result {
		if (this.#end === undefined) throw new Error("the generator has not come to its end");
		return this.#end.result;
	}

	[Symbol.asyncIterator](): AsyncIterator<Item, void, undefined> {
		return {
			next: async () => {
				const step = await this.#next();
				if (step.done !== true) return step;
				this.#end = { result: step.value };
				return { value: undefined, done: true };
			},
			return: async () => {
				this.#onEarlyEnd();
				await this.#iterator.return?.();
				return { value: undefined, done: true };
			},
		};
	}

	async #next(): Promise<IteratorResult<Item, Result>> {
		try {
			return await this.#iterator.next();
		} catch (error) {
			this.#onEarlyEnd();
			throw error;
		}
	}
}
