import { afterEach, beforeEach, expect, it } from "vitest";
import { uploadZip } from "../../src/index.ts";
import { readArchiveMetadata } from "../../src/upload/archive-metadata.ts";
import { uploadBackup } from "../../src/upload/upload-backup.ts";
import { noise } from "../support/bytes.ts";
import { BUCKET, DemoServer } from "../support/demo-server.ts";
import { useTempDirectory } from "../support/temp-directory.ts";

const directory = useTempDirectory();
let server: DemoServer;
let requestCount: number;
beforeEach(async () => {
	requestCount = 0;
	server = await DemoServer.start({
		directory: directory.path("s3"),
		onRequest() {
			requestCount += 1;
			return undefined;
		},
	});
});
afterEach(() => server.close());

const target = () => ({
	...{ bucket: BUCKET, key: "a.zip", endpoint: server.s3.endpoint, region: server.s3.region },
	...{ credentials: server.s3, provider: "generic" as const, retryTimeMs: 0 },
});

async function storedMetadata() {
	const { Metadata = {} } = await server.get("a.zip");
	return Metadata;
}

const small = { name: "a.txt", content: "alpha" };
const large = { name: "b.bin", content: () => noise(6 * 1024 * 1024) };

it.each([
	["one request", "parts", small],
	["parts", "parts", large],
	["one request by lib-storage", "lib-storage", small],
	["parts by lib-storage", "lib-storage", large],
] as const)("is on an object sent in %s, beside the user's", async (_way, transport, source) => {
	const before = BigInt(Date.now()) * 1_000_000n;
	const options = { transport, partSize: 5 * 1024 * 1024, metadata: { Owner: "me" } };
	await uploadZip(source, { ...target(), ...options, method: "store", level: 9 });
	const metadata = await storedMetadata();
	expect(metadata).toMatchObject({ owner: "me" });
	const facts = readArchiveMetadata(metadata);
	expect(facts).toMatchObject({ format: 1, method: "store", level: 9, mtime: undefined, job: undefined });
	const startedNs = BigInt(facts?.startedNs ?? 0);
	expect(startedNs).toBeGreaterThanOrEqual(before);
	expect(startedNs).toBeLessThanOrEqual(BigInt(Date.now()) * 1_000_000n);
});

it("has the facts of a backup", async () => {
	const mark = { job: "Büro", template: "s3://demo/%Y.zip", fingerprint: "12ab" };
	await uploadBackup(small, { ...target(), mtime: Date.UTC(2026, 0, 31) }, mark);
	const facts = readArchiveMetadata(await storedMetadata());
	expect(facts).toMatchObject({ ...mark, mtime: "2026-01-31T00:00:00.000Z" });
});

it.each([
	["a name of ours", { "zipferry-job": "x" }],
	["more than a storage takes", { notes: "x".repeat(2000) }],
])("is refused with %s before anything is asked", async (_what, metadata) => {
	const uploading = uploadZip(small, { ...target(), metadata });
	await expect(uploading).rejects.toMatchObject({ code: "INVALID_OPTION", option: "metadata" });
	expect(requestCount).toBe(0);
});
