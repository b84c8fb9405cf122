import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import type { CreateZipOptions } from "../../../src/archive/options.ts";
import { openSources } from "../../../src/sources/open-sources.ts";
import { lines, noise } from "../../support/bytes.ts";
import { inspectArchive } from "../../support/inspect-archive.ts";
import { madeZip } from "../../support/made-zip.ts";
import { startPlainServer } from "../../support/plain-server.ts";
import { serveRange, startRangeServer, strongEtag } from "../../support/range-server.ts";
import { sourceSettings } from "../../support/settings.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

const SMALL = lines(5000);
const LARGE = noise(2_500_000);
const MODIFIED = "Thu, 26 Nov 2026 03:00:10 GMT";

type Handler = (
	request: IncomingMessage,
	response: ServerResponse,
	count: number,
	bytes: Uint8Array,
) => boolean | undefined;

/** A static server that knows ranges, and answers some requests otherwise. */
async function rangeServer(bytes: Uint8Array, instead?: Handler) {
	const validators = (content: Uint8Array) => ({
		...strongEtag(content),
		"accept-ranges": "bytes",
		"last-modified": MODIFIED,
	});
	const server = await startRangeServer({ validators, instead });
	closers.push(server.close);
	server.put(bytes);
	return server;
}

/** One that knows no ranges, and has no validators. */
async function plainServer(bytes: Uint8Array, headers: Record<string, string | number> = {}) {
	const server = await startPlainServer(({ method }, response) => {
		response.writeHead(200, { "content-length": bytes.byteLength, ...headers });
		response.end(method === "HEAD" ? undefined : bytes);
	});
	closers.push(server.close);
	return server;
}

async function serverOf(handle: (request: IncomingMessage, response: ServerResponse, count: number) => void) {
	const server = await startPlainServer((request, response) =>
		handle(request, response, server.requests.length),
	);
	closers.push(server.close);
	return server;
}

async function entriesOf(url: string, options: CreateZipOptions = {}) {
	return inspectArchive((await madeZip({ url }, options)).bytes).entries;
}

const requested = (server: {
	requests: { method?: string | undefined; headers: IncomingMessage["headers"] }[];
}) => server.requests.map(({ method, headers }) => `${method} ${headers.range ?? ""}`.trim());

