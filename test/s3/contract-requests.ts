import { createHash, randomBytes } from "node:crypto";
import { CreateBucketCommand, DeleteBucketCommand, PutBucketVersioningCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Connection, connect } from "../../src/s3/connection.ts";
import { deleteObjects } from "../../src/s3/objects/delete-objects.ts";
import { getRange, type RangeReading } from "../../src/s3/objects/get-range.ts";
import { getSmall } from "../../src/s3/objects/get-small.ts";
import { headObject } from "../../src/s3/objects/head-object.ts";
import { listObjectVersions } from "../../src/s3/objects/list-object-versions.ts";
import { listObjects } from "../../src/s3/objects/list-objects.ts";
import { putSmall } from "../../src/s3/objects/put-small.ts";
import { isConditionFailed, isNotFound, isOutOfRange } from "../../src/s3/refusals.ts";
import { connectSettings } from "../support/settings.ts";
import { type ContractBucket, MIN_PART_SIZE } from "./contract-bucket.ts";
import type { ContractServer } from "./servers.ts";

/** Keys that XML, URLs or listings get wrong. */
const ODD_KEYS = [
	"odd/ space ",
	"odd/+plus%20percent%",
	"odd/<&>\"'",
	"odd/\u0001control\u001f",
	"odd/line\nfeed\rreturn\ttab",
	"odd//double//slash/",
	"odd/ä-\u0061\u0308-🚢-\uffee",
	"odd/?query=1#hash",
];

const bytesOf = async ({ chunks }: RangeReading) => {
	const pieces: Uint8Array[] = [];
	for await (const chunk of chunks) pieces.push(chunk);
	return Buffer.concat(pieces);
};

