import { rm, utimes, writeFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fault, FaultRequest } from "../../../localstack/strict-s3/local-s3.ts";
import { type GeneratedEntry, uploadZip, type ZipferryEvent } from "../../../src/index.ts";
import { noise } from "../../support/bytes.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { FaultSwitch } from "../../support/fault-switch.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const MiB = 1024 ** 2;
const BASE = `s3://${BUCKET}/mon.zip`;
const temp = useTempDirectory();
let faults: FaultSwitch;
let server: DemoServer;
let provider: "aws" | "ceph";

beforeEach(async () => {
	provider = "aws";
	faults = new FaultSwitch();
	server = await DemoServer.start({ onRequest: faults.onRequest });
	await temp.write({ "tree/.keep": "" });
	for (const [index, name] of ["a", "c", "e"].entries()) await put(name, 6 * MiB + index, index);
	for (const name of ["b", "d"]) await put(name, 10, 9);
	await upload("mon.zip", { base: undefined });
	// Two runs are copied as one entry stands between each of them that has changed; the rest is made.
	for (const name of ["b", "d"]) await put(name, 20, 10);
	for (const [index, name] of ["m", "n"].entries()) await put(name, 9 * MiB, 20 + index);
});
afterEach(() => server.close());

async function put(name: string, size: number, seed: number) {
	await writeFile(temp.path(`tree/${name}`), noise(size, seed));
	await utimes(temp.path(`tree/${name}`), 1e9, 1e9);
}

async function upload(key: string, more: object = {}, also: readonly GeneratedEntry[] = []) {
	const events: ZipferryEvent[] = [];
	const result = await uploadZip([{ path: temp.path("tree"), as: "" }, ...also], {
		...{ endpoint: server.s3.endpoint, region: server.s3.region, credentials: server.s3, provider },
		...{ bucket: BUCKET, key, method: "store", mtime: undefined, resume: true, retryTimeMs: 0 },
		...{ base: BASE, ignoreCtime: true, partSize: 5 * MiB, concurrency: 1, ...more },
		onEvent: (event) => void events.push(event),
	});
	return { result, events };
}

const refusal: Fault = { status: 403, code: "AccessDenied", message: "not now" };
const at = (partNumber: number) => (request: FaultRequest) =>
	request.operation === "UploadPart" && request.partNumber === partNumber ? refusal : undefined;

/** Begins the upload, and fails at a part. */
async function interrupt(partNumber: number, more: object = {}) {
	faults.next = at(partNumber);
	await expect(upload("tue.zip", more)).rejects.toThrow(/was refused/);
	faults.next = () => undefined;
	expect(await server.incompleteUploads()).toEqual(["tue.zip"]);
}

const bytesOf = async (key: string) => (await server.get(key)).bytes;

const operationsSince = (count: number) => server.s3.requests.slice(count).map(({ operation }) => operation);

/** The archive is the same as one that nobody has interrupted, and nothing is left. */
async function expectSameAs(more: object) {
	await upload("unbroken.zip", { ...more, resume: false });
	expect((await bytesOf("tue.zip")).equals(await bytesOf("unbroken.zip"))).toBe(true);
	expect(await server.incompleteUploads()).toEqual([]);
}

const warningsOf = (events: readonly ZipferryEvent[]) =>
	events.flatMap((event) =>
		event.type === "warning" && event.code !== "INSECURE_ENDPOINT" ? [event.code] : [],
	);