describe("openWebSource", () => {
	it.each([
		["small", SMALL, ["HEAD", "GET bytes=0-4999"]],
		["large", LARGE, ["HEAD", "GET bytes=0-1048575", "GET bytes=1048576-2499999"]],
	])(
		"archives a %s resource in the state that it had when it was looked at",
		async (_what, bytes, requests) => {
			const server = await rangeServer(bytes);
			const [entry, ...others] = await entriesOf(`${server.url}/a/b%20c.bin?token=x`);
			expect(others).toEqual([]);
			expect(entry).toMatchObject({ name: "b c.bin", mode: 0o644, modified: new Date(MODIFIED) });
			expect(entry?.content.equals(bytes)).toBe(true);
			expect(requested(server)).toEqual(requests);
			for (const { method, headers } of server.requests)
				if (method === "GET") expect(headers["if-match"]).toBe(strongEtag(bytes)["etag"]);
		},
	);

	it.each([
		["small", SMALL],
		["large", LARGE],
		["empty", new Uint8Array()],
	])("archives a %s one of a server that knows no ranges", async (_what, bytes) => {
		const server = await plainServer(bytes);
		const [entry] = await entriesOf(`${server.url}/f`, { mtime: new Date(MODIFIED) });
		expect(entry?.content.equals(Buffer.from(bytes))).toBe(true);
		expect(requested(server)).toEqual(["HEAD", "GET"]);
	});

	it("archives one of a server that does not say its size", async () => {
		const server = await serverOf(({ method }, response) => {
			response.writeHead(200);
			response.end(method === "HEAD" ? undefined : LARGE);
		});
		const { bytes, events } = await madeZip({ url: `${server.url}/f` });
		expect(inspectArchive(bytes).entries[0]?.content.equals(LARGE)).toBe(true);
		expect(events.find(({ type }) => type === "planned")).toMatchObject({ sizeBound: undefined });
	});

	it("archives one of a server that says in its head that there is nothing", async () => {
		const server = await serverOf(({ method }, response) => {
			response.writeHead(200, { "content-length": method === "HEAD" ? 0 : SMALL.byteLength });
			response.end(method === "HEAD" ? undefined : SMALL);
		});
		const { bytes, events } = await madeZip({ url: `${server.url}/f` });
		expect(inspectArchive(bytes).entries[0]?.content.equals(SMALL)).toBe(true);
		expect(events.find(({ type }) => type === "planned")).toMatchObject({ sizeBound: undefined });
	});

	it.each([403, 404, 405])("asks for the first byte if the head is refused with %d", async (status) => {
		const server = await rangeServer(LARGE, ({ method }, response) => {
			if (method === "HEAD") response.writeHead(status).end();
			return method === "HEAD";
		});
		const [entry] = await entriesOf(`${server.url}/f`);
		expect(entry?.content.equals(LARGE)).toBe(true);
		expect(requested(server).slice(0, 2)).toEqual(["HEAD", "GET bytes=0-0"]);
	});

	it.each([
		['attachment; filename="report 1.pdf"', "report 1.pdf"],
		["attachment; filename=report.pdf", "report.pdf"],
		["attachment; filename=\"x.pdf\"; filename*=UTF-8''%C3%A4.pdf", "ä.pdf"],
		['attachment; filename="../x.pdf"', "f"],
		["attachment; filename*=UTF-8''..%2f..%2fetc%2fpasswd", "f"],
		['attachment; filename="a\\"b"', "f"],
		["inline", "f"],
	])("takes the name of the server if it is a plain one: %s", async (disposition, name) => {
		const server = await plainServer(SMALL, { "content-disposition": disposition });
		expect((await entriesOf(`${server.url}/f`))[0]?.name).toBe(name);
	});

	it("refuses an address without a name, unless one is given", async () => {
		const server = await plainServer(SMALL);
		for (const path of ["/", "/a/", "/a%2Fb", "/.."])
			await expect(madeZip({ url: `${server.url}${path}` })).rejects.toMatchObject({
				code: "INVALID_OPTION",
				message: expect.stringMatching(/; set as to give it a name in the archive$/),
			});
		const { bytes } = await madeZip({ url: server.url, as: "x/y" });
		expect(inspectArchive(bytes).entries[0]?.name).toBe("x/y");
		await expect(madeZip({ url: `${server.url}/f`, as: "" })).rejects.toMatchObject({
			code: "INVALID_ENTRY_NAME",
		});
	});

	it("shows an address that is none, without what may be secret", async () => {
		await expect(madeZip({ url: "https://me:hidden@ho st/f?token=hidden" })).rejects.toMatchObject({
			code: "INVALID_OPTION",
			message: '"https://ho st/f" is not a URL',
		});
	});

	it("follows redirects, and sends user and password to the first host only, and to nobody's eyes", async () => {
		const target = await plainServer(SMALL);
		const server = await serverOf((_request, response) =>
			response.writeHead(302, { location: `${target.url}/other` }).end(),
		);
		const url = new URL(`${server.url}/f`);
		url.username = "me";
		url.password = "hidden";
		const { bytes, events } = await madeZip({ url });
		expect(inspectArchive(bytes).entries[0]?.name).toBe("f");
		expect(server.requests[0]?.headers.authorization).toMatch(/^Basic /);
		expect(target.requests[0]?.headers.authorization).toBeUndefined();
		expect(JSON.stringify(events)).not.toContain("hidden");
	});

	it("sends a user and password as they are if they are not encoded", async () => {
		const server = await plainServer(SMALL);
		const url = server.url.replace("//", "//me:50%zz@");
		expect((await entriesOf(`${url}/f`))[0]?.name).toBe("f");
		const authorization = `Basic ${Buffer.from("me:50%zz").toString("base64")}`;
		expect(server.requests[0]?.headers.authorization).toBe(authorization);
	});

	it.each([
		["again and again", "/f"],
		["to an address of file:", "file:///etc/passwd"],
	])("refuses a server that redirects %s, without its password", async (how, location) => {
		const server = await serverOf((_request, response) => response.writeHead(302, { location }).end());
		const url = server.url.replace("//", "//me:hidden@");
		await expect(madeZip({ url: `${url}/f?token=hidden` })).rejects.toMatchObject({
			code: "STORAGE_REFUSED",
			message: `${server.url}/f redirects ${how}`,
		});
	});

	it("sends back no cookies", async () => {
		const server = await plainServer(SMALL, { "set-cookie": "session=1" });
		await madeZip({ url: `${server.url}/f` });
		expect(server.requests.map(({ headers }) => headers.cookie)).toEqual([undefined, undefined]);
	});

	it("refuses a part of it in place of the whole", async () => {
		const server = await serverOf(({ method }, response) => {
			if (method === "HEAD") return void response.writeHead(200, { "content-length": 10 }).end();
			response.writeHead(206, { "content-length": 5, "content-range": "bytes 0-4/10" }).end("01234");
		});
		await expect(madeZip({ url: `${server.url}/f` })).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
	});

	it.each([404, 410])("fails if there is nothing (%d), or leaves it out", async (status) => {
		const server = await serverOf(({ url }, response) =>
			url === "/there" ? void response.end("x") : void response.writeHead(status).end(),
		);
		const url = `${server.url}/gone?secret`;
		const message = `${server.url}/gone does not exist`;
		await expect(madeZip({ url })).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND", message });
		await expect(madeZip({ url }, { skipErrors: true })).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" });
		const both = [{ url, as: "gone" }, { url: `${server.url}/there` }];
		const { bytes, warnings } = await madeZip(both, { skipMissing: true });
		expect(inspectArchive(bytes).entries.map(({ name }) => name)).toEqual(["there"]);
		expect(warnings).toHaveLength(1);
	});

	it("leaves out what is gone when its turn comes, if that is asked for", async () => {
		const serve: Handler = (request, response) => {
			if (request.method === "GET") response.writeHead(404).end();
			return request.method === "GET";
		};
		const server = await rangeServer(SMALL, serve);
		const sources = [{ url: `${server.url}/f` }, { name: "other", content: "x" }];
		await expect(madeZip(sources)).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" });
		const { bytes, warnings } = await madeZip(sources, { skipMissing: true });
		expect(inspectArchive(bytes).entries.map(({ name }) => name)).toEqual(["other"]);
		expect(warnings).toHaveLength(1);
	});

	it("says who refuses", async () => {
		const server = await serverOf((_request, response) => response.writeHead(403, "Forbidden").end());
		await expect(madeZip({ url: `${server.url}/f` })).rejects.toMatchObject({
			code: "STORAGE_REFUSED",
			message: expect.stringMatching(/the server refuses http:.*\/f: HTTP status 403 \(Forbidden\)/),
		});
	});
});