/** What zipferry itself asks of a storage, beside uploading, through its own requests. */
export function requestContract(bucket: () => ContractBucket, server: ContractServer): void {
	const { differences } = server;
	describe("the requests of s3/objects", () => {
		let connection: Connection;
		const at = (key: string) => ({ bucket: bucket().name, key });
		const collect = async <Item>(pages: AsyncIterable<readonly Item[]>) => {
			const all: Item[] = [];
			for await (const page of pages) all.push(...page);
			return all;
		};
		const keysUnder = async (prefix: string, pageSize?: number) => {
			const keys: string[] = [];
			for await (const { objects } of listObjects(
				connection,
				{ bucket: bucket().name, prefix },
				{ pageSize },
			))
				keys.push(...objects.map(({ key }) => key));
			return keys;
		};

		beforeAll(async () => {
			const { accessKeyId, secretAccessKey } = server.credentials;
			vi.stubEnv("AWS_ACCESS_KEY_ID", accessKeyId);
			vi.stubEnv("AWS_SECRET_ACCESS_KEY", secretAccessKey);
			const { endpoint, region } = server;
			connection = await connect(connectSettings({ endpoint, region, pathStyle: true }), bucket().name, 8);
		});
		afterAll(() => {
			connection.close();
			vi.unstubAllEnvs();
		});

		describe("headObject", () => {
			it("tells what is there", async () => {
				const bytes = randomBytes(1000);
				const md5 = createHash("md5").update(bytes).digest("hex");
				const put = await putSmall(connection, at("head"), bytes, {
					contentType: "application/zip",
					metadata: { job: "photos", start: "12" },
				});
				expect(put.etag).toBe(md5);
				const head = await headObject(connection, at("head"));
				expect(head).toMatchObject({
					...{ size: 1000, etag: md5, md5, contentType: "application/zip" },
					metadata: { job: "photos", start: "12" },
				});
				expect(Math.abs((head?.lastModified?.getTime() ?? 0) - Date.now())).toBeLessThan(600_000);
			});

			it("is undefined where nothing is", async () => {
				expect(await headObject(connection, at("nothing"))).toBeUndefined();
			});
		});

		describe("getRange", () => {
			const bytes = randomBytes(300_000);
			beforeAll(() => putSmall(connection, at("range"), bytes));

			it.each([
				["from the beginning", { start: 0, end: 10 }, 0, 10],
				["from the middle", { start: 100_000, end: 250_000 }, 100_000, 250_000],
				["of one byte", { start: 299_999, end: 300_000 }, 299_999, 300_000],
				["that ends behind the object", { start: 299_000, end: 400_000 }, 299_000, 300_000],
				["of the last bytes", { suffix: 1_000 }, 299_000, 300_000],
				["of more last bytes than there are", { suffix: 1_000_000 }, 0, 300_000],
			])("gives a range %s", async (_, wanted, start, end) => {
				const reading = await getRange(connection, at("range"), wanted);
				expect(reading).toMatchObject({ start, end, size: bytes.byteLength });
				expect((await bytesOf(reading)).equals(bytes.subarray(start, end))).toBe(true);
			});

			it("keeps to the object that it began with", async () => {
				await putSmall(connection, at("replaced"), bytes);
				const { etag, discard } = await getRange(connection, at("replaced"), { suffix: 10 });
				discard();
				const same = await getRange(connection, at("replaced"), { start: 0, end: 10 }, { ifMatch: etag });
				expect(await bytesOf(same)).toHaveLength(10);
				await putSmall(connection, at("replaced"), randomBytes(300_000));
				const other = getRange(connection, at("replaced"), { start: 0, end: 10 }, { ifMatch: etag });
				await expect(other).rejects.toMatchObject({
					code: "SOURCE_CHANGED",
					message: expect.stringMatching(/replaced\b.* was replaced while it was read$/),
				});
			});

			it("tells what is not there from bytes that are not", async () => {
				const nothing = getRange(connection, at("nothing"), { start: 0, end: 1 });
				expect(await nothing.catch((error: unknown) => isNotFound(error))).toBe(true);
				const behind = getRange(connection, at("range"), { start: 300_000, end: 300_001 });
				expect(await behind.catch((error: unknown) => isOutOfRange(error))).toBe(true);
			});

			it("gives an object of several parts, in many chunks", async () => {
				const id = await bucket().createUpload("in-parts");
				const [first, second] = [randomBytes(MIN_PART_SIZE), randomBytes(1_000)];
				const parts = [
					await bucket().uploadPart("in-parts", id, 1, first),
					await bucket().uploadPart("in-parts", id, 2, second),
				];
				await bucket().complete("in-parts", id, parts);
				const all = await getRange(connection, at("in-parts"), { start: 1, end: MIN_PART_SIZE + 1_000 });
				expect((await bytesOf(all)).equals(Buffer.concat([first, second]).subarray(1))).toBe(true);
				expect(await headObject(connection, at("in-parts"))).toMatchObject({ md5: undefined });
			});
		});

		it("getSmall gives a whole object, and none that is large", async () => {
			await putSmall(connection, at("small"), Buffer.from("text"));
			const small = await getSmall(connection, at("small"), { maxSize: 4 });
			expect(small).toMatchObject({ bytes: Buffer.from("text") });
			expect(await getSmall(connection, at("small"), { maxSize: 3 })).toBe("too-large");
			expect(await getSmall(connection, at("nothing"), { maxSize: 3 })).toBeUndefined();
			await putSmall(connection, at("empty"), new Uint8Array());
			expect(await getSmall(connection, at("empty"), { maxSize: 3 })).toMatchObject({
				bytes: new Uint8Array(),
			});
		});

		describe.runIf(differences.conditionalPut)("putSmall", () => {
			it("puts where nothing is, once", async () => {
				const bytes = randomBytes(10);
				await putSmall(connection, at("lock"), bytes, { replaces: "nothing" });
				const again = putSmall(connection, at("lock"), randomBytes(10), { replaces: "nothing" });
				await expect(again).rejects.toMatchObject({ code: "DESTINATION_EXISTS" });
				expect((await bucket().read("lock")).equals(bytes)).toBe(true);
			});

			it("replaces what it knows, and nothing else", async () => {
				const { etag } = await putSmall(connection, at("lease"), randomBytes(10));
				const second = await putSmall(connection, at("lease"), randomBytes(10), { replaces: { etag } });
				const late = putSmall(connection, at("lease"), randomBytes(10), { replaces: { etag } });
				const failure: unknown = await late.catch((error: unknown) => error);
				expect(isConditionFailed(failure)).toBe(true);
				expect(failure).toMatchObject({
					message: expect.stringMatching(/replaced or removed by somebody else/),
				});
				expect(await headObject(connection, at("lease"))).toMatchObject({ etag: second.etag });
			});

			it("does not put where what it knows is gone", async () => {
				const gone = putSmall(connection, at("gone"), randomBytes(10), {
					replaces: { etag: "0".repeat(32) },
				});
				expect(await gone.catch((error: unknown) => isConditionFailed(error))).toBe(true);
			});
		});

		describe("listings", () => {
			const names = Array.from({ length: 25 }, (_, index) => `pages/${String(index).padStart(2, "0")}`);
			beforeAll(async () => {
				for (const key of [...ODD_KEYS, ...names]) await bucket().put(key, key);
			});

			it("listObjects goes through all pages in order", async () => {
				expect(await keysUnder("pages/", 10)).toEqual(names);
			});

			it("listObjects gives every key as it is", async () => {
				expect((await keysUnder("odd/", 3)).sort()).toEqual([...ODD_KEYS].sort());
			});

			it("listObjects shows what lies below as common prefixes, and starts behind a key", async () => {
				const address = { bucket: bucket().name, prefix: "" };
				const prefixes: string[] = [];
				for await (const page of listObjects(connection, address, { delimiter: "/", pageSize: 2 }))
					prefixes.push(...page.commonPrefixes);
				expect(prefixes).toEqual(expect.arrayContaining(["odd/", "pages/"]));
				expect(new Set(prefixes).size).toBe(prefixes.length);
				const options = { startAfter: "pages/22" };
				const [page] = await collect(
					wrap(listObjects(connection, { ...address, prefix: "pages/" }, options)),
				);
				expect(page?.objects.map(({ key }) => key)).toEqual(["pages/23", "pages/24"]);
			});

			it("listObjectVersions gives one version of each where none are kept", async () => {
				const address = { bucket: bucket().name, prefix: "pages/" };
				const versions = await collect(listObjectVersions(connection, address, { pageSize: 10 }));
				expect(versions.map(({ key }) => key)).toEqual(names);
				expect(versions[0]).toMatchObject({
					...{ versionId: "null", isLatest: true, isDeleteMarker: false, size: 8 },
				});
				const odd = await collect(
					listObjectVersions(connection, { ...address, prefix: "odd/" }, { pageSize: 3 }),
				);
				expect(odd.map(({ key }) => key).sort()).toEqual([...ODD_KEYS].sort());
			});

			it("deleteObjects deletes all kinds of keys, and what is not there", async () => {
				const wanted = [...ODD_KEYS, ...names.slice(0, 5), "never-was"].map((key) => ({ key }));
				expect(await deleteObjects(connection, bucket().name, wanted)).toEqual([]);
				expect(await keysUnder("odd/")).toEqual([]);
				expect(await keysUnder("pages/")).toEqual(names.slice(5));
				const version = { key: "pages/05", versionId: "null" };
				expect(await deleteObjects(connection, bucket().name, [version, { key: "pages/06" }])).toEqual([]);
				expect(await keysUnder("pages/")).toEqual(names.slice(7));
			});
		});

		it("deleteObjects tells for each object why it could not be deleted", async () => {
			const wanted = [{ key: "a" }, { key: "b" }];
			const failures = await deleteObjects(connection, `${bucket().name}-x`, wanted);
			expect(failures).toMatchObject(
				wanted.map((object) => ({ ...object, error: { code: "NO_SUCH_BUCKET" } })),
			);
		});

		describe.runIf(differences.versions)("versions", () => {
			const name = `zipferry-versions-${randomBytes(6).toString("hex")}`;
			const versioned = { bucket: name, key: "k" };
			beforeAll(async () => {
				await bucket().client.send(new CreateBucketCommand({ Bucket: name }));
				await bucket().client.send(
					new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration: { Status: "Enabled" } }),
				);
			});
			afterAll(async () => {
				const all = await collect(listObjectVersions(connection, { bucket: name, prefix: "" }));
				expect(await deleteObjects(connection, name, all)).toEqual([]);
				await bucket().client.send(new DeleteBucketCommand({ Bucket: name }));
			});

			it("are listed, read and deleted one by one", async () => {
				const first = await putSmall(connection, versioned, Buffer.from("first"));
				const second = await putSmall(connection, versioned, Buffer.from("second"));
				expect(first.versionId).not.toBe(second.versionId);
				expect(await deleteObjects(connection, name, [{ key: "k" }])).toEqual([]);
				expect(await headObject(connection, versioned)).toBeUndefined();
				const { versionId } = first;
				const old = await getRange(connection, versioned, { suffix: 5 }, { versionId });
				expect((await bytesOf(old)).toString()).toBe("first");
				expect(await headObject(connection, versioned, { versionId })).toMatchObject({ size: 5, versionId });

				const address = { bucket: name, prefix: "" };
				const all = await collect(listObjectVersions(connection, address, { pageSize: 1 }));
				expect(all.filter(({ isDeleteMarker }) => !isDeleteMarker).map(({ versionId: id }) => id)).toEqual([
					second.versionId,
					first.versionId,
				]);
				const markers = all.filter(({ isDeleteMarker }) => isDeleteMarker);
				expect(markers).toMatchObject([{ key: "k", isLatest: true }]);
				expect(await deleteObjects(connection, name, markers)).toEqual([]);
				expect(await headObject(connection, versioned)).toMatchObject({ versionId: second.versionId });
			});
		});
	});
}

async function* wrap<Item>(items: AsyncIterable<Item>): AsyncGenerator<readonly Item[], void, void> {
	for await (const item of items) yield [item];
}
