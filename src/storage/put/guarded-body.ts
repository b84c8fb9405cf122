import { abortable } from "../../async/abortable.ts";
import type { ChunkMemory } from "../../bytes/chunk-memory.ts";
import { describeSize } from "../../bytes/units.ts";
import { ArchiveTooLargeError, StorageError } from "../../errors.ts";
import { type BodyPiece, isRange, type ObjectRange } from "../parts/object-range.ts";
import { LARGER_PARTS } from "../parts/part-size.ts";
import type { PutRequest } from "./transport.ts";

/** The session, which follows the body and can stop it. */
export interface BodyWatcher {
	readonly stop: AbortSignal;
	observe(chunk: Uint8Array): void;
	/** Told of a range before it is passed on; may refuse it by throwing. */
	admit(range: ObjectRange): void;
}

/**
 * The body as an uploader may see it: it never ends normally unless it is complete.
 *
 * An uploader takes the end of a stream for the end of the object. So an end without the producer's word
 * that this was all, with the byte count to match, is an error here, and so is what would not fit into the
 * parts. A stop ends the wait for a producer that may never answer.
 */
export async function* guardBody(
	{ body: { open }, parts: { capacity }, destination: { address } }: PutRequest,
	memory: ChunkMemory,
	{ stop, observe, admit }: BodyWatcher,
): AsyncGenerator<BodyPiece, void, void> {
	const body = open(memory);
	let size = 0;
	let waiting = false;
	try {
		for (;;) {
			stop.throwIfAborted();
			waiting = true;
			const step = await abortable(body.next(), stop);
			waiting = false;
			if (step.done) {
				if (step.value?.size === size) return;
				const { bucket, key } = address;
				throw new StorageError("INTEGRITY", "the archive ended before it was complete", { bucket, key });
			}
			size += step.value.byteLength;
			if (size > capacity) {
				throw new ArchiveTooLargeError(
					`the archive has outgrown the ${describeSize(capacity)} that fit into the parts`,
					{ advice: { ...LARGER_PARTS, purpose: "to get larger parts" } },
				);
			}
			if (isRange(step.value)) admit(step.value);
			else observe(step.value);
			yield step.value;
		}
	} finally {
		const ended = body.return(undefined).catch(() => {}); // its own failure was reported by next()
		if (!waiting) await ended;
	}
}
