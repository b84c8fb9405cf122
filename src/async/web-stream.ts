/** A Web stream of what an iterator gives. Nothing is asked of the iterator before somebody reads; cancelling ends it. */
export function webStreamOf(iterator: AsyncGenerator<Uint8Array, void, void>): ReadableStream<Uint8Array> {
	return new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				const step = await iterator.next();
				if (step.done) controller.close();
				else controller.enqueue(step.value);
			},
			async cancel() {
				await iterator.return();
			},
		},
		{ highWaterMark: 0 },
	);
}
