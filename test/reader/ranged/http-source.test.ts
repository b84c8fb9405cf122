import { afterEach, describe, expect, it } from "vitest";
import { resolveOptions } from "../../../src/options/resolve-options.ts";
import { OPEN_ARCHIVE_SCHEMA, type OpenArchiveOptions } from "../../../src/reader/options.ts";
import { openRanged } from "../../../src/reader/ranged/open-ranged.ts";
import { readRange } from "../../../src/reader/ranged/ranged-source.ts";
import { startPlainServer } from "../../support/plain-server.ts";
import {
	type RangeServerOptions,
	serveRange,
	startRangeServer,
	strongEtag,
} from "../../support/range-server.ts";
import { rangedContract } from "./ranged-contract.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

const BYTES = Buffer.from("0123456789".repeat(20_000));

/** By a clock that ticks with each content. */
function lastModified(bytes: Uint8Array): Record<string, string> {
	return { "last-modified": `Thu, 26 Nov 2026 03:00:${10 + ((bytes[0] ?? 0) % 50)} GMT` };
}

async function serverWith(options: RangeServerOptions = {}, bytes: Uint8Array = BYTES) {
	const server = await startRangeServer(options);
	closers.push(server.close);
	server.put(bytes);
	return server;
}

async function open(url: string, options: OpenArchiveOptions = {}) {
	const opened = await openRanged(url, resolveOptions(OPEN_ARCHIVE_SCHEMA, options));
	closers.push(() => opened.source.close());
	return opened;
}

for (const [name, validators] of [
	["strong ETags", strongEtag],
	["weak ETags", (bytes: Uint8Array) => ({ etag: `W/${strongEtag(bytes)["etag"]}` })],
	["times of the last change", (bytes: Uint8Array) => lastModified(bytes.subarray(1))],
] as const) {
	rangedContract(`http with ${name}`, async () => {
		const server = await startRangeServer({ validators });
		closers.push(server.close);
		return {
			location: `${server.url}/archive.zip`,
			noticesRemoval: true,
			put: async (bytes) => server.put(bytes),
			remove: async () => server.remove(),
			requestCount: () => server.requests.length,
		};
	});
}

