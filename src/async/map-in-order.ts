import { abortable } from "./abortable.ts";
import type { Batches } from "./batches.ts";

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

/** A result, or what is to become one. */
interface Running<Result> {
	/** A promise at first, if `map` gives one; with many small items, waiting is what costs. */
	result: Result | Promise<Result>;
	state: "waiting" | "there" | "failed";
	error: unknown;
	readonly weight: number;
}

/**
 * Maps items concurrently and yields the results in the order of the items, in batches of those that are there.
 *
 * It reads ahead of its consumer, never by more than the limit. The first failure, of the source or of
 * `map`, comes out in its turn. When the consumer stops early, in the middle of a batch or not, the source is
 * stopped too, and results nobody took are handed to `discard`, so that what they hold open gets closed.
 */
export async function* mapInOrder<Item, Result>(
	source: Batches<Item>,
	map: (item: Item) => Result | Promise<Result>,
	limit: InOrderLimit<Item>,
	{ signal, onStop, discard }: InOrderOptions<Result> = {},
): AsyncGenerator<Iterable<Result>, void, void> {
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
				waiting = true;
				const step = await abortable(iterator.next(), signal);
				waiting = false;
				if (step.done || stopped) break; // stopped meanwhile: nobody would discard the results
				for (const item of step.value) {
					const weight = limit.weigh(item);
					load += weight;
					enqueue(start(item), weight);
					while (!stopped && queue.length > 0 && (queue.length >= limit.count || load >= limit.weight)) {
						await new Promise<void>((resolve) => {
							wakePump = resolve;
						});
					}
					if (stopped) break;
					signal?.throwIfAborted();
				}
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
		const running: Running<Result> = { result, state: "there", error: undefined, weight };
		queue.push(running);
		if (result instanceof Promise) settle(running, result);
		else if (running === queue[0]) wakeConsumer();
	};
	const settle = (running: Running<Result>, result: Promise<Result>) => {
		running.state = "waiting";
		result.then(
			(value) => {
				running.result = value;
				running.state = "there";
				if (running === queue[0]) wakeConsumer();
			},
			(error: unknown) => {
				running.error = error; // reported when its turn comes
				running.state = "failed";
				if (running === queue[0]) wakeConsumer();
			},
		);
	};
	function* results(): Generator<Result, void, void> {
		for (let head = queue[0]; head !== undefined && head.state !== "waiting"; head = queue[0]) {
			queue.shift();
			load -= head.weight;
			wakePump();
			if (head.state === "failed") throw head.error;
			yield head.result as Result; // no promise any more
		}
	}

	const pumping = pump();
	try {
		for (;;) {
			const head = queue[0];
			if (head !== undefined && head.state !== "waiting") {
				yield results();
				continue;
			}
			if (head === undefined && ended) return;
			await new Promise<void>((resolve) => {
				wakeConsumer = resolve;
			});
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
