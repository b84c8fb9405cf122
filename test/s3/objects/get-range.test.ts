import type { IncomingMessage, ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { connect } from "../../../src/s3/connection.ts";
import { getRange, type RangeOptions } from "../../../src/s3/objects/get-range.ts";
import { startPlainServer } from "../../support/plain-server.ts";
import { bytesOf } from "../contract-connection.ts";

beforeAll(() => {
	vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
	vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
});
afterAll(() => void vi.unstubAllEnvs());

const OBJECT = Buffer.from("0123456789abcdefghij".repeat(10_000));
const closers: (() => unknown)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0)) await close();
});

type Asked = { readonly start: number; readonly end: number; readonly ifMatch: string | undefined };

/** A storage that answers the n-th request for a range of the object so. */
async function storageThat(answer: (response: ServerResponse, asked: Asked, count: number) => void) {
	const requests: Asked[] = [];
	const server = await startPlainServer((request: IncomingMessage, response: ServerResponse) => {
		const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
		const ifMatch = request.headers["if-match"];
		const asked = { start: Number(first), end: Math.min(Number(last) + 1, OBJECT.byteLength), ifMatch };
		requests.push(asked);
		answer(response, asked, requests.length);
	});
	const times = { connectTimeoutMs: 10_000, readTimeoutMs: 1_000 };
	const connection = await connect({ endpoint: server.url, provider: "generic", ...times }, "b", 2);
	closers.push(() => connection.close(), server.close);
	const get = (start: number, end: number, options: RangeOptions = {}) =>
		getRange(connection, { bucket: "b", key: "k" }, { start, end }, { retryTimeMs: 30_000, ...options });
	return { requests, get };
}

/** The head of a right answer. */
function head(response: ServerResponse, { start, end }: Asked, more: Record<string, string> = {}): void {
	response.writeHead(206, {
		etag: '"e1"',
		"content-length": String(end - start),
		"content-range": `bytes ${start}-${end - 1}/${OBJECT.byteLength}`,
		...more,
	});
}

function serve(response: ServerResponse, asked: Asked, more: Record<string, string> = {}): void {
	head(response, asked, more);
	response.end(OBJECT.subarray(asked.start, asked.end));
}

describe("getRange", { timeout: 120_000 }, () => {
	it("continues an answer that breaks off, of the same object", async () => {
		const { requests, get } = await storageThat((response, asked, count) => {
			if (count > 2) return serve(response, asked);
			head(response, asked);
			response.write(OBJECT.subarray(asked.start, asked.start + 50_000), () => response.destroy());
		});
		const bytes = await bytesOf(await get(10, 150_010));
		expect(bytes.equals(OBJECT.subarray(10, 150_010))).toBe(true);
		expect(requests[0]).toEqual({ start: 10, end: 150_010, ifMatch: undefined });
		for (const [index, { start, end, ifMatch }] of requests.entries()) {
			if (index === 0) continue;
			expect({ end, ifMatch }).toEqual({ end: 150_010, ifMatch: '"e1"' });
			expect(start).toBeGreaterThan(requests[index - 1]?.start ?? 0);
		}
	});

	it("uses its connection again, also if whoever reads stops at the last byte", async () => {
		const ports = new Set<number | undefined>();
		const { get } = await storageThat((response, asked) => {
			ports.add(response.req.socket.remotePort);
			serve(response, asked);
		});
		for (let count = 0; count < 5; count++) {
			const { chunks } = await get(0, 20_000);
			let read = 0;
			while (read < 20_000) read += (await chunks.next()).value?.byteLength ?? 0;
			await chunks.return();
		}
		expect(ports.size).toBe(1);
	});

	it("continues an answer that falls silent", async () => {
		const { requests, get } = await storageThat((response, asked, count) => {
			if (count > 1) return serve(response, asked);
			head(response, asked);
			response.write(OBJECT.subarray(asked.start, asked.start + 1_000));
		});
		expect(await bytesOf(await get(0, 5_000))).toHaveLength(5_000);
		expect(requests).toHaveLength(2);
	});

	it("never mixes two objects, though the storage takes no notice of the condition", async () => {
		const { get } = await storageThat((response, asked, count) => {
			if (count > 1) return serve(response, asked, { etag: '"e2"' });
			head(response, asked);
			response.write(OBJECT.subarray(asked.start, asked.start + 1_000), () => response.destroy());
		});
		const reading = await get(0, 5_000);
		await expect(bytesOf(reading)).rejects.toMatchObject({ code: "SOURCE_CHANGED", origin: "s3://b/k" });
	});

	it("gives up an answer that never goes on", async () => {
		const { requests, get } = await storageThat((response, asked) => {
			head(response, asked);
			response.flushHeaders();
			setTimeout(() => response.destroy(), 5);
		});
		await expect(bytesOf(await get(0, 5_000))).rejects.toMatchObject({ code: "NETWORK" });
		expect(requests).toHaveLength(6);
	});

	it.each<[string, (response: ServerResponse, asked: Asked) => void, RegExp]>([
		[
			"the whole object",
			(response) => void response.writeHead(200, { etag: '"e1"' }).end(OBJECT),
			/the response is the whole object/,
		],
		[
			"other bytes",
			(response, { start, end }) => serve(response, { start: start + 1, end: end + 1, ifMatch: undefined }),
			/other bytes than were requested: "bytes 11-20\/200000" for "bytes=10-19"/,
		],
		[
			"fewer bytes than there are",
			(response, { start, end }) => serve(response, { start, end: end - 1, ifMatch: undefined }),
			/other bytes than were requested/,
		],
		[
			"a length that is not that of its range",
			(response, asked) => {
				head(response, asked, { "content-length": "3" });
				response.end("abc");
			},
			/has 3 bytes, though it says/,
		],
		[
			"nonsense for a range",
			(response, asked) => serve(response, asked, { "content-range": "bytes */*" }),
			/the response states the range "bytes \*\/\*"/,
		],
	])("refuses %s", async (_, answer, words) => {
		const { get } = await storageThat(answer);
		await expect(get(10, 20, { retryTimeMs: 0 })).rejects.toMatchObject({
			code: "NETWORK",
			message: expect.stringMatching(words),
		});
	});

	it("tells at once that the object was replaced", async () => {
		const { requests, get } = await storageThat((response) => void response.writeHead(412).end());
		await expect(get(0, 10, { ifMatch: "e0" })).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
		expect(requests).toMatchObject([{ ifMatch: '"e0"' }]);
	});

	it("stops at once when it is told to, and closes the connection of an answer that nobody reads", async () => {
		const closed = vi.fn();
		const { get } = await storageThat((response, asked) => {
			response.once("close", closed);
			head(response, asked);
			response.write(OBJECT.subarray(asked.start, asked.start + 1_000));
		});
		const stop = new AbortController();
		const reading = await get(0, 5_000, { signal: stop.signal });
		setTimeout(() => stop.abort(new Error("stop")), 50);
		await expect(bytesOf(reading)).rejects.toThrow("stop");
		const other = await get(0, 5_000);
		other.discard();
		await expect.poll(() => closed.mock.calls.length).toBe(2);
	});
});