describe("openHttpSource", () => {
	it("asks for bytes as they are, and for the same state every time", async () => {
		const server = await serverWith();
		const { source } = await open(`${server.url}/a.zip`);
		await readRange(source, 0, 10);
		expect(
			server.requests.map(({ method, headers }) => [method, headers.range, headers["if-match"]]),
		).toEqual([
			["GET", "bytes=-131072", undefined],
			["GET", "bytes=0-9", strongEtag(BYTES)["etag"]],
		]);
		for (const { headers } of server.requests) expect(headers["accept-encoding"]).toBe("identity");
	});

	it("makes the time of the last change the condition if there is no strong ETag", async () => {
		const server = await serverWith({ validators: (bytes) => ({ ...lastModified(bytes), etag: 'W/"1"' }) });
		const { source } = await open(server.url);
		await readRange(source, 0, 10);
		expect(server.requests[1]?.headers["if-unmodified-since"]).toBe(lastModified(BYTES)["last-modified"]);
		expect(server.requests[1]?.headers["if-match"]).toBeUndefined();
	});

	it.each([
		["knows no range from the end", 200],
		["refuses a range from the end", 400],
		["cannot satisfy a range from the end", 416],
	])("asks for a range from the beginning if the server %s", async (_, status) => {
		const large = Buffer.alloc(17 * 1024 * 1024, "0123456789");
		const server = await serverWith(
			{
				instead: ({ headers, method }, response) => {
					if (headers.range?.startsWith("bytes=-") !== true) return false;
					const validators = strongEtag(large);
					response.writeHead(status, {
						...validators,
						"content-length": status === 200 ? large.byteLength : 0,
					});
					response.end(status === 200 && method === "GET" ? large : undefined);
					return true;
				},
			},
			large,
		);
		const { source, tail } = await open(server.url);
		expect(source.size).toBe(large.byteLength);
		expect(large.subarray(-131_072).equals(tail)).toBe(true);
	});

	it("reads a small file whole if the server knows no ranges", async () => {
		const server = await serverWith({
			instead: (_, response) => void response.writeHead(200, { etag: '"1"' }).end(BYTES) === undefined,
		});
		const { source } = await open(server.url);
		expect(source.size).toBe(BYTES.byteLength);
		expect(source.identity).toEqual({ type: "http", etag: '"1"', lastModified: undefined });
		expect(BYTES.subarray(5, 50_000).equals(await readRange(source, 5, 50_000))).toBe(true);
		expect(server.requests).toHaveLength(1);
	});

	it.each([[true], [false]])(
		"refuses a large one then; length stated: %s",
		async (stated) => {
			const large = Buffer.alloc(17 * 1024 * 1024);
			const server = await serverWith({
				instead: (_, response) => {
					response.writeHead(200, stated ? { "content-length": large.byteLength } : {});
					response.end(large);
					return true;
				},
			});
			await expect(open(server.url)).rejects.toMatchObject({
				code: "STORAGE_REFUSED",
				message: expect.stringMatching(/does not answer requests for a part of a file/),
			});
		},
		30_000,
	);

	it("goes on where a response broke off, with the same condition", async () => {
		const server = await serverWith({
			instead: ({ headers }, response, count, bytes) => {
				if (count % 2 === 0 || headers.range?.startsWith("bytes=-") === true) return false;
				const [, first = "", last = ""] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
				const end = Number(last) + 1;
				response.writeHead(206, {
					...strongEtag(bytes),
					"content-length": end - Number(first),
					"content-range": `bytes ${first}-${last}/${bytes.byteLength}`,
				});
				response.write(bytes.subarray(Number(first), Number(first) + 10_000), () => response.destroy());
				return true;
			},
		});
		const { source } = await open(server.url);
		await readRange(source, 0, 1); // so that the next request is an odd one
		expect(BYTES.subarray(10, 50_010).equals(await readRange(source, 10, 50_010))).toBe(true);
		const [last] = server.requests.slice(-1);
		expect(last?.headers).toMatchObject({
			range: "bytes=10010-50009",
			"if-match": strongEtag(BYTES)["etag"],
		});
	});

	it("retries a server that is busy, and tells so", async () => {
		const events: unknown[] = [];
		const server = await serverWith({
			instead: (_, response, count) => {
				if (count === 1) response.writeHead(503).end();
				return count === 1;
			},
		});
		const onEvent = (event: unknown) => void events.push(event);
		const { source } = await open(server.url, { onEvent });
		expect(source.size).toBe(BYTES.byteLength);
		expect(events).toMatchObject([
			{ type: "request", operation: "GET", status: 503, attempt: 1, failure: expect.anything() },
			{ type: "retry", operation: "GET", reason: "HTTP 503" },
			{ type: "request", operation: "GET", status: 206, attempt: 2, failure: undefined },
		]);
	});

	it("retries a server that falls silent, before its response and within", async () => {
		const server = await serverWith({
			instead: ({ headers }, response, count, bytes) => {
				if (count === 1) return true;
				if (count !== 2) return false;
				expect(headers.range).toBe("bytes=-131072");
				response.writeHead(206, {
					...strongEtag(bytes),
					"content-length": 131_072,
					"content-range": "bytes 68928-199999/200000",
				});
				response.write(bytes.subarray(68_928, 70_000));
				return true;
			},
		});
		const { tail } = await open(server.url, { readTimeoutMs: 200 });
		expect(BYTES.subarray(-131_072).equals(tail)).toBe(true);
	});

	it.each<[string, Record<string, string>, RegExp]>([
		[
			"another range",
			{ "content-range": "bytes 0-9/200000", "content-length": "10" },
			/has other bytes than were requested/,
		],
		["a range of a length that is not its own", { "content-length": "3" }, /has 3 bytes, though it says/],
		["no range", { "content-range": "nonsense" }, /states the range "nonsense"/],
		["compressed bytes", { "content-encoding": "gzip" }, /is compressed \(gzip\)/],
	])("refuses %s", async (_, headers, words) => {
		const server = await serverWith({
			instead: (request, response, __, bytes) => {
				const { writeHead } = response;
				response.writeHead = ((status: number, own: object) =>
					writeHead.call(response, status, { ...own, ...headers })) as never;
				serveRange(request, response, bytes, strongEtag(bytes));
				return true;
			},
		});
		await expect(open(server.url)).rejects.toMatchObject({
			code: "NETWORK",
			message: expect.stringMatching(words),
		});
	});

	it.each([
		[404, "SOURCE_NOT_FOUND", /\/a\.zip does not exist$/],
		[410, "SOURCE_NOT_FOUND", /does not exist$/],
		[403, "STORAGE_REFUSED", /^the server refuses http:\S+\/a\.zip: HTTP status 403 \(Forbidden\)$/],
	])("tells a response %d apart, without the query of the URL", async (status, code, message) => {
		const server = await serverWith({
			instead: (_, response) => {
				response.writeHead(status).end();
				return true;
			},
		});
		await expect(open(`${server.url}/a.zip?X-Amz-Signature=abc`)).rejects.toMatchObject({
			code,
			message: expect.stringMatching(message),
		});
	});

	it("follows redirects, and keeps the password of the URL from other hosts", async () => {
		const target = await serverWith();
		const seen: (string | undefined)[] = [];
		const door = await startPlainServer(({ headers }, response) => {
			seen.push(headers.authorization);
			response.writeHead(302, { location: `${target.url}/b.zip?token=1` }).end();
		});
		closers.push(door.close);
		const url = new URL(`${door.url}/a.zip`);
		url.username = "joe";
		url.password = "p%40ss";
		const { source } = await open(url.href);
		await readRange(source, 0, 10);
		expect(source.location).toBe(`${door.url}/a.zip`);
		expect(seen).toEqual([`Basic ${Buffer.from("joe:p@ss").toString("base64")}`]);
		expect(target.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
	});

	it("asks at the first address again once a redirect is no longer good", async () => {
		let token = 1;
		const target = await serverWith({
			instead: ({ url }, response) => {
				if (url === `/${token}`) return false;
				response.writeHead(403).end();
				return true;
			},
		});
		const door = await startPlainServer((_, response) => {
			response.writeHead(302, { location: `${target.url}/${token}` }).end();
		});
		closers.push(door.close);
		const { source } = await open(door.url);
		token = 2;
		expect(await readRange(source, 0, 10)).toHaveLength(10);
		expect(door.requests).toHaveLength(2);
	});

	it.each([
		["again and again", (url: string) => `${url}/next`, /redirects again and again/],
		["to another protocol", () => "ftp://example.com/", /redirects to an address of ftp:/],
	])("refuses to be redirected %s", async (_, location, words) => {
		const door = await startPlainServer(({ headers }, response) => {
			response.writeHead(302, { location: location(`http://${headers.host}`) }).end();
		});
		closers.push(door.close);
		await expect(open(door.url)).rejects.toMatchObject({
			code: "STORAGE_REFUSED",
			message: expect.stringMatching(words),
		});
	});

	it("refuses what is no URL", async () => {
		await expect(open("http://")).rejects.toMatchObject({ code: "INVALID_OPTION" });
	});
});
