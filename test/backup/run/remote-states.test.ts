import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { JobSource } from "../../../src/backup/job.ts";
import { isUnchanged, takeFingerprint } from "../../../src/backup/run/fingerprint.ts";
import { createZip } from "../../../src/index.ts";
import { resolveOptions } from "../../../src/options/resolve-options.ts";
import { UPLOAD_SCHEMA, type UploadZipOptions } from "../../../src/upload/options.ts";
import { ContractBucket } from "../../s3/contract-bucket.ts";
import { contractServer } from "../../s3/servers.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const directory = useTempDirectory();
const server = await contractServer();
let bucket: ContractBucket;
beforeAll(() => {
	vi.stubEnv("AWS_ACCESS_KEY_ID", server.credentials.accessKeyId);
	vi.stubEnv("AWS_SECRET_ACCESS_KEY", server.credentials.secretAccessKey);
});
beforeEach(async () => {
	bucket = await ContractBucket.create(server);
	await bucket.put("in/a.txt", "alpha");
	await bucket.put("in/b/c.txt", "gamma");
});
afterEach(() => bucket.destroy());
afterAll(async () => {
	await server.stop();
	vi.unstubAllEnvs();
});

function taken(source: JobSource, options: Partial<UploadZipOptions> = {}) {
	const { endpoint, region } = server;
	const target = { bucket: bucket.name, key: "out/k.zip", endpoint, region, provider: "generic" } as const;
	return takeFingerprint([source], resolveOptions(UPLOAD_SCHEMA, { ...target, ...options }));
}

describe("the fingerprint of a job with sources in a bucket", () => {
	it("is the same for the same objects, however they are read, and says so at once", async () => {
		const url = `s3://${bucket.name}/in/`;
		const first = await taken({ url });
		expect(first).toMatchObject({ entryCount: 2, latestMs: 0 });
		expect(await taken({ url }, { readAhead: 3, skipMissing: true })).toEqual(first);
		const { endpoint, region } = server;
		expect(await taken({ url, storage: { endpoint, region, provider: "generic" } })).toEqual(first);
		const metadata = { fingerprint: first?.value, startedNs: String(BigInt(Date.now()) * 1_000_000n) };
		expect(first && isUnchanged(first, { metadata } as Parameters<typeof isUnchanged>[1])).toBe(true);
	});

	it.each([
		["another content of the same size", () => bucket.put("in/a.txt", "alphb")],
		["another object", () => bucket.put("in/new", "")],
	])("differs with %s", async (_what, change) => {
		const url = `s3://${bucket.name}/in/`;
		const before = await taken({ url });
		await change();
		expect((await taken({ url }))?.value).not.toBe(before?.value);
	});

	it("knows entries of an archive by their checksums, not by the archive", async () => {
		const archive = directory.path("a.zip");
		const make = (content: string) => createZip({ name: "x", content, mtime: "2026-01-01" }, archive);
		await make("alpha");
		const first = await taken({ archive });
		expect(first?.entryCount).toBe(1);
		await make("alpha");
		expect(await taken({ archive })).toEqual(first);
		await make("alphb");
		expect((await taken({ archive }))?.value).not.toBe(first?.value);
	});
});
