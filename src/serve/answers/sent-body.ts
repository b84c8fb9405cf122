import type { ServerResponse } from "node:http";

const sizes = new WeakMap<ServerResponse, number>();

/** Counts bytes of a body that were handed to the system. */
export function countSent(response: ServerResponse, chunk: Uint8Array | string): void {
	if (response.req.method !== "HEAD") sizes.set(response, sentSizeOf(response) + Buffer.byteLength(chunk));
}

/** Bytes of its body that were handed to the system so far. */
export function sentSizeOf(response: ServerResponse): number {
	return sizes.get(response) ?? 0;
}
