/**
 * Lets a generator be stopped while it works on its next chunk. By itself it would finish that first, and
 * wait with it for a source that may never answer: `return()` and `throw()` interrupt the work, then stop.
 *
 * @param interrupt - Makes the step that is under way fail soon.
 */
export function interruptible<Chunk>(
	chunks: AsyncGenerator<Chunk, void, void>,
	interrupt: () => void,
): AsyncGenerator<Chunk, void, void> {
	return {
		next: () => chunks.next(),
		return(value) {
			interrupt();
			return chunks.return(value);
		},
		throw(error) {
			interrupt();
			return chunks.throw(error);
		},
		[Symbol.asyncIterator]() {
			return this;
		},
	};
}
