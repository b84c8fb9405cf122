import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { contractClient } from "../s3/contract-bucket.ts";
import { noise } from "../support/bytes.ts";
import { reset } from "./proxy/fault.ts";
import { readRequest } from "./proxy/operation.ts";
import { Plan, type Rule } from "./proxy/plan.ts";
import { withWorld } from "./with-world.ts";
import type { FaultWorld } from "./world.ts";

const MiB = 1024 * 1024;
const UPLOAD_PART = readRequest("PUT", "/b/k?partNumber=1&uploadId=u");

/** A client that talks to the server through the proxy. */
function clientOf(world: FaultWorld) {
	return contractClient({ ...world.server, endpoint: world.proxy.endpoint });
}

describe("FaultProxy", () => {
	it("passes on what it has no rule for, with signature and bytes as they were", async () => {
		await withWorld({}, async (world) => {
			const client = clientOf(world);
			const target = { Bucket: world.bucket.name, Key: "a b/ü" };
			await client.send(new PutObjectCommand({ ...target, Body: noise(3 * MiB) }));
			const { Body } = await client.send(new GetObjectCommand(target));
			expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(noise(3 * MiB))).toBe(true);
			expect(world.proxy.passed.map(({ operation, key }) => [operation, key])).toEqual([
				["PutObject", "a b/ü"],
				["GetObject", "a b/ü"],
			]);
		});
	});

	it("flips one bit, which the server notices, or is made not to notice", async () => {
		const rules: Rule[] = [
			{ operation: "PutObject", occurrence: 1, fault: { type: "flip" } },
			{ operation: "PutObject", occurrence: 2, fault: { type: "flip-unnoticed" } },
		];
		await withWorld({ rules }, async (world) => {
			const client = clientOf(world);
			const put = () =>
				client.send(new PutObjectCommand({ Bucket: world.bucket.name, Key: "k", Body: noise(MiB) }));
			await expect(put()).rejects.toMatchObject({ name: "XAmzContentSHA256Mismatch" });
			await put();
			const stored = await world.bucket.read("k");
			const different = [...noise(MiB).entries()].filter(([offset, byte]) => byte !== stored[offset]);
			expect(different.map(([offset]) => offset)).toEqual([MiB / 2]);
		});
	});
});

describe("Plan", () => {
	it("counts the requests that fit a rule, from 1", () => {
		const plan = new Plan([{ operation: "UploadPart", occurrence: 2, fault: reset("head") }], 1);
		const head = readRequest("HEAD", "/b");
		const seen = [UPLOAD_PART, head, UPLOAD_PART, UPLOAD_PART].map((request) => plan.next(request)?.type);
		expect(seen).toEqual([undefined, undefined, "reset", undefined]);
	});

	it("has the same faults for the same seed, and others for another", () => {
		const faultsOf = (seed: number) => {
			const plan = new Plan([{ probability: 0.3, fault: reset("head") }], seed);
			return Array.from({ length: 100 }, () => plan.next(UPLOAD_PART) !== undefined);
		};
		expect(faultsOf(1)).toEqual(faultsOf(1));
		expect(faultsOf(1)).not.toEqual(faultsOf(2));
		const count = faultsOf(1).filter(Boolean).length;
		expect(count).toBeGreaterThan(15);
		expect(count).toBeLessThan(45);
	});
});

describe("readRequest", () => {
	it.each([
		["HEAD", "/b", "HeadBucket"],
		["GET", "/b?uploads&prefix=k", "ListMultipartUploads"],
		["POST", "/b/k?uploads", "CreateMultipartUpload"],
		["PUT", "/b/k?partNumber=3&uploadId=u", "UploadPart"],
		["PUT", "/b/k", "PutObject"],
		["POST", "/b/k?uploadId=u", "CompleteMultipartUpload"],
		["DELETE", "/b/k?uploadId=u", "AbortMultipartUpload"],
		["GET", "/b/k?uploadId=u&max-parts=1", "ListParts"],
		["HEAD", "/b/k", "HeadObject"],
		["DELETE", "/b/k", "DeleteObject"],
	])("takes %s %s for %s", (method, target, operation) => {
		expect(readRequest(method, target).operation).toBe(operation);
	});
});
