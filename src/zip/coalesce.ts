import { Iteration } from "../async/iteration.ts";
import { type ChunkMemory, OWN_CHUNKS } from "../bytes/chunk-memory.ts";
import type { ForeignRange, Span } from "./spans.ts";

/**
 * Joins small chunks into chunks of up to `size` bytes. A larger chunk passes as it is, and so does a range. Without it every small
 * entry would be three chunks, and each chunk costs its consumer a turn.
 *
 * The return value of the source is passed on.
 *
 * @param reusable - See {@link ChunkMemory.reusable}.
 * @param onCopied - Gets each chunk that was joined with others, and is not needed any more.
 */
export async function* coalesce<Result, Range extends ForeignRange = never>(
	source: AsyncGenerator<Iterable<Span<Range>>, Result, void>,
	size: number,
	{ reusable }: ChunkMemory = OWN_CHUNKS,
	onCopied?: (chunk: Uint8Array) => void,
): AsyncGenerator<Span<Range>, Result, void> {
	let buffer = Buffer.allocUnsafeSlow(size);
	let used = 0;
	const batches = new Iteration(source);
	for await (const batch of batches) {
		for (const chunk of batch) {
			const isBytes = chunk instanceof Uint8Array;
			if (!isBytes || used + chunk.byteLength > size) {
				if (used > 0) {
					yield buffer.subarray(0, used);
					if (!reusable) buffer = Buffer.allocUnsafeSlow(size);
					used = 0;
				}
				if (!isBytes || chunk.byteLength >= size) {
					yield chunk;
					continue;
				}
			}
			buffer.set(chunk, used);
			used += chunk.byteLength;
			onCopied?.(chunk);
		}
	}
	if (used > 0) yield buffer.subarray(0, used);
	return batches.result;
}
