import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { memoryCrcCache } from "../../src/archive/layout/crc/memory-crc-cache.ts";
import { describeDownload } from "../../src/http/describe-download.ts";
import { zipResponse } from "../../src/http/zip-response.ts";
import { noise } from "../support/bytes.ts";
import { BUCKET, DemoServer } from "../support/demo-server.ts";
import { zipContents } from "../support/zip-contents.ts";

const MiB = 1 << 20;
const LARGE = noise(3 * MiB + 5);
const OTHER = noise(3 * MiB + 5, 9);
const SOURCE = `s3://${BUCKET}/album/`;

let server: DemoServer;
beforeEach(async () => {
	server = await DemoServer.start();
	vi.stubEnv("AWS_ACCESS_KEY_ID", server.s3.accessKeyId);
	vi.stubEnv("AWS_SECRET_ACCESS_KEY", server.s3.secretAccessKey);
	await server.put("album/a.txt", "hello");
	await server.put("album/large.bin", LARGE);
	await server.put("album/z.txt", "the end");
	later(5_000);
});
afterEach(async () => {
	vi.restoreAllMocks();
	vi.unstubAllEnvs();
	await server.close();
});

/** The objects look as if they had been there for a while. */
function later(ms: number): void {
	vi.restoreAllMocks();
	const now = Date.now.bind(Date);
	vi.spyOn(Date, "now").mockImplementation(() => now() + ms);
}

/** `aws` keeps CRC-32s of objects, as the server does, and `generic` is not known to. */
function optionsFor(provider: "aws" | "generic") {
	const { endpoint, region } = server.s3;
	return {
		sourceStorage: { endpoint, region, provider, pathStyle: true },
		crcCache: memoryCrcCache(),
	};
}

type Options = ReturnType<typeof optionsFor>;

function ask(
	options: Options,
	headers: Readonly<Record<string, string>> = {},
	version = "",
): Promise<Response> {
	const request = new Request("http://127.0.0.1/", { headers });
	return zipResponse(SOURCE, { filename: "a.zip", request, version, ...options });
}

async function bytesOf(response: Response): Promise<Buffer> {
	return Buffer.from(await response.arrayBuffer());
}

/** What was asked of the server since the last call. */
function operations(): (from?: number) => string[] {
	const before = server.s3.requests.length;
	return () => server.s3.requests.slice(before).map(({ operation, key }) => `${operation} ${key}`);
}

describe.each(["aws", "generic"] as const)("a download of objects of %s", (provider) => {
	it("comes in ranges, with the bytes of the whole", async () => {
		const options = optionsFor(provider);
		const response = await ask(options);
		expect(response.headers.get("accept-ranges")).toBe("bytes");
		const whole = await bytesOf(response);
		expect((await zipContents(whole)).get("large.bin")?.data.equals(LARGE)).toBe(true);
		for (const [start, end] of [
			[0, 10],
			[100, MiB],
			[MiB + 7, 2 * MiB + 1],
			[whole.byteLength - 400, whole.byteLength],
		] as const) {
			const part = await ask(optionsFor(provider), { range: `bytes=${start}-${end - 1}` });
			expect(part.status).toBe(206);
			expect((await bytesOf(part)).equals(whole.subarray(start, end)), `${start} to ${end}`).toBe(true);
		}
	});

	it("is never of two states: an object that is replaced between two ranges", async () => {
		const options = optionsFor(provider);
		const { version = "" } = await describeDownload(SOURCE, options);
		const first = await ask(options, { range: "bytes=0-999999" }, version);
		const etag = first.headers.get("etag") ?? "";
		expect((await bytesOf(first)).byteLength).toBe(1_000_000);
		await server.put("album/large.bin", OTHER);
		later(10_000);
		const blind = await ask(options, { range: "bytes=1000000-" }, version);
		expect(blind.status).toBe(412);
		const guarded = await ask(options, { range: "bytes=1000000-", "if-range": etag }, version);
		expect(guarded.status).toBe(200);
		const now = await bytesOf(guarded);
		expect((await zipContents(now)).get("large.bin")?.data.equals(OTHER)).toBe(true);
	});

	it("fails if an object is replaced or deleted while it is read", async () => {
		const options = optionsFor(provider);
		for (const key of ["album/z.txt", "album/large.bin"]) {
			const response = await ask(options, { range: "bytes=0-" });
			await server.put(key, "something else");
			later(10_000);
			await expect(response.arrayBuffer()).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
		}
	});
});

describe("the CRC-32s of objects", () => {
	it("come from the storage where it keeps them, without reading an object", async () => {
		const whole = await bytesOf(await ask(optionsFor("aws")));
		const asked = operations();
		const start = whole.readUInt32LE(whole.byteLength - 6); // of the central directory
		const end = await ask(optionsFor("aws"), { range: `bytes=${start}-` });
		expect((await bytesOf(end)).equals(whole.subarray(start))).toBe(true);
		expect(asked().filter((one) => one.startsWith("GetObject"))).toEqual([]);
		expect(asked()).toContain("HeadObject album/large.bin");
	});

	it("are read where the storage keeps none, once", async () => {
		const options = optionsFor("generic");
		const asked = operations();
		await bytesOf(await ask(options, { range: "bytes=-100" }));
		expect(asked()).toContain("GetObject album/large.bin");
		const again = operations();
		await bytesOf(await ask(options, { range: "bytes=-100" }));
		expect(again().filter((one) => !one.startsWith("ListObjects"))).toEqual([]);
	});
});
