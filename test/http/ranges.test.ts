import { open, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createZip } from "../../src/archive/create-zip.ts";
import { describeDownload } from "../../src/http/describe-download.ts";
import type { DownloadOptions } from "../../src/http/options.ts";
import { sendZip } from "../../src/http/send-zip.ts";
import { zipResponse } from "../../src/http/zip-response.ts";
import { noise } from "../support/bytes.ts";
import { type PlainServer, startPlainServer } from "../support/plain-server.ts";
import { type SettledTree, settle, settledTree } from "./support/settled-tree.ts";

const FILES = { "a.txt": Buffer.from("hello\n"), "b.bin": noise(3_000_000), "c/d.bin": noise(70_000) };
const URL = "http://127.0.0.1/a.zip";

let tree: SettledTree;
let whole: Buffer;
beforeAll(async () => {
	tree = await settledTree(FILES);
	const chunks: Uint8Array[] = [];
	await createZip(
		tree.root,
		async (given) => {
			for await (const chunk of given) chunks.push(chunk.slice());
		},
		{ method: "wrap" },
	);
	whole = Buffer.concat(chunks);
});
afterAll(() => tree.remove());

let server: PlainServer | undefined;
afterEach(async () => {
	await server?.close();
	server = undefined;
});

type Headers = Readonly<Record<string, string>>;

async function ask(headers: Headers = {}, options: Partial<DownloadOptions> = {}, method = "GET") {
	const request = new Request(URL, { headers, method });
	return zipResponse(tree.root, { filename: "a.zip", request, ...options });
}

async function bytesOf(response: Response): Promise<Buffer> {
	return Buffer.from(await response.arrayBuffer());
}

async function tagOf(): Promise<string> {
	return (await ask({}, {}, "HEAD")).headers.get("etag") ?? "";
}

describe("a download of files", () => {
	it("has the bytes of an archive of the method wrap, its size, a strong tag and the latest time", async () => {
		const response = await ask();
		expect(response.status).toBe(200);
		expect((await bytesOf(response)).equals(whole)).toBe(true);
		const modified = Math.max(
			...(await Promise.all(
				Object.keys(FILES).map(async (name) => (await stat(join(tree.root, name))).mtimeMs),
			)),
			(await stat(join(tree.root, "c"))).mtimeMs,
		);
		expect(Object.fromEntries(response.headers)).toMatchObject({
			"content-length": `${whole.byteLength}`,
			"accept-ranges": "bytes",
			etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
			"last-modified": new Date(modified).toUTCString(),
		});
	});

	it.each([
		[0, 1],
		[0, 29],
		[30, 1_000_000],
		[1_000_000, 1_000_001],
		[2_999_999, 3_000_200],
		[3_000_000, Number.MAX_SAFE_INTEGER],
	])("gives the bytes from %d to %d by themselves", async (start, end) => {
		const response = await ask({ range: `bytes=${start}-${end - 1}` });
		const expected = whole.subarray(start, end);
		expect(response.status).toBe(206);
		expect(Object.fromEntries(response.headers)).toMatchObject({
			"content-range": `bytes ${start}-${start + expected.byteLength - 1}/${whole.byteLength}`,
			"content-length": `${expected.byteLength}`,
			"content-type": "application/zip",
			etag: await tagOf(),
		});
		expect((await bytesOf(response)).equals(expected)).toBe(true);
	});

	it("gives its last bytes, with the directory", async () => {
		const response = await ask({ range: "bytes=-500" });
		expect((await bytesOf(response)).equals(whole.subarray(-500))).toBe(true);
	});

	it("says how long it is if the range begins behind it", async () => {
		const response = await ask({ range: `bytes=${whole.byteLength}-` });
		expect(response.status).toBe(416);
		expect(response.headers.get("content-range")).toBe(`bytes */${whole.byteLength}`);
		expect(response.headers.get("content-disposition")).toBeNull();
		expect(await response.text()).toContain("ends before");
	});

	it("answers several ranges with the whole", async () => {
		const response = await ask({ range: "bytes=0-1,5-6" });
		expect(response.status).toBe(200);
		expect((await bytesOf(response)).equals(whole)).toBe(true);
	});

	it("need not be sent to those who have it", async () => {
		const response = await ask({ "if-none-match": await tagOf() });
		expect(response.status).toBe(304);
		expect(response.body).toBeNull();
		expect(Object.fromEntries(response.headers)).toEqual({
			etag: await tagOf(),
			"last-modified": expect.any(String),
			"cache-control": "private, no-cache, no-transform",
		});
		const modified = response.headers.get("last-modified") ?? "";
		expect((await ask({ "if-modified-since": modified })).status).toBe(304);
	});

	it("has the head of GET for HEAD, without looking at the range", async () => {
		const [head, get] = [await ask({ range: "bytes=0-1" }, {}, "HEAD"), await ask()];
		await get.body?.cancel();
		expect(head.status).toBe(200);
		expect([...head.headers]).toEqual([...get.headers]);
	});

	it("has a version for links, which is its tag", async () => {
		const { size, version = "", entryCount } = await describeDownload(tree.root);
		expect({ size, version: `"${version}"` }).toEqual({ size: whole.byteLength, version: await tagOf() });
		expect(entryCount).toBe(4);
		expect((await ask({ range: "bytes=5-" }, { version })).status).toBe(206);
		expect((await ask({}, { version })).status).toBe(200);
		expect((await ask({}, { version: "" })).status).toBe(200);
	});

	it("has the time that the caller says", async () => {
		const response = await ask({}, { lastModified: "2026-01-31" }, "HEAD");
		expect(response.headers.get("last-modified")).toBe("Sat, 31 Jan 2026 00:00:00 GMT");
	});

	it("tells no time that is in the future", async () => {
		const response = await ask({}, { lastModified: Date.now() + 3_600_000 }, "HEAD");
		expect(response.headers.get("last-modified")).toBeNull();
	});

	it.each([{ skipErrors: true }, { skipMissing: true }])(
		"has no size if something may be left out: %j",
		async (option) => {
			const response = await ask({ range: "bytes=0-1" }, option);
			expect(response.status).toBe(200);
			expect(response.headers.get("content-length")).toBeNull();
			expect(response.headers.get("etag")).toBeNull();
			expect((await bytesOf(response)).equals(whole)).toBe(true);
		},
	);

	it("is resumed through node:http as well", async () => {
		server = await startPlainServer((request, response) => {
			sendZip(tree.root, { filename: "a.zip", request, response }).catch(() => response.destroy());
		});
		const headers = { range: "bytes=1000-", "if-range": await tagOf() };
		const response = await fetch(server.url, { headers });
		expect(response.status).toBe(206);
		expect((await bytesOf(response)).equals(whole.subarray(1000))).toBe(true);
		const beyond = await fetch(server.url, { headers: { range: "bytes=99999999-" } });
		expect(beyond.status).toBe(416);
		expect(await beyond.text()).toContain("ends before");
		expect((await fetch(server.url, { headers: { "if-none-match": "*" } })).status).toBe(304);
	});
});

