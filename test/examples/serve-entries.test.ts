import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uploadZip } from "../../src/index.ts";
import { DemoServer } from "../support/demo-server.ts";
import { stopPrograms } from "../support/program.ts";
import { startExample } from "./example.ts";

let storage: DemoServer;
let origin: string;

async function upload(content: string): Promise<void> {
	const entries = [
		{ name: "d/ü.txt", content },
		{ name: "large.bin", content: Buffer.alloc(300_000, 7) },
	];
	const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL_S3, AWS_REGION } = storage.env;
	Object.assign(process.env, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
	await uploadZip([entries], {
		bucket: "demo",
		key: "served.zip",
		endpoint: AWS_ENDPOINT_URL_S3,
		region: AWS_REGION,
	});
}

beforeAll(async () => {
	storage = await DemoServer.start();
	await upload("hello");
	const program = startExample("serve-entries.ts", ["s3://demo/served.zip"], { ...storage.env, PORT: "0" });
	[, origin = ""] = await program.says(/^(http:\S+)\/NAME gives one of 2 entries/);
}, 120_000);
afterAll(async () => {
	await stopPrograms();
	await storage?.close();
});

describe("examples/serve-entries.ts", { timeout: 120_000 }, () => {
	it("gives out a file of the archive", async () => {
		const response = await fetch(`${origin}/d/%C3%BC.txt?v=1`);
		expect(response.status).toBe(200);
		expect(response.headers.get("content-length")).toBe("5");
		expect(await response.text()).toBe("hello");
		const etag = response.headers.get("etag") ?? "";
		const again = await fetch(`${origin}/d/%C3%BC.txt`, { headers: { "if-none-match": etag } });
		expect(again.status).toBe(304);
		expect(Buffer.from(await (await fetch(`${origin}/large.bin`)).arrayBuffer())).toHaveLength(300_000);
	});

	it.each(["", "d", "d/", "nothing", "%ff", "../d"])("has nothing at /%s", async (path) => {
		expect((await fetch(`${origin}/${path}`)).status).toBe(404);
	});

	it("opens the archive again when it was replaced", async () => {
		await upload("goodbye");
		expect((await fetch(`${origin}/d/%C3%BC.txt`)).status).toBe(502);
		expect(await (await fetch(`${origin}/d/%C3%BC.txt`)).text()).toBe("goodbye");
	});
});
