import type { OpenedSource, RangedSource, SourceIdentity } from "./ranged-source.ts";
import { tailStart } from "./tail.ts";

/** Bytes that are in memory already. */
export function memorySource(location: string, bytes: Uint8Array, identity: SourceIdentity): OpenedSource {
	const source: RangedSource = {
		location,
		size: bytes.byteLength,
		identity,
		async *read(start, end, signal) {
			signal?.throwIfAborted();
			if (start < end) yield bytes.subarray(start, end);
		},
		async storedHashes() {
			return undefined;
		},
		async close() {},
	};
	return { source, tail: bytes.subarray(tailStart(bytes.byteLength)) };
}
