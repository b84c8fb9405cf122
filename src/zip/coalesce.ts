/**
 * Joins small chunks into chunks of up to `size` bytes. A larger chunk passes as it is. Without it every small
 * entry would be three chunks, and each chunk costs its consumer a turn.
 *
 * The return value of the source is passed on.
 */
export async function* coalesce<Result>(
	source: AsyncGenerator<Iterable<Uint8Array>, Result, void>,
	size: number,
): AsyncGenerator<Uint8Array, Result, void> {
	let buffer = Buffer.allocUnsafeSlow(size);
	let used = 0;
	let finished = false;
	try {
		for (;;) {
			const step = await source.next();
			if (step.done) {
				finished = true;
				if (used > 0) yield buffer.subarray(0, used);
				return step.value;
			}
			for (const chunk of step.value) {
				if (used + chunk.byteLength > size) {
					if (used > 0) {
						yield buffer.subarray(0, used);
						buffer = Buffer.allocUnsafeSlow(size);
						used = 0;
					}
					if (chunk.byteLength >= size) {
						yield chunk;
						continue;
					}
				}
				buffer.set(chunk, used);
				used += chunk.byteLength;
			}
		}
	} finally {
		if (!finished) await source.return(undefined as never);
	}
}
