import { randomBytes } from "node:crypto";
import { CreateBucketCommand, DeleteBucketCommand, PutBucketVersioningCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deleteObjects } from "../../src/s3/objects/delete-objects.ts";
import { getRange } from "../../src/s3/objects/get-range.ts";
import { headObject } from "../../src/s3/objects/head-object.ts";
import { listObjectVersions } from "../../src/s3/objects/list-object-versions.ts";
import { listObjects } from "../../src/s3/objects/list-objects.ts";
import { putSmall } from "../../src/s3/objects/put-small.ts";
import type { ContractBucket } from "./contract-bucket.ts";
import { bytesOf, collect, connectTo } from "./contract-connection.ts";
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

/** How zipferry itself lists and deletes. */
export function listingRequestContract(bucket: () => ContractBucket, server: ContractServer): void {
	describe("listing and deleting by the requests of s3/objects", () => {
		const connection = connectTo(server, bucket);
		const keysUnder = async (prefix: string, pageSize?: number) => {
			const pages = listObjects(connection(), { bucket: bucket().name, prefix }, { pageSize });
			const keys: string[] = [];
			for await (const { objects } of pages) keys.push(...objects.map(({ key }) => key));
			return keys;
		};

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
				for await (const page of listObjects(connection(), address, { delimiter: "/", pageSize: 2 }))
					prefixes.push(...page.commonPrefixes);
				expect(prefixes).toEqual(expect.arrayContaining(["odd/", "pages/"]));
				expect(new Set(prefixes).size).toBe(prefixes.length);
				const options = { startAfter: "pages/22" };
				const behind = listObjects(connection(), { ...address, prefix: "pages/" }, options);
				const { value: page } = await behind.next();
				expect(page?.objects.map(({ key }) => key)).toEqual(["pages/23", "pages/24"]);
			});

			it("listObjectVersions gives one version of each where none are kept", async () => {
				const address = { bucket: bucket().name, prefix: "pages/" };
				const versions = await collect(listObjectVersions(connection(), address, { pageSize: 10 }));
				expect(versions.map(({ key }) => key)).toEqual(names);
				expect(versions[0]).toMatchObject({
					...{ versionId: "null", isLatest: true, isDeleteMarker: false, size: 8 },
				});
				const odd = await collect(
					listObjectVersions(connection(), { ...address, prefix: "odd/" }, { pageSize: 3 }),
				);
				expect(odd.map(({ key }) => key).sort()).toEqual([...ODD_KEYS].sort());
			});

			it("deleteObjects deletes all kinds of keys, and what is not there", async () => {
				const wanted = [...ODD_KEYS, ...names.slice(0, 5), "never-was"].map((key) => ({ key }));
				expect(await deleteObjects(connection(), bucket().name, wanted)).toEqual([]);
				expect(await keysUnder("odd/")).toEqual([]);
				expect(await keysUnder("pages/")).toEqual(names.slice(5));
				const version = { key: "pages/05", versionId: "null" };
				expect(await deleteObjects(connection(), bucket().name, [version, { key: "pages/06" }])).toEqual([]);
				expect(await keysUnder("pages/")).toEqual(names.slice(7));
			});
		});

		it("deleteObjects tells for each object why it could not be deleted", async () => {
			const wanted = [{ key: "a" }, { key: "b" }];
			const failures = await deleteObjects(connection(), `${bucket().name}-x`, wanted);
			expect(failures).toMatchObject(
				wanted.map((object) => ({ ...object, error: { code: "NO_SUCH_BUCKET" } })),
			);
		});
	});
}

/** The same of a bucket that keeps versions. */
export function versionRequestContract(bucket: () => ContractBucket, server: ContractServer): void {
	describe.runIf(server.differences.versions)("versions", () => {
		const name = `zipferry-versions-${randomBytes(6).toString("hex")}`;
		const versioned = { bucket: name, key: "k" };
		const connection = connectTo(server, bucket);
		beforeAll(async () => {
			await bucket().client.send(new CreateBucketCommand({ Bucket: name }));
			await bucket().client.send(
				new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration: { Status: "Enabled" } }),
			);
		});
		afterAll(async () => {
			const all = await collect(listObjectVersions(connection(), { bucket: name, prefix: "" }));
			expect(await deleteObjects(connection(), name, all)).toEqual([]);
			await bucket().client.send(new DeleteBucketCommand({ Bucket: name }));
		});

		it("are listed, read and deleted one by one", async () => {
			const first = await putSmall(connection(), versioned, Buffer.from("first"));
			const second = await putSmall(connection(), versioned, Buffer.from("second"));
			expect(first.versionId).not.toBe(second.versionId);
			expect(await deleteObjects(connection(), name, [{ key: "k" }])).toEqual([]);
			expect(await headObject(connection(), versioned)).toBeUndefined();
			const { versionId } = first;
			const old = await getRange(connection(), versioned, { suffix: 5 }, { versionId });
			expect((await bytesOf(old)).toString()).toBe("first");
			expect(await headObject(connection(), versioned, { versionId })).toMatchObject({ size: 5, versionId });

			const address = { bucket: name, prefix: "" };
			const all = await collect(listObjectVersions(connection(), address, { pageSize: 1 }));
			expect(all.filter(({ isDeleteMarker }) => !isDeleteMarker).map(({ versionId: id }) => id)).toEqual([
				second.versionId,
				first.versionId,
			]);
			const markers = all.filter(({ isDeleteMarker }) => isDeleteMarker);
			expect(markers).toMatchObject([{ key: "k", isLatest: true }]);
			expect(await deleteObjects(connection(), name, markers)).toEqual([]);
			expect(await headObject(connection(), versioned)).toMatchObject({ versionId: second.versionId });
		});
	});
}
