import { createHash, randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { isConditionFailed, isNotFound, isOutOfRange } from "../../src/s3/errors/refusals.ts";
import { getRange } from "../../src/s3/objects/get-range.ts";
import { getSmall } from "../../src/s3/objects/get-small.ts";
import { headObject } from "../../src/s3/objects/head-object.ts";
import { putSmall } from "../../src/s3/objects/put-small.ts";
import { type ContractBucket, MIN_PART_SIZE } from "./contract-bucket.ts";
import { bytesOf, connectTo } from "./contract-connection.ts";
import type { ContractServer } from "./servers.ts";

/** What zipferry itself asks of a storage, beside uploading, through its own requests. */
export function requestContract(bucket: () => ContractBucket, server: ContractServer): void {
	const { differences } = server;
	describe("the requests of s3/objects", () => {
		const connection = connectTo(server, bucket);
		const at = (key: string) => ({ bucket: bucket().name, key });

		describe("headObject", () => {
			it("tells what is there", async () => {
				const bytes = randomBytes(1000);
				const md5 = createHash("md5").update(bytes).digest("hex");
				const put = await putSmall(connection(), at("head"), bytes, {
					contentType: "application/zip",
					metadata: { job: "photos", start: "12" },
				});
				expect(put.etag).toBe(md5);
				const head = await headObject(connection(), at("head"));
				expect(head).toMatchObject({
					...{ size: 1000, etag: md5, md5, contentType: "application/zip" },
					metadata: { job: "photos", start: "12" },
				});
				expect(Math.abs((head?.lastModified?.getTime() ?? 0) - Date.now())).toBeLessThan(600_000);
			});

			it("is undefined where nothing is", async () => {
				expect(await headObject(connection(), at("nothing"))).toBeUndefined();
			});
		});

		describe("getRange", () => {
			const bytes = randomBytes(300_000);
			beforeAll(() => putSmall(connection(), at("range"), bytes));

			it.each([
				["from the beginning", { start: 0, end: 10 }, 0, 10],
				["from the middle", { start: 100_000, end: 250_000 }, 100_000, 250_000],
				["of one byte", { start: 299_999, end: 300_000 }, 299_999, 300_000],
				["that ends behind the object", { start: 299_000, end: 400_000 }, 299_000, 300_000],
				["of the last bytes", { suffix: 1_000 }, 299_000, 300_000],
				["of more last bytes than there are", { suffix: 1_000_000 }, 0, 300_000],
			])("gives a range %s", async (_, wanted, start, end) => {
				const reading = await getRange(connection(), at("range"), wanted);
				expect(reading).toMatchObject({ start, end, size: bytes.byteLength });
				expect((await bytesOf(reading)).equals(bytes.subarray(start, end))).toBe(true);
			});

			it("keeps to the object that it began with", async () => {
				await putSmall(connection(), at("replaced"), bytes);
				const { etag, discard } = await getRange(connection(), at("replaced"), { suffix: 10 });
				discard();
				const same = await getRange(connection(), at("replaced"), { start: 0, end: 10 }, { ifMatch: etag });
				expect(await bytesOf(same)).toHaveLength(10);
				await putSmall(connection(), at("replaced"), randomBytes(300_000));
				const other = getRange(connection(), at("replaced"), { start: 0, end: 10 }, { ifMatch: etag });
				await expect(other).rejects.toMatchObject({
					code: "SOURCE_CHANGED",
					message: expect.stringMatching(/replaced\b.* was replaced while it was read$/),
				});
			});

			it("tells what is not there from bytes that are not", async () => {
				const nothing = getRange(connection(), at("nothing"), { start: 0, end: 1 });
				expect(await nothing.catch((error: unknown) => isNotFound(error))).toBe(true);
				const behind = getRange(connection(), at("range"), { start: 300_000, end: 300_001 });
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
				const all = await getRange(connection(), at("in-parts"), { start: 1, end: MIN_PART_SIZE + 1_000 });
				expect((await bytesOf(all)).equals(Buffer.concat([first, second]).subarray(1))).toBe(true);
				expect(await headObject(connection(), at("in-parts"))).toMatchObject({ md5: undefined });
			});
		});

		it("getSmall gives a whole object, and none that is large", async () => {
			await putSmall(connection(), at("small"), Buffer.from("text"));
			const small = await getSmall(connection(), at("small"), { maxSize: 4 });
			expect(small).toMatchObject({ bytes: Buffer.from("text") });
			expect(await getSmall(connection(), at("small"), { maxSize: 3 })).toBe("too-large");
			expect(await getSmall(connection(), at("nothing"), { maxSize: 3 })).toBeUndefined();
			await putSmall(connection(), at("empty"), new Uint8Array());
			expect(await getSmall(connection(), at("empty"), { maxSize: 3 })).toMatchObject({
				bytes: new Uint8Array(),
			});
		});

		describe.runIf(differences.conditionalPut)("putSmall", () => {
			it("puts where nothing is, once", async () => {
				const bytes = randomBytes(10);
				await putSmall(connection(), at("lock"), bytes, { replaces: "nothing" });
				const again = putSmall(connection(), at("lock"), randomBytes(10), { replaces: "nothing" });
				await expect(again).rejects.toMatchObject({ code: "DESTINATION_EXISTS" });
				expect((await bucket().read("lock")).equals(bytes)).toBe(true);
			});

			it("replaces what it knows, and nothing else", async () => {
				const { etag } = await putSmall(connection(), at("lease"), randomBytes(10));
				const second = await putSmall(connection(), at("lease"), randomBytes(10), { replaces: { etag } });
				const late = putSmall(connection(), at("lease"), randomBytes(10), { replaces: { etag } });
				const failure: unknown = await late.catch((error: unknown) => error);
				expect(isConditionFailed(failure)).toBe(true);
				expect(failure).toMatchObject({
					message: expect.stringMatching(/replaced or removed by somebody else/),
				});
				expect(await headObject(connection(), at("lease"))).toMatchObject({ etag: second.etag });
			});

			it("does not put where what it knows is gone", async () => {
				const gone = putSmall(connection(), at("gone"), randomBytes(10), {
					replaces: { etag: "0".repeat(32) },
				});
				expect(await gone.catch((error: unknown) => isConditionFailed(error))).toBe(true);
			});
		});
	});
}
