import { mkdir, utimes, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { LocalS3Options } from "../../../localstack/strict-s3/local-s3.ts";
import { uploadZip, verifyArchive, type ZipferryEvent } from "../../../src/index.ts";
import type { ProviderName } from "../../../src/s3/providers.ts";
import { noise } from "../../support/bytes.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const MIB = 1024 ** 2;
const temp = useTempDirectory();
let server: DemoServer;
afterEach(() => server.close());

/** Uploads a tree of 9 MiB, and the same once more with that as its base. */
async function twice(provider: ProviderName, options: LocalS3Options = {}, size = 1.5 * MIB) {
	server = await DemoServer.start({ directory: temp.path("s3"), ...options });
	await mkdir(temp.path("tree"));
	for (let index = 0; index < 6; index++) {
		const path = temp.path(`tree/file-${index}`);
		await writeFile(path, noise(size, index));
		await utimes(path, 1e9, 1e9);
	}
	await delay(3100); // what has changed in the last three seconds counts as changed
	const { endpoint, region } = server.s3;
	const storage = { endpoint, region, credentials: server.s3, provider };
	const events: ZipferryEvent[] = [];
	const upload = (key: string, more: object = {}) =>
		uploadZip(temp.path("tree"), { ...storage, bucket: BUCKET, method: "store", key, ...more });
	await upload("base.zip");
	const asked = server.s3.requests.length;
	const onEvent = (event: ZipferryEvent) => void events.push(event);
	const result = await upload("new.zip", { base: `s3://${BUCKET}/base.zip`, onEvent });
	const against = temp.path("tree");
	expect(await verifyArchive(`s3://${BUCKET}/new.zip`, { ...storage, against })).toMatchObject({ ok: true });
	expect(await server.keys()).toEqual(["base.zip", "new.zip"]);
	expect(await server.incompleteUploads()).toEqual([]);
	const warnings = events.flatMap((event) => (event.type === "warning" ? [[event.code, event.message]] : []));
	const operations = server.s3.requests.slice(asked).map(({ operation }) => operation);
	return { result, warnings: warnings.filter(([code]) => code !== "INSECURE_ENDPOINT"), operations };
}

describe("a base in a storage that nobody knows", () => {
	it("is copied from after a trial", async () => {
		const { result, warnings, operations } = await twice("generic");
		expect(result).toMatchObject({ copiedEntryCount: 6 });
		expect(result.copiedSize).toBeGreaterThan(9 * MIB);
		expect(warnings).toEqual([]);
		expect(operations.filter((name) => name === "UploadPartCopy")).toHaveLength(3); // two of them in the trial
	});

	it("is not used if the trial fails: one warning says why, and all is sent", async () => {
		const { result, warnings } = await twice("generic", { habits: { partSizes: "equal" } });
		expect(result).toMatchObject({ copiedEntryCount: 0, copiedSize: 0 });
		expect(warnings).toEqual([
			["BASE_NOT_USED", expect.stringMatching(/as a trial has failed: .*must have the same length/)],
		]);
	});

	it("is tried with nothing, and warned of in no way, if it is smaller than anything that can be copied", async () => {
		const { result, warnings, operations } = await twice("generic", {}, 100);
		expect(result).toMatchObject({ copiedEntryCount: 0 });
		expect(warnings).toEqual([]);
		expect(operations).not.toContain("UploadPartCopy");
	});
});

it("tries nothing with R2, which is known to take parts of one size only", async () => {
	const { result, warnings, operations } = await twice("r2", { habits: { partSizes: "equal" } });
	expect(result).toMatchObject({ copiedEntryCount: 0 });
	expect(warnings).toEqual([
		["BASE_NOT_USED", expect.stringContaining("as provider r2 takes parts of one size only")],
	]);
	expect(operations).not.toContain("UploadPartCopy");
});