describe("openWebSource: what changes and breaks off", () => {
	it("fails if it is replaced after it was looked at", async () => {
		const server = await rangeServer(SMALL, ({ method }, response, _count, bytes) => {
			if (method !== "HEAD") return false;
			response.writeHead(200, {
				...strongEtag(bytes),
				"accept-ranges": "bytes",
				"content-length": bytes.byteLength,
			});
			response.end(() => server.put(lines(5001)));
			return true;
		});
		await expect(madeZip({ url: `${server.url}/f` })).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
	});

	it("fails if a server without validators sends another size than it said", async () => {
		const server = await serverOf(({ method }, response) => {
			response.writeHead(200, { "content-length": method === "HEAD" ? 10 : 11 });
			response.end(method === "HEAD" ? undefined : "01234567890");
		});
		await expect(madeZip({ url: `${server.url}/f` })).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
	});

	it("fails if it is replaced between two ranges", async () => {
		const server = await rangeServer(LARGE, ({ headers }, response, _count, bytes) => {
			if (headers.range !== "bytes=0-1048575") return false;
			response.on("finish", () => server.put(noise(2_500_000, 7)));
			serveRange({ headers, method: "GET" } as IncomingMessage, response, bytes, {
				...strongEtag(bytes),
				"last-modified": MODIFIED,
			});
			return true;
		});
		await expect(madeZip({ url: `${server.url}/f` })).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
	});

	it.each([
		["small", SMALL],
		["large", LARGE],
	])(
		"takes the whole of a %s one from a server that promises ranges and sends none",
		async (_what, bytes) => {
			const server = await rangeServer(bytes, ({ method }, response) => {
				if (method === "HEAD") return false;
				response.writeHead(200, {
					...strongEtag(bytes),
					"last-modified": MODIFIED,
					"content-length": bytes.byteLength,
				});
				response.end(bytes);
				return true;
			});
			const [entry] = await entriesOf(`${server.url}/f`);
			expect(entry?.content.equals(bytes)).toBe(true);
			expect(server.requests.map(({ method }) => method)).toEqual(["HEAD", "GET"]);
		},
	);

	it("does not take the whole of another state for what it has asked a range of", async () => {
		const server = await rangeServer(LARGE, ({ method }, response) => {
			if (method === "HEAD") return false;
			response.writeHead(200, { etag: '"another"', "content-length": LARGE.byteLength }).end(LARGE);
			return true;
		});
		await expect(madeZip({ url: `${server.url}/f` })).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
	});

	it("continues a response that breaks off by a range", async () => {
		let broken = 0;
		const server = await rangeServer(LARGE, ({ headers }, response, _count, bytes) => {
			if (headers.range !== "bytes=0-1048575" || broken++ > 0) return false;
			response.writeHead(206, {
				...strongEtag(bytes),
				"last-modified": MODIFIED,
				"content-length": 1048576,
				"content-range": `bytes 0-1048575/${bytes.byteLength}`,
			});
			response.write(bytes.subarray(0, 300_000), () => response.destroy());
			return true;
		});
		const [entry] = await entriesOf(`${server.url}/f`);
		expect(entry?.content.equals(LARGE)).toBe(true);
		expect(broken).toBe(1);
	});

	it.each([
		["with a size", { "content-length": SMALL.byteLength }],
		["in chunks", { "transfer-encoding": "chunked" }],
	])("fails if a response breaks off that cannot be continued: %s", async (_what, headers) => {
		const server = await serverOf(({ method }, response) => {
			response.writeHead(200, method === "HEAD" ? {} : headers);
			if (method === "HEAD") response.end();
			else response.write(SMALL.subarray(0, 3000), () => response.destroy());
		});
		await expect(madeZip({ url: `${server.url}/f` })).rejects.toMatchObject({
			code: "SOURCE_UNREADABLE",
			message: expect.stringMatching(/\/f broke off after \d+ bytes/),
		});
	});

	it("refuses a response of which nobody can tell whether it is whole", async () => {
		const server = await serverOf(({ method }, response) => {
			response.useChunkedEncodingByDefault = false;
			response.removeHeader("connection");
			response.shouldKeepAlive = false;
			response.end(method === "HEAD" ? undefined : SMALL);
		});
		server.requests.length = 0;
		const failure = madeZip({ url: `${server.url}/f` });
		await expect(failure).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" });
	});

	it("refuses a response that is compressed without being asked", async () => {
		const server = await plainServer(SMALL, { "content-encoding": "gzip" });
		await expect(madeZip({ url: `${server.url}/f` })).rejects.toMatchObject({
			message: expect.stringMatching(/compressed \(gzip\)/),
		});
	});
});

