import { ListObjectsCommand, ListObjectsV2Command, type ListObjectsV2CommandInput } from "@aws-sdk/client-s3";
import { beforeAll, describe, expect, it } from "vitest";
import { type ContractBucket, refusal } from "./contract-bucket.ts";

/** In the order of their UTF-8 bytes, which is not that of JavaScript's strings. */
const SORTED = [
	"list/A",
	"list/a b",
	"list/a+b",
	"list/dir/1",
	"list/dir/2",
	"list/dir/sub/3",
	"list/z",
	"list/ü",
	"list/\uff5a",
	"list/🚢",
];

export function listingContract(bucket: () => ContractBucket): void {
	const list = (input: Omit<ListObjectsV2CommandInput, "Bucket">) =>
		bucket().client.send(new ListObjectsV2Command({ Bucket: bucket().name, Prefix: "list/", ...input }));

	describe("ListObjectsV2", () => {
		beforeAll(async () => {
			for (const key of [...SORTED].reverse()) await bucket().put(key, key);
			await bucket().put("elsewhere", "x");
		});

		it("gives the keys with the prefix in the order of their bytes", async () => {
			const { Contents = [], KeyCount, IsTruncated } = await list({});
			expect(Contents.map(({ Key }) => Key)).toEqual(SORTED);
			expect({ KeyCount, IsTruncated }).toEqual({ KeyCount: SORTED.length, IsTruncated: false });
		});

		it("gives size, ETag and time of each object", async () => {
			const { Contents = [] } = await list({ MaxKeys: 1 });
			const { ETag } = await bucket().head("list/A");
			expect(Contents).toEqual([expect.objectContaining({ Key: "list/A", Size: 6, ETag })]);
			expect(Math.abs((Contents[0]?.LastModified?.getTime() ?? 0) - Date.now())).toBeLessThan(600_000);
		});

		it("comes in pages that join up", async () => {
			const keys: (string | undefined)[] = [];
			let token: string | undefined;
			do {
				const page = await list({ MaxKeys: 3, ContinuationToken: token });
				expect(page.Contents?.length).toBeLessThanOrEqual(3);
				expect(page.IsTruncated).toBe(page.NextContinuationToken !== undefined);
				keys.push(...(page.Contents ?? []).map(({ Key }) => Key));
				token = page.NextContinuationToken;
			} while (token !== undefined);
			expect(keys).toEqual(SORTED);
		});

		it("starts behind a key", async () => {
			const { Contents = [] } = await list({ StartAfter: "list/dir/2" });
			expect(Contents.map(({ Key }) => Key)).toEqual(SORTED.slice(5));
		});

		it("rolls keys up at the delimiter, each prefix once and counted like a key", async () => {
			const { Contents = [], CommonPrefixes } = await list({ Delimiter: "/" });
			expect(CommonPrefixes).toEqual([{ Prefix: "list/dir/" }]);
			expect(Contents.map(({ Key }) => Key)).toEqual(SORTED.filter((key) => !key.startsWith("list/dir/")));

			const first = await list({ Delimiter: "/", MaxKeys: 4 });
			expect([first.Contents?.length, first.CommonPrefixes?.length]).toEqual([3, 1]);
			const second = await list({ Delimiter: "/", ContinuationToken: first.NextContinuationToken });
			expect(second.CommonPrefixes).toBeUndefined();
			expect(second.Contents?.map(({ Key }) => Key)).toEqual(SORTED.slice(6));
		});

		it("encodes keys if it is asked to", async () => {
			const { Contents = [], EncodingType } = await list({ EncodingType: "url", Prefix: "list/a" });
			expect(EncodingType).toBe("url");
			expect(Contents.map(({ Key = "" }) => decodeURIComponent(Key.replaceAll("+", " ")))).toEqual(
				SORTED.slice(1, 3),
			);
		});

		it("is empty for a prefix without keys", async () => {
			const { Contents, KeyCount, IsTruncated } = await list({ Prefix: "nothing/" });
			expect({ Contents, KeyCount, IsTruncated }).toEqual({
				Contents: undefined,
				KeyCount: 0,
				IsTruncated: false,
			});
		});

		it("refuses a bucket that does not exist", async () => {
			const request = new ListObjectsV2Command({ Bucket: `${bucket().name}-x` });
			expect(await refusal(bucket().client.send(request))).toBe("NoSuchBucket");
		});
	});

	it("ListObjects, the first version, goes on behind a marker", async () => {
		const request = { Bucket: bucket().name, Prefix: "list/", MaxKeys: 4 };
		const first = await bucket().client.send(new ListObjectsCommand(request));
		const marker = first.Contents?.at(-1)?.Key;
		const second = await bucket().client.send(new ListObjectsCommand({ ...request, Marker: marker }));
		const keys = [...(first.Contents ?? []), ...(second.Contents ?? [])].map(({ Key }) => Key);
		expect(keys).toEqual(SORTED.slice(0, 8));
		expect(first.IsTruncated).toBe(true);
	});
}
