import { untilAborted } from "../until-aborted.ts";

/** How much {@link mapInOrder} may have under way at once. */
export interface InOrderLimit<Item> {
	/** Items, at least 1. */
	readonly count: number;
	/** Sum of weights, bytes as a rule; one item is always let in, however heavy. */
	readonly weight: number;
	weigh(item: Item): number;
}

export interface InOrderOptions<Result> {
	/** Ends the wait for a source that may never answer. */
	readonly signal?: AbortSignal | undefined;
	/** Called on an early end while results are under way: has to end what they wait for, as they are waited for. */
	readonly onStop?: (() => void) | undefined;
	/** Gets the results that nobody took. */
	readonly discard?: (result: Result) => void | Promise<void>;
}

interface Running<Result> {
	/** Not a promise where `map` had it at once: with many small items, waiting is what costs. */
	readonly result: Result | Promise<Result>;
	readonly weight: number;
}

/**
 * Maps items concurrently and yields the results in the order of the items.
 *
 * It reads ahead of its consumer, never by more than the limit. The first failure, of the source or of
 * `map`, comes out in its turn. When the consumer stops early the source is stopped too, and results
 * nobody took are handed to `discard`, so that what they hold open gets closed.
 */
export async function* mapInOrder<Item, Result>(
	source: AsyncIterable<Item>,
	map: (item: Item) => Result | Promise<Result>,
	limit: InOrderLimit<Item>,
	{ signal, onStop, discard }: InOrderOptions<Result> = {},
): AsyncGenerator<Result, void, void> {
	const iterator = source[Symbol.asyncIterator]();
	const queue: Running<Result>[] = [];
	let load = 0;
	let ended = false;
	let stopped = false;
	let waiting = false;
	let wakeConsumer = () => {};
	let wakePump = () => {};

	const pump = async () => {
		try {
			while (!stopped) {
				if (queue.length > 0 && (queue.length >= limit.count || load >= limit.weight)) {
					await new Promise<void>((resolve) => {
						wakePump = resolve;
					});
					continue;
				}
				waiting = true;
				const step = await untilAborted(iterator.next(), signal);
				waiting = false;
				if (step.done || stopped) break; // stopped meanwhile: nobody would discard the result
				const weight = limit.weigh(step.value);
				load += weight;
				enqueue(start(step.value), weight);
			}
		} catch (error) {
			enqueue(Promise.reject(error), 0);
		}
		ended = true;
		wakeConsumer();
	};
	const start = (item: Item): Result | Promise<Result> => {
		try {
			return map(item);
		} catch (error) {
			return Promise.reject(error);
		}
	};
	const enqueue = (result: Result | Promise<Result>, weight: number) => {
		if (result instanceof Promise) result.catch(() => {}); // reported when its turn comes
		queue.push({ result, weight });
		wakeConsumer();
	};

	const pumping = pump();
	try {
		for (;;) {
			const head = queue[0];
			if (head === undefined) {
				if (ended) return;
				await new Promise<void>((resolve) => {
					wakeConsumer = resolve;
				});
				continue;
			}
			const result = head.result instanceof Promise ? await head.result : head.result;
			queue.shift();
			load -= head.weight;
			wakePump();
			yield result;
		}
	} finally {
		stopped = true;
		if (queue.length > 0) onStop?.();
		wakePump();
		if (waiting) {
			// The source is busy and may stay so for ever: tell it to stop, but do not wait until it has.
			void Promise.resolve(iterator.return?.()).catch(() => {});
		} else {
			await pumping;
			await iterator.return?.();
		}
		// A failure here would hide the one that brought us here, and leave the rest undiscarded.
		for (const { result } of queue)
			await Promise.resolve(result)
				.then(discard)
				.catch(() => {});
	}
}