describe("resuming an upload with a base", () => {
	it("copies again what was copied, and sends only what is missing", async () => {
		await interrupt(6);
		const before = server.s3.requests.length;
		const { result, events } = await upload("tue.zip");
		expect(result).toMatchObject({ partCount: 7, resumedPartCount: 2, resumedSize: 10 * MiB });
		expect(result.copiedEntryCount).toBe(3);
		const operations = operationsSince(before);
		expect(operations.filter((name) => name === "UploadPartCopy")).toHaveLength(3);
		expect(operations.filter((name) => name === "UploadPart")).toHaveLength(2);
		expect(events.filter(({ type }) => type === "progress").at(-1)).toMatchObject({
			uploadedSize: result.size,
			copiedSize: result.copiedSize,
			resumedSize: 10 * MiB,
		});
		expect(warningsOf(events)).toEqual([]);
		await expectSameAs({});
	});

	it("tells the size of its parts by those that were made, not by those that were copied", async () => {
		await interrupt(5, { partSize: 7 * MiB });
		const { result, events } = await upload("tue.zip", { partSize: undefined });
		expect(result).toMatchObject({ resumedPartCount: 1, resumedSize: 7 * MiB });
		expect(events.find(({ type }) => type === "upload-resumed")).toMatchObject({ partSize: 7 * MiB });
		await expectSameAs({});
	});

	it("goes on also where copied parts are more than parts of that size would be", async () => {
		provider = "ceph"; // which takes all parts that it holds, or none
		await interrupt(5, { partSize: 16 * MiB });
		const { result, events } = await upload("tue.zip", { partSize: 16 * MiB });
		expect(result).toMatchObject({ partCount: 5, resumedPartCount: 1 });
		expect(warningsOf(events)).toEqual([]);
		await expectSameAs({});
	});

	it("ends right if only copied parts had come in", async () => {
		await interrupt(4);
		const { result, events } = await upload("tue.zip");
		expect(result).toMatchObject({ resumedPartCount: 0, copiedEntryCount: 3 });
		expect(warningsOf(events)).toEqual([]);
		await expectSameAs({});
	});

	it.each([
		["is gone", { base: `s3://${BUCKET}/mon.zip` }, ["BASE_NOT_USED"]],
		["is not given any more", { base: undefined }, []],
		["is given, and nothing of it can be copied", { ignoreCtime: false }, []],
	])("ends right if the base %s", async (why, more, warnings) => {
		await interrupt(6);
		if (why === "is gone") await server.delete("mon.zip");
		for (const name of ["a", "c", "e"]) await utimes(temp.path(`tree/${name}`), 1e9, 1e9); // a new ctime
		const { result, events } = await upload("tue.zip", { ...more, partSize: undefined });
		expect(result).toMatchObject({ copiedEntryCount: 0, copiedSize: 0 });
		expect(result.md5).toMatch(/^[0-9a-f]{32}$/);
		expect(warningsOf(events)).toEqual(warnings);
		await expectSameAs(more);
	});

	it("ends right with another base", async () => {
		await interrupt(6);
		await utimes(temp.path("tree/.keep"), 1e9, 1e9); // not just before the base
		await upload("wed.zip", { base: undefined, resume: false });
		const { result } = await upload("tue.zip", { base: `s3://${BUCKET}/wed.zip` });
		expect(result).toMatchObject({ copiedEntryCount: 8, partCount: 2 });
		await expectSameAs({ base: `s3://${BUCKET}/wed.zip` });
	});

	it("ends right if the upload was begun without one, and holds more parts than are needed now", async () => {
		await interrupt(7, { base: undefined });
		await rm(temp.path("tree/m"));
		const { result } = await upload("tue.zip");
		expect(result).toMatchObject({ copiedEntryCount: 3, partCount: 5 });
		await expectSameAs({});
	});

	it("begins anew where the storage would not leave out the parts that are too many", async () => {
		provider = "ceph";
		await interrupt(7, { base: undefined });
		await rm(temp.path("tree/m"));
		const { result, events } = await upload("tue.zip");
		expect(result).toMatchObject({ copiedEntryCount: 3, partCount: 5, resumedPartCount: 0 });
		expect(warningsOf(events)).toContain("NOT_RESUMED");
	});

	it("knows parts that grow behind those that are copied, where a source has no known size", async () => {
		const content = () => Readable.from([noise(34 * MiB, 30)]);
		const also = [{ name: "z", content, mtime: new Date(1e12) }];
		const growing = { partSize: undefined };
		faults.next = at(5);
		await expect(upload("tue.zip", growing, also)).rejects.toThrow(/was refused/);
		faults.next = () => undefined;
		const { result, events } = await upload("tue.zip", growing, also);
		expect(result).toMatchObject({ copiedEntryCount: 3, partCount: 7, resumedPartCount: 1 });
		expect(result.resumedSize).toBe(16 * MiB);
		expect(warningsOf(events)).toEqual([]);
		await upload("unbroken.zip", { ...growing, resume: false }, also);
		expect((await bytesOf("tue.zip")).equals(await bytesOf("unbroken.zip"))).toBe(true);
	});
});
