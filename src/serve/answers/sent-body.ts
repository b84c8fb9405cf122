import type { ServerResponse } from "node:http";

const sizes = new WeakMap<ServerResponse, number>();

/** Counts bytes of a body that go out now. */
export function countSent(response: ServerResponse, chunk: Uint8Array | string): void {
	if (response.req.method === "HEAD") return;
	sizes.set(response, (sizes.get(response) ?? 0) + Buffer.byteLength(chunk));
}

/** Bytes of its body that were handed to the system: what waits in the process when a connection is cut never goes out. */
export function sentSizeOf(response: ServerResponse): number {
	return Math.max(0, (sizes.get(response) ?? 0) - response.req.socket.writableLength);
}
