import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
	planUpload,
	type UploadZipOptions,
	uploadZip,
	verifyArchive,
	type ZipferryEvent,
} from "../../../src/index.ts";
import { BILLED_REQUESTS } from "../../../src/upload/cost/upload-requests.ts";
import { noise } from "../../support/bytes.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const MIB = 1024 ** 2;
const BASE = "night-1.zip";
const KEY = "night-2.zip";
/** Files of a mebibyte each. */
const COUNT = 32;
/** Long runs of 7 (0–6), 12 (13–24); short ones of 2 (8–9), 1 (11), 4 (26–29), 1 (31). */
const CHANGED = [7, 10, 12, 25, 30];
const temp = useTempDirectory();
let server: DemoServer;

beforeEach(async () => {
	server = await DemoServer.start({ directory: temp.path("s3") });
	await mkdir(temp.path("tree"), { recursive: true });
	for (let index = 0; index < COUNT; index++) await write(index, noise(MIB, index));
	await utimes(temp.path("tree"), 1e9, 1e9);
	await upload({ key: BASE });
	for (const index of CHANGED) await write(index, noise(MIB + 1, 100 + index));
});
afterEach(() => server.close());

async function write(index: number, bytes: Uint8Array): Promise<void> {
	const path = temp.path(`tree/f${String(index).padStart(2, "0")}`);
	await writeFile(path, bytes);
	await utimes(path, 1e9, 1e9);
}

const storage = () => ({
	...{ endpoint: server.s3.endpoint, region: server.s3.region, credentials: server.s3 },
	provider: "aws" as const,
});

const optionsOf = (more: Partial<UploadZipOptions>): UploadZipOptions => ({
	...{ ...storage(), bucket: BUCKET, key: KEY, method: "store", ignoreCtime: true, retryTimeMs: 2_000 },
	...more,
});

const upload = (more: Partial<UploadZipOptions> = {}) => uploadZip(temp.path("tree"), optionsOf(more));

const joining = { base: `s3://${BUCKET}/${BASE}`, joinRuns: true } as const;

describe("an upload that joins short runs of its base", () => {
	it("sends only what has changed, is a whole archive, and leaves nothing beside it", async () => {
		const events: ZipferryEvent[] = [];
		const before = server.s3.requests.length;
		const result = await upload({ ...joining, onEvent: (event) => void events.push(event) });
		expect(result).toMatchObject({ copiedEntryCount: COUNT - CHANGED.length, verified: "structure" });
		expect(result.size - result.copiedSize).toBeLessThan((CHANGED.length + 0.1) * MIB);
		expect(events.find(({ type }) => type === "composed")).toMatchObject({
			joinedRunCount: 4,
			joinableSize: 0,
			copiedPartCount: 3,
		});
		const sent = server.s3.requests
			.slice(before)
			.filter(({ operation }) => operation === "UploadPart" || operation === "PutObject");
		expect(sent).toHaveLength(1);
		expect(await server.keys()).toEqual([BASE, KEY]);
		expect(await server.incompleteUploads()).toEqual([]);
		expect(events.filter(({ type }) => type === "warning")).toEqual([]);
		const checked = await verifyArchive(`s3://${BUCKET}/${KEY}`, {
			...{ ...storage(), level: "content" },
			against: temp.path("tree"),
		});
		expect(checked).toMatchObject({ ok: true, differences: [], findings: [] });
		const { bytes } = await server.get(KEY);
		await writeFile(temp.path("night-2.zip"), bytes);
		await promisify(execFile)("unzip", ["-q", temp.path("night-2.zip"), "-d", temp.path("restored")]);
		for (let index = 0; index < COUNT; index++) {
			const name = `f${String(index).padStart(2, "0")}`;
			expect(await hashOf(`restored/${name}`)).toBe(await hashOf(`tree/${name}`));
		}
		expect((await stat(temp.path("restored/f00"))).mtimeMs).toBe(1e12);
	});

	it("sends short runs again without being told to join them, and says how much that is", async () => {
		const events: ZipferryEvent[] = [];
		const { size, copiedSize } = await upload({
			...{ base: joining.base, onEvent: (event) => void events.push(event) },
		});
		expect(size - copiedSize).toBeGreaterThan((CHANGED.length + 8) * MIB);
		const composed = events.find(({ type }) => type === "composed");
		expect(composed).toMatchObject({ joinedRunCount: 0, copiedPartCount: 2 });
		const { joinableSize = 0 } = composed?.type === "composed" ? composed : {};
		expect(joinableSize).toBeGreaterThan(8 * MIB);
		expect(joinableSize).toBeLessThan(8.01 * MIB);
	});

	it("counts in a plan what it asks of the storage, and asks nothing for that", async () => {
		const plan = await planUpload(temp.path("tree"), optionsOf(joining));
		expect(await server.keys()).toEqual([BASE]);
		expect(plan).toMatchObject({ joinedRunCount: 4, copiedPartCount: 3 });
		const before = server.s3.requests.length;
		const { copiedSize } = await upload(joining);
		expect(plan.copiedSize).toBe(copiedSize);
		const asked = new Map<string, number>();
		for (const { operation } of server.s3.requests.slice(before))
			asked.set(operation, (asked.get(operation) ?? 0) + 1);
		for (const kind of BILLED_REQUESTS)
			expect(asked.get(kind) ?? 0, kind).toBeLessThanOrEqual(plan.cost?.requests[kind] ?? 0);
		for (const kind of ["UploadPartCopy", "CreateMultipartUpload", "CompleteMultipartUpload"] as const)
			expect(asked.get(kind), kind).toBe(plan.cost?.requests[kind]);
		expect(plan.cost?.requests.ListObjectsV2).toBe(1);
		expect(plan.cost?.copiedSize).toBeGreaterThan(copiedSize);
	});

	it("takes the place of its base", async () => {
		expect(await upload({ ...joining, key: BASE })).toMatchObject({ copiedEntryCount: 27 });
		expect(await server.keys()).toEqual([BASE]);
		const checked = await verifyArchive(`s3://${BUCKET}/${BASE}`, {
			...{ ...storage(), against: temp.path("tree") },
		});
		expect(checked).toMatchObject({ ok: true, differences: [] });
	});

	it("removes what an earlier run has left under the same key, and nothing else", async () => {
		await server.put(`${KEY}.zipferry-joined/0-0`, "left");
		await server.put(`${KEY}.zipferry-joined/99-1`, "left");
		await server.put(`other.zip.zipferry-joined/0-0`, "left");
		await upload(joining);
		expect(await server.keys()).toEqual([BASE, KEY, "other.zip.zipferry-joined/0-0"]);
	});

	it("goes into no archive of the bucket", async () => {
		await server.put("other.zip.zipferry-joined/0-0", "left");
		await server.put("photo", "a photo");
		const events: ZipferryEvent[] = [];
		const onEvent = (event: ZipferryEvent) => void events.push(event);
		await uploadZip(`s3://${BUCKET}/`, optionsOf({ key: "objects.zip", exclude: [BASE], onEvent }));
		expect(events.filter(({ type }) => type === "warning")).toMatchObject([
			{ code: "DRAFT_SKIPPED", origin: `s3://${BUCKET}/other.zip.zipferry-joined/` },
		]);
		const { entryCount } = await verifyArchive(`s3://${BUCKET}/objects.zip`, storage());
		expect(entryCount).toBe(1);
	});
});

async function hashOf(path: string): Promise<string> {
	return createHash("sha256")
		.update(await readFile(temp.path(path)))
		.digest("hex");
}
