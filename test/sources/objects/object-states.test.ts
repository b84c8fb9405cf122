import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { lines, noise } from "../../support/bytes.ts";
import { inspectArchive } from "../../support/inspect-archive.ts";
import { madeZip } from "../../support/made-zip.ts";
import { startPlainServer } from "../../support/plain-server.ts";
import { serveRange } from "../../support/range-server.ts";

const closers: (() => unknown)[] = [];
beforeEach(() => {
	vi.stubEnv("AWS_ACCESS_KEY_ID", "key");
	vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
});
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
	vi.unstubAllEnvs();
});

/** What a storage with one object does, right or wrong. */
interface Behaviour {
	/** As the listing has it; nothing for a listing without ETags. */
	readonly listedEtag?: string;
	readonly listedSize: number;
	/** Answers the request of this number for the object. */
	readonly get: (request: IncomingMessage, response: ServerResponse, count: number) => void;
	/** Changes the page before it is sent; counted from 1, which is a look at whether there is anything. */
	readonly list?: (page: string, count: number) => string;
}

/** A storage that nobody vouches for, with the object `p/x`. */
async function storageOf({ listedEtag, listedSize, get, list = (page) => page }: Behaviour) {
	let gets = 0;
	let lists = 0;
	const server = await startPlainServer((request, response) => {
		if (request.headers.range !== undefined) return get(request, response, ++gets);
		const etag = listedEtag === undefined ? "" : `<ETag>"${listedEtag}"</ETag>`;
		const contents = `<Contents><Key>p/x</Key><Size>${listedSize}</Size>${etag}</Contents>`;
		const page = `<ListBucketResult><Name>bucket</Name><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`;
		response.setHeader("content-type", "application/xml");
		response.end(list(page, ++lists));
	});
	closers.push(server.close);
	return server;
}

function zipOf({ url }: { url: string }) {
	const sourceStorage = { endpoint: url, region: "us-east-1", provider: "generic" as const };
	return madeZip("s3://bucket/p/", { sourceStorage, signal: AbortSignal.timeout(30_000) });
}

async function contentOf(server: { url: string }): Promise<Buffer | undefined> {
	return inspectArchive((await zipOf(server)).bytes).entries[0]?.content;
}

const quoted = (etag: string) => ({ etag: `"${etag}"` });
const LARGE = noise(2_500_000, 1);
const OTHER = noise(2_500_000, 2);
const CHANGED = { code: "SOURCE_CHANGED", origin: "s3://bucket/p/x" };

describe("objects as sources: one state or none", { timeout: 120_000 }, () => {
	it("is of one object also where the listing has no ETags", async () => {
		const server = await storageOf({
			listedSize: LARGE.byteLength,
			get: (request, response, count) =>
				serveRange(request, response, count === 1 ? LARGE : OTHER, quoted(count === 1 ? "one" : "two")),
		});
		await expect(zipOf(server)).rejects.toMatchObject(CHANGED);
	});

	it.each([1, 2])(
		"is refused if it has another size under the same ETag, at request %d",
		async (changing) => {
			const server = await storageOf({
				...{ listedEtag: "e", listedSize: LARGE.byteLength },
				get: (request, response, count) =>
					serveRange(request, response, count < changing ? LARGE : noise(2_600_000), quoted("e")),
			});
			await expect(zipOf(server)).rejects.toMatchObject(CHANGED);
		},
	);

	it("is refused if it has another size under the same ETag when the rest of a range is asked for", async () => {
		const content = LARGE.subarray(0, 500_000);
		const server = await storageOf({
			...{ listedEtag: "e", listedSize: content.byteLength },
			get(request, response, count) {
				if (count > 1) return serveRange(request, response, noise(600_000), quoted("e"));
				breakOff(response, content, 300_000);
			},
		});
		await expect(zipOf(server)).rejects.toMatchObject(CHANGED);
	});

	it("is refused if the storage takes no notice of the condition", async () => {
		const server = await storageOf({
			...{ listedEtag: "e", listedSize: LARGE.byteLength },
			get({ headers, method }, response, count) {
				const { "if-match": _, ...without } = headers;
				const request = { headers: without, method } as IncomingMessage;
				serveRange(request, response, count === 1 ? LARGE : OTHER, quoted(count === 1 ? "e" : "f"));
			},
		});
		await expect(zipOf(server)).rejects.toMatchObject(CHANGED);
	});

	it.each([
		["small", lines(100_000)],
		["large", LARGE],
	])(
		"is continued if answers break off, and asked for again if they hold other bytes: %s",
		async (_, bytes) => {
			const server = await storageOf({
				...{ listedEtag: "e", listedSize: bytes.byteLength },
				get(request, response, count) {
					if (count === 1) return otherRange(response, bytes);
					if (count === 2) return breakOff(response, bytes, 50_000);
					serveRange(request, response, bytes, quoted("e"));
				},
			});
			expect((await contentOf(server))?.equals(bytes)).toBe(true);
			expect(server.requests.at(3)?.headers.range).toMatch(/^bytes=0-/);
			expect(server.requests.at(4)?.headers.range).not.toMatch(/^bytes=0-/);
		},
	);

	it("is listed again if a page is cut off", async () => {
		const bytes = lines(100);
		const server = await storageOf({
			...{ listedEtag: "e", listedSize: bytes.byteLength },
			get: (request, response) => serveRange(request, response, bytes, quoted("e")),
			list: (page, count) => (count === 2 ? page.slice(0, -60) : page),
		});
		expect((await contentOf(server))?.equals(bytes)).toBe(true);
	});

	it("is not listed for ever by a storage that always has the same next page", async () => {
		const more = "<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>";
		const server = await storageOf({
			...{ listedEtag: "e", listedSize: 5 },
			get: (request, response) => serveRange(request, response, Buffer.from("hello"), quoted("e")),
			list: (page, count) =>
				count === 1
					? page
					: page.replace("<IsTruncated>false</IsTruncated>", more).replace(/<Contents>.*<\/Contents>/, ""),
		});
		await expect(zipOf(server)).rejects.toThrow(/the list of objects continues, but not from where/);
	});
});

/** Sends the head of a range that is right, and not all of it. */
function breakOff(response: ServerResponse, content: Uint8Array, length: number): void {
	const end = Math.min(content.byteLength, 1024 * 1024);
	response.writeHead(206, {
		...quoted("e"),
		"content-length": end,
		"content-range": `bytes 0-${end - 1}/${content.byteLength}`,
	});
	response.write(content.subarray(0, length), () => setTimeout(() => response.destroy(), 20));
}

/** Answers with bytes that nobody has asked for. */
function otherRange(response: ServerResponse, content: Uint8Array): void {
	response.writeHead(206, {
		...quoted("e"),
		"content-length": 10,
		"content-range": `bytes 10-19/${content.byteLength}`,
	});
	response.end(content.subarray(10, 20));
}