describe("a download whose files change", () => {
	const write = async (content: Uint8Array) => writeFile(join(tree.root, "b.bin"), content);
	afterEach(async () => {
		await write(FILES["b.bin"]);
		await settle();
	});

	it("is refused through a link from before, and sent as a whole to those who say what they have", async () => {
		const etag = await tagOf();
		const { version } = await describeDownload(tree.root);
		await write(noise(3_000_000, 1));
		await settle();
		const range = { range: "bytes=1000000-" };
		const refused = await ask(range, { version });
		expect(refused.status).toBe(412);
		expect(refused.headers.get("content-type")).toBe("text/plain; charset=utf-8");
		expect(await refused.text()).toContain("have changed");
		expect((await ask({}, { version })).status).toBe(412);
		expect((await ask({}, { version }, "HEAD")).status).toBe(412);
		expect((await ask({ "if-match": etag, ...range })).status).toBe(412);
		const again = await ask({ ...range, "if-range": etag }, { version });
		expect(again.status).toBe(200);
		const now = await bytesOf(again);
		expect(now.byteLength).toBe(whole.byteLength);
		expect(now.equals(whole)).toBe(false);
		// Cut off once more, the client goes on with the new one, through the same link.
		const rest = await ask({ ...range, "if-range": again.headers.get("etag") ?? "" }, { version });
		expect(rest.status).toBe(206);
		expect((await bytesOf(rest)).equals(now.subarray(1_000_000))).toBe(true);
	});

	it("promises nothing while a change might leave no trace", async () => {
		const etag = await tagOf();
		await write(FILES["b.bin"]);
		for (const headers of [{}, { range: "bytes=5-6" }, { range: "bytes=5-6", "if-range": etag }]) {
			const response = await ask(headers);
			expect(response.status).toBe(200);
			expect(response.headers.get("accept-ranges")).toBe("none");
			expect(response.headers.get("etag")).toBeNull();
			expect(response.headers.get("last-modified")).toBeNull();
			expect(response.headers.get("content-length")).toBe(`${whole.byteLength}`);
			expect((await bytesOf(response)).byteLength).toBe(whole.byteLength);
		}
	});

	it("is not resumed through a link from a time when a change might have left no trace", async () => {
		await write(FILES["b.bin"]);
		const { version = "" } = await describeDownload(tree.root);
		const range = { range: "bytes=1000-" };
		expect(version).toMatch(/^[0-9a-f]{32}$/);
		expect((await ask({}, { version })).status).toBe(200);
		expect((await ask(range, { version })).status).toBe(200);
		await settle();
		const response = await ask({}, { version });
		expect(response.status).toBe(200);
		expect((await ask(range, { version })).status).toBe(412);
		const etag = response.headers.get("etag") ?? "";
		expect((await ask({ ...range, "if-range": etag }, { version })).status).toBe(206);
		const { version: settledVersion = "" } = await describeDownload(tree.root);
		expect(`"${settledVersion}"`).toBe(etag);
		expect((await ask(range, { version: settledVersion })).status).toBe(206);
	});

	it.each(["before it is read", "while it is read"])("fails if a file is written to %s", async (when) => {
		const errors: unknown[] = [];
		const response = await ask({}, {});
		const request = new Request(URL);
		const watched = await zipResponse(tree.root, {
			filename: "a.zip",
			request,
			onError: (error) => errors.push(error),
		});
		const reader = watched.body?.getReader();
		if (when === "while it is read") for (let chunk = 0; chunk < 4; chunk++) await reader?.read();
		const file = await open(join(tree.root, "b.bin"), "r+");
		await file.write(Buffer.from("other"), 0, 5, 2_999_000);
		await file.close();
		await utimes(join(tree.root, "b.bin"), new Date(), new Date());
		const rest = async () => {
			while ((await reader?.read())?.done === false);
		};
		await expect(rest()).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
		expect(errors).toMatchObject([{ code: "SOURCE_CHANGED" }]);
		await expect(response.arrayBuffer()).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
	});
});
