import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { DemoServer } from "../../support/demo-server.ts";
import { zipContents, zipNames } from "../../support/zip-contents.ts";
import { makeAlbums, removeAlbums, SETTLED_MS } from "./albums.ts";
import { awslambda, LambdaRuntime, type Streamed } from "./lambda-runtime.ts";

const PATIENCE = { timeout: 120_000 };

const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe("examples/downloads/next-route.ts", PATIENCE, async () => {
	const { GET } = await import("../../../examples/downloads/next-route.ts");
	let root: string;
	beforeAll(async () => {
		root = await makeAlbums();
		process.env["ALBUMS"] = root;
	});
	afterAll(async () => {
		delete process.env["ALBUMS"];
		await removeAlbums(root);
	});
	const ask = (album: string, init: RequestInit = {}) =>
		GET(new Request(`https://next.example/albums/${album}`, init), { params: Promise.resolve({ album }) });

	it("answers as Fetch has it", async () => {
		const response = await ask("holidays");
		expect(response.status).toBe(200);
		expect(response.headers.get("content-disposition")).toContain("holidays.zip");
		const bytes = await bytesOf(response);
		expect(response.headers.get("content-length")).toBe(`${bytes.byteLength}`);
		expect(await zipNames(bytes)).toEqual(["a.txt", "b/", "b/c.txt"]);
	});

	it("answers HEAD and ranges, which Next leaves to it", async () => {
		const whole = await bytesOf(await ask("holidays"));
		const head = await ask("holidays", { method: "HEAD" });
		expect([head.status, head.body]).toEqual([200, null]);
		const part = await ask("holidays", { headers: { range: "bytes=-22" } });
		expect([part.status, await bytesOf(part)]).toEqual([206, whole.subarray(-22)]);
	});

	it("answers 404 to what is no album", async () => {
		expect((await ask("large")).status).toBe(404);
	});
});

describe("examples/downloads on AWS Lambda", PATIENCE, () => {
	let storage: DemoServer;
	let broken: ((key: string) => "gone" | "hanging" | undefined) | undefined;
	let runtime: LambdaRuntime;
	let download: unknown;
	const before = { ...process.env };
	beforeAll(async () => {
		const onRequest = ({ operation, key }: { operation: string; key: string }) => {
			const fault = operation === "GetObject" ? broken?.(key) : undefined;
			if (fault === "hanging") return { hang: true } as const;
			return fault === "gone" ? { status: 404, code: "NoSuchKey", message: "it is gone" } : undefined;
		};
		storage = await DemoServer.start({ onRequest });
		for (const [name, text] of Object.entries({ "a.txt": "alpha", "b/c.txt": "gamma", "ä.txt": "ä" }))
			await storage.put(`albums/holidays/${name}`, text);
		await delay(SETTLED_MS);
		Object.assign(process.env, storage.env, { PREFIX: "s3://demo/albums/" });
		runtime = await LambdaRuntime.start();
		Object.assign(globalThis, { awslambda });
		download = (await import("../../../examples/downloads/lambda-download.ts")).handler;
	});
	afterAll(async () => {
		process.env = before;
		Reflect.deleteProperty(globalThis, "awslambda");
		runtime?.close();
		await storage?.close();
	});
	afterEach(() => {
		broken = undefined;
	});

	/** A request to a function URL. */
	const ask = (path: string, method = "GET", headers: Record<string, string> = {}): Promise<Streamed> =>
		runtime.invoke(download, {
			version: "2.0",
			rawPath: path,
			rawQueryString: "",
			headers: { host: "abc.lambda-url.eu-central-1.on.aws", ...headers },
			requestContext: { domainName: "abc.lambda-url.eu-central-1.on.aws", http: { method, path } },
			isBase64Encoded: false,
		});

	it("streams status, headers and the archive", async () => {
		const { statusCode, headers, body, errorType } = await ask("/holidays.zip");
		expect({ statusCode, errorType }).toEqual({ statusCode: 200, errorType: undefined });
		expect(headers).toMatchObject({
			"content-type": "application/zip",
			"content-disposition": expect.stringContaining("holidays.zip"),
			"content-length": `${body.byteLength}`,
		});
		expect(await zipNames(body)).toEqual(["a.txt", "b/c.txt", "ä.txt"]);
	});

	it("streams a range, the head alone, and what is no album", async () => {
		const whole = await ask("/holidays.zip");
		const part = await ask("/holidays.zip", "GET", { range: "bytes=5-24" });
		expect([part.statusCode, part.body]).toEqual([206, whole.body.subarray(5, 25)]);
		const head = await ask("/holidays.zip", "HEAD");
		expect([head.statusCode, head.body.byteLength, head.headers["content-length"]]).toEqual([
			200,
			0,
			`${whole.body.byteLength}`,
		]);
		expect((await ask("/../secrets.zip")).statusCode).toBe(404);
	});

	it("tells Lambda of an object that is gone midway, instead of ending well", async () => {
		broken = (key) => (key.endsWith("ä.txt") ? "gone" : undefined);
		const { statusCode, headers, body, errorType } = await ask("/holidays.zip");
		expect([statusCode, errorType]).toEqual([200, "SourceError"]);
		expect(body.byteLength).toBeLessThan(Number(headers["content-length"]));
	});

	it("makes an archive of a prefix when the timer rings, under a key of the time it was set to", async () => {
		const { handler } = await import("../../../examples/downloads/lambda-archive-on-a-timer.ts");
		Object.assign(process.env, {
			SOURCE: "s3://demo/albums/holidays/",
			TARGET: "s3://demo/archives/holidays",
		});
		const event = {
			version: "0",
			"detail-type": "Scheduled Event",
			source: "aws.events",
			time: "2026-11-26T02:30:00Z",
			detail: {},
		};
		const result = await handler(event, { getRemainingTimeInMillis: () => 900_000 });
		expect(result).toMatchObject({ archive: "s3://demo/archives/holidays/2026-11-26.zip", entryCount: 3 });
		const contents = await zipContents((await storage.get("archives/holidays/2026-11-26.zip")).bytes);
		expect([...contents].map(([name, { data }]) => [name, data.toString()])).toEqual([
			["a.txt", "alpha"],
			["b/c.txt", "gamma"],
			["ä.txt", "ä"],
		]);
	});

	it("publishes nothing and leaves nothing when the time of the function is nearly over", async () => {
		const { handler } = await import("../../../examples/downloads/lambda-archive-on-a-timer.ts");
		Object.assign(process.env, { SOURCE: "s3://demo/albums/holidays/", TARGET: "s3://demo/archives/late" });
		broken = () => "hanging";
		const run = handler({ time: "2026-11-26T02:30:00Z" }, { getRemainingTimeInMillis: () => 20_500 });
		await expect(run).rejects.toMatchObject({ name: "TimeoutError" });
		expect((await storage.keys()).filter((key) => key.startsWith("archives/late"))).toEqual([]);
		expect(await storage.incompleteUploads()).toEqual([]);
	});
});
