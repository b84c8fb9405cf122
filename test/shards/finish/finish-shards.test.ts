import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MiB } from "../../../src/bytes/units.ts";
import type { ZipferryEvent } from "../../../src/events.ts";
import type { Connection } from "../../../src/s3/connection.ts";
import { connect } from "../../../src/s3/connection.ts";
import { abortShards } from "../../../src/shards/finish/abort-shards.ts";
import { type FinishedShards, finishShardsWith } from "../../../src/shards/finish/finish-shards.ts";
import type { FinishShardsOptions } from "../../../src/shards/finish/options.ts";
import { shardsStatus } from "../../../src/shards/finish/shards-status.ts";
import type { Manifest } from "../../../src/shards/manifest.ts";
import { manifestKey, shardsPrefix, sliceKey } from "../../../src/shards/shard-keys.ts";
import { ContractBucket } from "../../s3/contract-bucket.ts";
import { contractServer } from "../../s3/servers.ts";
import { ShardsFixture } from "./shards-fixture.ts";

const server = await contractServer();
afterAll(() => server.stop());

const SIZES = [
	[MiB, 3 * MiB, 2 * MiB],
	[6 * MiB, 5 * MiB],
	[100, 0, 5 * MiB, 2 * MiB],
];

describe(`finishing shards on ${server.name}`, { timeout: 60_000 }, () => {
	let store: ContractBucket;
	let connection: Connection;
	const storage = {
		...{ endpoint: server.endpoint, region: server.region, credentials: server.credentials, pathStyle: true },
		provider: server.name === "ceph" ? ("ceph" as const) : ("generic" as const),
	};
	beforeAll(async () => {
		store = await ContractBucket.create(server);
		connection = await connect(
			{ ...storage, connectTimeoutMs: 10_000, readTimeoutMs: 60_000 },
			store.name,
			4,
		);
	});
	afterAll(async () => {
		connection.close();
		await store.destroy();
	});

	const plan = (sizes: readonly (readonly number[])[] = SIZES, changes: Partial<Manifest> = {}) =>
		ShardsFixture.plan(store, connection, sizes, changes);
	const nobody = (): Promise<never> => Promise.reject(new Error("no shard was to be made"));
	const finish = (
		{ manifest }: ShardsFixture,
		options: FinishShardsOptions = {},
		make: (index: number) => Promise<unknown> = nobody,
	): Promise<FinishedShards> =>
		finishShardsWith(manifest, { ...storage, retryTimeMs: 5_000, ...options }, make);
	const abort = ({ manifest }: ShardsFixture) => abortShards(manifest, storage);
	const status = ({ manifest }: ShardsFixture) => shardsStatus(manifest, storage);
	/** What is left of a plan, beside the archive. */
	const leftOf = async ({ manifest: { key } }: ShardsFixture) => ({
		uploads: await store.uploads(key),
		objects: (await store.keys(key)).filter((there) => there !== key),
	});
	const NOTHING = { uploads: [], objects: [] };

	it("makes the archive that one process makes, byte for byte, and leaves nothing beside it", async () => {
		const shards = await plan();
		await shards.makeAll();
		const finished = await finish(shards);
		const { bucket, key, entryCount } = shards.manifest;
		expect(finished).toMatchObject({
			bucket,
			key,
			entryCount,
			zip64: false,
			alreadyComplete: false,
			remadeShards: [],
		});
		expect(finished.size).toBe(shards.archive.byteLength);
		expect((await store.read(key)).equals(shards.archive)).toBe(true);
		expect(await leftOf(shards)).toEqual(NOTHING);
	});

	it("makes an archive that is smaller than a part", async () => {
		const shards = await plan([[10, 0, 3_000]]);
		await shards.makeAll();
		expect(await finish(shards)).toMatchObject({ partCount: 1, size: shards.archive.byteLength });
		expect((await store.read(shards.manifest.key)).equals(shards.archive)).toBe(true);
	});

	it("is done when it runs a second time, and a third", async () => {
		const shards = await plan();
		await shards.makeAll();
		const { etag, size } = await finish(shards);
		const again = { etag, size, alreadyComplete: true, remadeShards: [], entryCount: 9 };
		expect(await finish(shards)).toMatchObject(again);
		expect(await finish(shards)).toMatchObject(again);
	});

	it("is done twice at the same time", async () => {
		const shards = await plan();
		await shards.makeAll();
		const outcomes = await Promise.all([finish(shards), finish(shards), finish(shards)]);
		expect(new Set(outcomes.map(({ size }) => size))).toEqual(new Set([shards.archive.byteLength]));
		expect((await store.read(shards.manifest.key)).equals(shards.archive)).toBe(true);
		expect(await leftOf(shards)).toEqual(NOTHING);
	});

	it("goes on where a finish was killed before it had removed the helper objects", async () => {
		const shards = await plan();
		await shards.makeAll();
		const helpers = await Promise.all(
			(await store.keys(shardsPrefix(shards.manifest))).map(async (key) => ({
				key,
				body: await store.read(key),
			})),
		);
		await finish(shards);
		for (const { key, body } of helpers) await store.put(key, body);
		expect(await finish(shards)).toMatchObject({ alreadyComplete: true });
		expect(await leftOf(shards)).toEqual(NOTHING);
	});

	it("names the shards that nobody has made, and changes nothing", async () => {
		const shards = await plan();
		await shards.make(1);
		await expect(finish(shards)).rejects.toMatchObject({
			code: "SHARDS_MISSING",
			missing: [0, 2],
			message: expect.stringMatching(/cannot be finished yet: 2 of 3 shards are not made \(0, 2\)$/),
		});
		expect(await status(shards)).toMatchObject({
			state: "incomplete",
			made: [1],
			missing: [0, 2],
			damaged: [],
		});
		await shards.make(0);
		await shards.make(2);
		expect(await finish(shards)).toMatchObject({ alreadyComplete: false });
	});

	it("makes shards that nobody has made where it is asked to", async () => {
		const shards = await plan();
		await shards.make(1);
		const finished = await finish(shards, { makeMissing: true }, (index) => shards.make(index));
		expect(finished.remadeShards).toEqual([0, 2]);
		expect((await store.read(shards.manifest.key)).equals(shards.archive)).toBe(true);
	});

	it.each<readonly [what: string, harm: (shards: ShardsFixture) => Promise<unknown>]>([
		[
			"has a part that others have replaced",
			({ manifest }) =>
				store.uploadPart(
					manifest.key,
					manifest.uploadId,
					manifest.shards[1]?.firstPart ?? 0,
					Buffer.alloc(5 * MiB),
				),
		],
		[
			"lacks a part that its slice names",
			async (shards) =>
				shards.writeSlice(1, [
					{ partNumber: 99, size: 5 * MiB, etag: "0".repeat(32), crc32: undefined, md5: undefined },
				]),
		],
		["has a slice whose first line is damaged", (shards) => flip(sliceKey(shards.manifest, 1), 5)],
		["has a slice whose directory is damaged", (shards) => flip(sliceKey(shards.manifest, 1), -3)],
		[
			"has a slice that was cut",
			async (shards) => {
				const key = sliceKey(shards.manifest, 1);
				await store.put(key, (await store.read(key)).subarray(0, -1));
			},
		],
	])("makes a shard again that %s", async (_, harm) => {
		const shards = await plan();
		await shards.makeAll();
		await harm(shards);
		const remade: number[] = [];
		const finished = await finish(shards, {}, async (index) => {
			remade.push(index);
			await shards.make(index);
		});
		expect(remade).toEqual([1]);
		expect(finished.remadeShards).toEqual([1]);
		expect((await store.read(shards.manifest.key)).equals(shards.archive)).toBe(true);
		expect(await leftOf(shards)).toEqual(NOTHING);
	});

	it("gives up on a shard that stays other than its slice says, and keeps everything", async () => {
		const shards = await plan();
		await shards.makeAll();
		const harm = () =>
			store.uploadPart(shards.manifest.key, shards.manifest.uploadId, 1, Buffer.alloc(5 * MiB));
		await harm();
		let made = 0;
		const making = finish(shards, {}, async (index) => {
			made += 1;
			await shards.make(index);
			await harm();
		});
		await expect(making).rejects.toMatchObject({ code: "SHARDS_MISSING", missing: [0] });
		expect(made).toBe(3);
		expect(await leftOf(shards)).toMatchObject({ uploads: [{}] });
	});

	it("refuses a damaged manifest, and keeps everything", async () => {
		const shards = await plan();
		await shards.makeAll();
		await flip(manifestKey(shards.manifest), 40);
		await expect(finish(shards)).rejects.toMatchObject({ code: "INTEGRITY" });
		await expect(status(shards)).rejects.toMatchObject({ code: "INTEGRITY" });
		const left = await leftOf(shards);
		expect([left.uploads.length, left.objects.length]).toEqual([1, 4]);
		expect(await abort(shards)).toMatchObject({ aborted: true, removedCount: 4 });
	});

	it("says that it is over when the upload was removed by others, and abort removes the rest", async () => {
		const shards = await plan();
		await shards.makeAll();
		const { key, uploadId } = shards.manifest;
		await store.abort(key, uploadId);
		await expect(finish(shards)).rejects.toMatchObject({
			code: "SHARDS_OVER",
			message: expect.stringContaining("is gone, aborted by somebody or by a lifecycle rule"),
		});
		expect(await status(shards)).toMatchObject({ state: "gone" });
		expect(await abort(shards)).toMatchObject({ aborted: false, complete: false, removedCount: 4 });
		expect(await leftOf(shards)).toEqual(NOTHING);
	});

	it("says that it is over behind an abort, and leaves nothing", async () => {
		const shards = await plan();
		await shards.make(0);
		expect(await abort(shards)).toMatchObject({ aborted: true, complete: false, removedCount: 2 });
		expect(await leftOf(shards)).toEqual(NOTHING);
		expect(await store.keys(shards.manifest.key)).toEqual([]);
		await expect(finish(shards)).rejects.toMatchObject({ code: "SHARDS_OVER" });
		expect(await status(shards)).toMatchObject({ state: "gone", made: [], missing: [0, 1, 2] });
		expect(await abort(shards)).toMatchObject({ aborted: false, complete: false, removedCount: 0 });
	});

	it("does not abort an archive that is complete", async () => {
		const shards = await plan();
		await shards.makeAll();
		await finish(shards);
		expect(await abort(shards)).toMatchObject({ aborted: false, complete: true, removedCount: 0 });
		expect(await status(shards)).toMatchObject({
			state: "complete",
			made: [0, 1, 2],
			missing: [],
			uploadedSize: shards.archive.byteLength,
		});
		expect((await store.read(shards.manifest.key)).byteLength).toBe(shards.archive.byteLength);
	});

	it("leaves an object that is there already, where it is asked to, and keeps everything", async () => {
		const shards = await plan(SIZES, { object: { noClobber: true } });
		await shards.makeAll();
		await store.put(shards.manifest.key, "older");
		await expect(finish(shards)).rejects.toMatchObject({
			code: "DESTINATION_EXISTS",
			message: expect.stringContaining("what was uploaded so far is kept: finish it again, or abort it"),
		});
		expect((await store.read(shards.manifest.key)).toString()).toBe("older");
		await store.delete(shards.manifest.key);
		expect(await finish(shards)).toMatchObject({ alreadyComplete: false });
		expect(await finish(shards)).toMatchObject({ alreadyComplete: true });
	});

	it("stops on its signal, and can be finished then", async () => {
		const shards = await plan();
		await shards.makeAll();
		const stop = new AbortController();
		const reason = new Error("enough");
		const onEvent = (event: ZipferryEvent) => {
			if (event.type === "request" && event.operation === "ListParts") stop.abort(reason);
		};
		await expect(finish(shards, { signal: stop.signal, onEvent })).rejects.toBe(reason);
		expect(await status(shards)).toMatchObject({ state: "incomplete", made: [0, 1, 2] });
		expect(await finish(shards)).toMatchObject({ alreadyComplete: false });
	});

	it("knows the truth though nothing but the storage remembers it", async () => {
		const shards = await plan();
		expect(await status(shards)).toMatchObject({
			state: "incomplete",
			made: [],
			missing: [0, 1, 2],
			uploadedSize: 0,
		});
		await shards.make(2);
		await shards.sendParts(0);
		const { made, missing, damaged, uploadedSize, partCount } = await status(shards);
		expect({ made, missing, damaged }).toEqual({ made: [2], missing: [0, 1], damaged: [] });
		expect(partCount).toBe(2);
		expect(uploadedSize).toBeGreaterThan(11 * MiB);
		await flip(sliceKey(shards.manifest, 2), 3);
		expect(await status(shards)).toMatchObject({ made: [], missing: [0, 1], damaged: [2] });
	});

	const flip = async (key: string, at: number): Promise<void> => {
		const bytes = await store.read(key);
		const index = at < 0 ? bytes.byteLength + at : at;
		bytes[index] = (bytes[index] ?? 0) ^ 1;
		await store.put(key, bytes);
	};
});
