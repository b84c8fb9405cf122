import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createZip } from "../../../src/archive/create-zip.ts";
import type { CreateZipOptions } from "../../../src/archive/options.ts";
import type { ZipferryEvent } from "../../../src/events.ts";
import type { Source } from "../../../src/sources/source.ts";
import { ContractBucket } from "../../s3/contract-bucket.ts";
import { contractServer } from "../../s3/servers.ts";
import { type ReadEntry, zipContents } from "../../support/zip-contents.ts";

/** Runs on every storage that `ZIPFERRY_TEST_S3` can name. */
const server = await contractServer();
let bucket: ContractBucket;
beforeAll(() => {
	vi.stubEnv("AWS_ACCESS_KEY_ID", server.credentials.accessKeyId);
	vi.stubEnv("AWS_SECRET_ACCESS_KEY", server.credentials.secretAccessKey);
});
beforeEach(async () => {
	bucket = await ContractBucket.create(server);
});
afterEach(() => bucket.destroy());
afterAll(async () => {
	await server.stop();
	vi.unstubAllEnvs();
});


async function put(objects: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
	for (const [key, content] of Object.entries(objects)) await bucket.put(key, content);
}

interface Made {
	readonly contents: Map<string, ReadEntry>;
	readonly names: string[];
	readonly bytes: Buffer;
	readonly events: ZipferryEvent[];
}

async function zipOf(sources: Source | readonly Source[], options: CreateZipOptions = {}): Promise<Made> {
	const chunks: Uint8Array[] = [];
	const events: ZipferryEvent[] = [];
	const { endpoint, region } = server;
	await createZip(
		sources,
		async (incoming) => {
			for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
		},
		{
			sourceStorage: { endpoint, region, provider: "generic" },
			onEvent: (event) => events.push(event),
			...options,
		},
	);
	const bytes = Buffer.concat(chunks);
	const contents = await zipContents(bytes);
	return { contents, names: [...contents.keys()], bytes, events };
}

const at = (key: string) => `s3://${bucket.name}/${key}`;

describe(`objects as sources (${server.name})`, { timeout: 60_000 }, () => {
	it("archives what is below a prefix, in the order of the bytes of its keys", async () => {
		await put({
			"p/b": "B",
			"p/a/1": "A1",
			"p/a-b": "dash",
			"p/a.x": "dot",
			"other/x": "no",
			"p/ü 🚢+%": "ü",
		});
		const { contents, names } = await zipOf(at("p/"));
		expect(names).toEqual(["a-b", "a.x", "a/1", "b", "ü 🚢+%"]);
		expect(contents.get("a/1")?.data.toString()).toBe("A1");
		expect((contents.get("b")?.mode ?? 0) & 0o777).toBe(0o644);
	});
});