describe("openWebSource: ranges of its content", () => {
	async function rangedOf(url: string, options: Parameters<typeof sourceSettings>[0] = {}) {
		const [source] = await openSources([{ url }], sourceSettings(options), 0);
		if (source === undefined) throw new Error("there is no source");
		closers.push(async () => source.close?.());
		for await (const batch of source.entries({ onEvent: () => {}, onUnreadable: () => {} }))
			for (const entry of batch) return entry.ranged?.(undefined);
		return undefined;
	}

	it("can be read where there is a strong ETag, under an identity without the address", async () => {
		const server = await rangeServer(LARGE);
		const ranged = await rangedOf(`${server.url}/f?token=hidden`);
		expect(ranged).toMatchObject({ size: LARGE.byteLength, mtimeMs: Date.parse(MODIFIED), mode: 0o644 });
		expect(ranged?.identity).toContain(strongEtag(LARGE)["etag"]);
		expect(ranged?.identity).not.toContain("hidden");
		const chunks: Uint8Array[] = [];
		for await (const chunk of ranged?.read(1000, 2_000_000, new AbortController().signal) ?? [])
			chunks.push(chunk);
		expect(Buffer.concat(chunks).equals(LARGE.subarray(1000, 2_000_000))).toBe(true);
	});

	it("cannot where nothing tells one state from another, or there is no time", async () => {
		expect(await rangedOf(`${(await plainServer(LARGE)).url}/f`)).toBeUndefined();
		const undated = await startRangeServer({
			validators: (bytes) => ({ ...strongEtag(bytes), "accept-ranges": "bytes" }),
		});
		closers.push(undated.close);
		undated.put(LARGE);
		expect(await rangedOf(`${undated.url}/f`)).toBeUndefined();
		expect(await rangedOf(`${undated.url}/f`, { mtime: MODIFIED_ISO })).toBeDefined();
	});
});

it("openWebSource does not let the time of a server stand for its content", async () => {
	const server = await rangeServer(LARGE);
	const [source] = await openSources([{ url: `${server.url}/f` }], sourceSettings({}), 0);
	closers.push(async () => source?.close?.());
	const given: unknown[] = [];
	for await (const batch of source?.entries({ onEvent: () => {}, onUnreadable: () => {} }) ?? [])
		for (const entry of batch) given.push(entry.given);
	expect(given).toEqual(["maker"]);
});

const MODIFIED_ISO = "2026-11-26T03:00:10Z";
