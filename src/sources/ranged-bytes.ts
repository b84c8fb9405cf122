import { createHash } from "node:crypto";
import { KiB } from "../bytes/units.ts";
import { SourceError } from "../errors.ts";
import type { RangedContent } from "./ranged-content.ts";

/** What is known of an entry whose content is in memory. */
export interface BytesFacts {
	readonly origin: string;
	readonly mtimeMs: number;
	readonly mode: number;
}

const CHUNK_SIZE = 64 * KiB;

/** Content that is in memory, known by its SHA-256. */
export function rangedBytes(bytes: Uint8Array, { origin, mtimeMs, mode }: BytesFacts): RangedContent {
	const identity = identityOf(bytes);
	return {
		...{ identity, size: bytes.byteLength, mtimeMs, mode },
		changedMs: 0, // no change leaves no trace
		async *read(start, end, signal) {
			for (let offset = start; offset < end; offset += CHUNK_SIZE) {
				signal.throwIfAborted();
				const chunk = new Uint8Array(bytes.subarray(offset, Math.min(offset + CHUNK_SIZE, end)));
				if (offset + CHUNK_SIZE >= end && identityOf(bytes) !== identity)
					throw new SourceError("SOURCE_CHANGED", `${origin} was written to while it was read`, { origin });
				yield chunk;
			}
		},
	};
}

function identityOf(bytes: Uint8Array): string {
	return `sha256 ${createHash("sha256").update(bytes).digest("hex")}`;
}
