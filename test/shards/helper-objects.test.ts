import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crc32 } from "../../src/bytes/crc32.ts";
import type { Connection } from "../../src/s3/connection.ts";
import { getSmall } from "../../src/s3/objects/get-small.ts";
import { putSmall } from "../../src/s3/objects/put-small.ts";
import { providerByName } from "../../src/s3/providers.ts";
import {
	findManifest,
	isUnderWay,
	readManifest,
	readSlice,
	readSliceHead,
	removeHelpers,
	removeSlice,
	writeManifest,
	writeSlice,
} from "../../src/shards/helper-objects.ts";
import type { Manifest } from "../../src/shards/manifest.ts";
import { manifestKey, pageKey, shardsPrefix, sliceKey } from "../../src/shards/shard-keys.ts";
import type { SliceHead } from "../../src/shards/slice.ts";
import { ContractBucket } from "../s3/contract-bucket.ts";
import { contractServer } from "../s3/servers.ts";

const server = await contractServer();
afterAll(() => server.stop());

describe(`helper objects of shards on ${server.name}`, () => {
	let store: ContractBucket;
	let connection: Connection;
	beforeAll(async () => {
		store = await ContractBucket.create(server);
		const { client } = store;
		const { endpoint } = server;
		connection = { client, patient: client, provider: providerByName("generic"), endpoint, close() {} };
	});
	afterAll(() => store.destroy());

	const newManifest = (changes: Partial<Manifest> = {}): Manifest => ({
		...{
			version: 1,
			id: randomUUID().replaceAll("-", ""),
			bucket: store.name,
			key: "a/ü b.zip",
			uploadId: "u/1+2",
		},
		...{
			shardCount: 1,
			entryCount: 3,
			sourceSize: 5,
			software: "1.0.0",
			plannedAt: "2026-11-26T12:00:00.000Z",
		},
		provider: "generic",
		archive: { method: "auto", level: 6, comment: "ü" },
		object: { noClobber: false, tags: { team: "a" } },
		probe: "ab",
		sources: [
			{ kind: "directory", path: "/srv/\xff" },
			{ kind: "objects", bucket: "b" },
			{ kind: "resources" },
		],
		pages: [{ size: 10, crc32: 0xffff_ffff }],
		shards: [
			{
				...{ entryCount: 3, sourceSize: 5, sizeBound: 500, firstPart: 1, partCount: 1 },
				rows: [{ page: 0, offset: 0, size: 10, crc32: 1 }],
			},
		],
		directory: { firstPart: 2, partCount: 1, sizeBound: 300 },
		...{ partSize: 8_388_608, exact: false },
		...changes,
	});
	const address = (key: string) => ({ bucket: store.name, key });
	const bytesAt = async (key: string): Promise<Buffer> => {
		const found = await getSmall(connection, address(key), { maxSize: 10_000_000 });
		if (typeof found !== "object") throw new Error(`${key} is not there`);
		return Buffer.from(found.bytes);
	};
	const headOf = (plan: Manifest, body: Uint8Array, changes: Partial<SliceHead> = {}): SliceHead => ({
		...{
			version: 1,
			plan: plan.id,
			index: 0,
			size: 9,
			entryCount: 3,
			directorySize: body.byteLength,
			tailSize: 0,
		},
		...{ crc32: crc32(body), contentSize: 5, copiedEntryCount: 0, copiedSize: 0 },
		parts: [{ partNumber: 1, size: 9, etag: "0f", crc32: undefined, md5: "0".repeat(32) }],
		...changes,
	});
	const read = async (plan: Manifest, index = 0): Promise<Buffer> => {
		const head = await readSliceHead(connection, plan, index);
		if (head === undefined) throw new Error("there is no slice");
		const chunks: Uint8Array[] = [];
		for await (const chunk of readSlice(connection, plan, head)) chunks.push(chunk);
		return Buffer.concat(chunks);
	};

	it("reads the manifest that was written, by what a plan says", async () => {
		const manifest = newManifest();
		await writeManifest(connection, manifest);
		const { version, id, bucket, key, uploadId, shardCount, entryCount, sourceSize } = manifest;
		const plan = { version, id, bucket, key, uploadId, shardCount, entryCount, sourceSize };
		expect(await readManifest(connection, plan)).toEqual(manifest);
		expect(await isUnderWay(connection, plan)).toBe(true);
	});

	it("says what it may mean if there is no manifest", async () => {
		const manifest = newManifest();
		expect(await findManifest(connection, manifest)).toBe(undefined);
		await expect(readManifest(connection, manifest)).rejects.toMatchObject({
			code: "SHARDS_OVER",
			plan: manifest.id,
			message: expect.stringContaining("the archive was finished or aborted"),
		});
	});

	it("says of a manifest in a newer format that it is newer, and not that it is damaged", async () => {
		const manifest = newManifest();
		await writeManifest(connection, { ...manifest, version: 3 as 1 });
		await expect(readManifest(connection, manifest)).rejects.toMatchObject({
			code: "INVALID_OPTION",
			message: expect.stringContaining("has version 3 of its format"),
		});
	});

	it("refuses a manifest in which any one bit has changed", async () => {
		const manifest = newManifest();
		await writeManifest(connection, manifest);
		const bytes = await bytesAt(manifestKey(manifest));
		// One in each part of it; the newline at its end is not part of it.
		for (const at of [1, 20, Math.floor(bytes.byteLength / 2), bytes.byteLength - 10, bytes.byteLength - 2]) {
			const changed = Buffer.from(bytes);
			changed[at] = (changed[at] ?? 0) ^ 1;
			await putSmall(connection, address(manifestKey(manifest)), changed);
			await expect(readManifest(connection, manifest)).rejects.toMatchObject({ code: "INTEGRITY" });
		}
	});

	it("refuses the manifest of another plan or upload", async () => {
		const manifest = newManifest();
		await writeManifest(connection, manifest);
		await expect(readManifest(connection, { ...manifest, uploadId: "other" })).rejects.toMatchObject({
			code: "INTEGRITY",
			message: expect.stringContaining("contradicts the plan"),
		});
		const other = newManifest();
		await putSmall(connection, address(manifestKey(other)), await bytesAt(manifestKey(manifest)));
		await expect(readManifest(connection, other)).rejects.toMatchObject({
			message: expect.stringContaining("another plan"),
		});
	});

	it("reads a slice as it was written, its head and its bytes", async () => {
		const manifest = newManifest();
		const [directory, tail] = [Buffer.from("directory"), Buffer.from("tail")];
		const head = headOf(manifest, Buffer.concat([directory, tail]), { directorySize: 9, tailSize: 4 });
		expect(await readSliceHead(connection, manifest, 0)).toBe(undefined);
		await writeSlice(connection, manifest, head, [directory.subarray(0, 4), directory.subarray(4)], tail);
		expect(await readSliceHead(connection, manifest, 0)).toMatchObject(head);
		expect((await read(manifest)).toString()).toBe("directorytail");
	});

	it("reads a slice without bytes, and one whose head is long", async () => {
		const manifest = newManifest();
		const empty = Buffer.alloc(0);
		await writeSlice(connection, manifest, headOf(manifest, empty), [], empty);
		expect((await read(manifest)).byteLength).toBe(0);
		const body = Buffer.alloc(300_000, "x");
		const parts = Array.from({ length: 3_000 }, (_, index) => ({
			...{
				partNumber: index + 1,
				size: 5_242_880,
				etag: "0".repeat(32),
				crc32: undefined,
				md5: "1".repeat(32),
			},
		}));
		await writeSlice(connection, manifest, headOf(manifest, body, { index: 7, parts }), [body], empty);
		expect((await readSliceHead(connection, manifest, 7))?.parts).toEqual(parts);
		expect((await read(manifest, 7)).equals(body)).toBe(true);
	});

	it("refuses a slice in which a bit has changed, that is cut, longer, or of another shard", async () => {
		const manifest = newManifest();
		const body = Buffer.from("directory");
		await writeSlice(connection, manifest, headOf(manifest, body), [body], Buffer.alloc(0));
		const bytes = await bytesAt(sliceKey(manifest, 0));
		for (const at of [1, 30, bytes.indexOf("\n") - 3, bytes.indexOf("\n"), bytes.byteLength - 1]) {
			const changed = Buffer.from(bytes);
			changed[at] = (changed[at] ?? 0) ^ 1;
			await putSmall(connection, address(sliceKey(manifest, 0)), changed);
			await expect(read(manifest)).rejects.toMatchObject({ code: "INTEGRITY" });
		}
		for (const other of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.from("x")]), Buffer.alloc(0)]) {
			await putSmall(connection, address(sliceKey(manifest, 0)), other);
			await expect(read(manifest)).rejects.toMatchObject({ code: "INTEGRITY" });
		}
		await putSmall(connection, address(sliceKey(manifest, 1)), bytes);
		await expect(read(manifest, 1)).rejects.toMatchObject({
			message: expect.stringContaining("that of another shard"),
		});
	});

	it("removes one slice, or all helpers of a plan, and nothing else", async () => {
		const [manifest, other] = [newManifest(), newManifest()];
		const body = Buffer.from("directory");
		for (const plan of [manifest, other]) {
			await writeManifest(connection, plan);
			await putSmall(connection, address(pageKey(plan, 0)), body);
			await writeSlice(connection, plan, headOf(plan, body), [body], Buffer.alloc(0));
		}
		await removeSlice(connection, manifest, 0);
		await removeSlice(connection, manifest, 0);
		expect(await readSliceHead(connection, manifest, 0)).toBe(undefined);
		expect(await removeHelpers(connection, manifest)).toBe(2);
		expect(await removeHelpers(connection, manifest)).toBe(0);
		expect(await isUnderWay(connection, manifest)).toBe(false);
		expect(await isUnderWay(connection, other)).toBe(true);
		expect((await read(other)).equals(body)).toBe(true);
		expect(shardsPrefix(other)).not.toBe(shardsPrefix(manifest));
	});
});
