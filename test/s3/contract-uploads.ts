import { AbortMultipartUploadCommand, ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import { beforeAll, describe, expect, it } from "vitest";
import type { ContractBucket } from "./contract-bucket.ts";

const KEYS = ["open/a", "open/b", "open/b", "open/c ü+", "open/d"];

export function uploadsContract(bucket: () => ContractBucket): void {
	const list = (more = {}) =>
		bucket().client.send(
			new ListMultipartUploadsCommand({ Bucket: bucket().name, Prefix: "open/", ...more }),
		);

	describe("ListMultipartUploads", () => {
		const ids: string[] = [];

		beforeAll(async () => {
			for (const key of KEYS) ids.push(await bucket().createUpload(key));
			await bucket().createUpload("elsewhere");
		});

		it("gives key, id and time of each upload with the prefix, by key", async () => {
			const { Uploads = [] } = await list();
			expect(Uploads.map(({ Key }) => Key)).toEqual(KEYS);
			expect(Uploads.map(({ UploadId }) => UploadId).sort()).toEqual([...ids].sort());
			for (const { Initiated } of Uploads) {
				expect(Math.abs((Initiated?.getTime() ?? 0) - Date.now())).toBeLessThan(600_000);
			}
		});

		it("comes in pages that join up, even between two uploads of one key", async () => {
			const seen: (string | undefined)[] = [];
			let markers = {};
			for (let more = true; more; ) {
				const page = await list({ MaxUploads: 2, ...markers });
				seen.push(...(page.Uploads ?? []).map(({ UploadId }) => UploadId));
				markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
				more = page.IsTruncated === true;
			}
			expect([...seen].sort()).toEqual([...ids].sort());
		});

		it("goes on behind an upload that was aborted meanwhile", async () => {
			const first = await list({ MaxUploads: 1 });
			const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = first;
			await bucket().client.send(
				new AbortMultipartUploadCommand({ Bucket: bucket().name, Key: "open/a", UploadId: ids[0] }),
			);
			const second = await list({ KeyMarker, UploadIdMarker });
			expect(second.Uploads?.map(({ Key }) => Key)).toEqual(KEYS.slice(1));
		});
	});
}
