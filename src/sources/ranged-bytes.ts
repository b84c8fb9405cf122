import { createHash } from "node:crypto";
import { FairSizes } from "../bytes/fair-sizes.ts";
import { SourceError } from "../errors.ts";
import type { RangedContent } from "./ranged-content.ts";

/** What is known of an entry whose content is in memory. */
export interface BytesFacts {
	readonly origin: string;
	readonly mtimeMs: number;
	readonly mode: number;
}

/** Of the memory of all readings of the process. */
const sizes = new FairSizes();

/** Content that is in memory, known by its SHA-256. */
export function rangedBytes(bytes: Uint8Array, { origin, mtimeMs, mode }: BytesFacts): RangedContent {
	const identity = identityOf(bytes);
	return {
		...{ identity, size: bytes.byteLength, mtimeMs, mode },
		changedMs: 0, // no change leaves no trace
		async *read(start, end, signal) {
			if (start >= end) return;
			const size = sizes.take();
			try {
				const memory = Buffer.allocUnsafeSlow(Math.min(size, end - start));
				for (let offset = start; offset < end; offset += memory.byteLength) {
					signal.throwIfAborted();
					const part = bytes.subarray(offset, Math.min(offset + memory.byteLength, end));
					memory.set(part); // what is given is what the CRC-32 is made of
					if (offset + memory.byteLength >= end && identityOf(bytes) !== identity)
						throw new SourceError("SOURCE_CHANGED", `${origin} was written to while it was read`, { origin });
					yield memory.subarray(0, part.byteLength);
				}
			} finally {
				sizes.give(size);
			}
		},
	};
}

function identityOf(bytes: Uint8Array): string {
	return `sha256 ${createHash("sha256").update(bytes).digest("hex")}`;
}
