import {
	CompleteMultipartUploadCommand,
	ListObjectsV2Command,
	PutObjectCommand,
	type S3Client,
	UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterEach, describe, expect, it } from "vitest";
import {
	type Fault,
	type FaultHook,
	type FaultRequest,
	type LocalS3,
	startLocalS3,
} from "../../../localstack/strict-s3/local-s3.ts";
import { contractClient } from "../../s3/contract-bucket.ts";

let server: LocalS3 | undefined;
afterEach(() => server?.close());

async function start(onRequest: FaultHook, maxAttempts = 1): Promise<S3Client> {
	server = await startLocalS3({ buckets: ["faulty"], onRequest });
	const { endpoint, region } = server;
	return contractClient({ endpoint, region, credentials: server }, { maxAttempts });
}

const put = (Key = "k") => new PutObjectCommand({ Bucket: "faulty", Key, Body: "x" });
const SLOW_DOWN: Fault = { status: 503, code: "SlowDown", message: "slow down" };
const list = new ListObjectsV2Command({ Bucket: "faulty" });

describe("the onRequest hook", () => {
	it("is told operation, bucket, key and how often it was asked for", async () => {
		const seen: FaultRequest[] = [];
		const client = await start((request) => {
			seen.push(request);
			return undefined;
		});
		await client.send(put("a b"));
		await client.send(put("c"));
		await client.send(list);
		expect(seen).toEqual([
			{ operation: "PutObject", bucket: "faulty", key: "a b", occurrence: 1 },
			{ operation: "PutObject", bucket: "faulty", key: "c", occurrence: 2 },
			{ operation: "ListObjectsV2", bucket: "faulty", key: "", occurrence: 1 },
		]);
	});

	it("is told the number of a part", async () => {
		const seen: FaultRequest[] = [];
		const client = await start((request) => {
			seen.push(request);
			return SLOW_DOWN;
		});
		const part = { Bucket: "faulty", Key: "k", UploadId: "u", PartNumber: 7, Body: "x" };
		await expect(client.send(new UploadPartCommand(part))).rejects.toMatchObject({ name: "SlowDown" });
		expect(seen).toMatchObject([{ operation: "UploadPart", partNumber: 7 }]);
	});

	it("puts an error under 200 OK, as AWS does when Complete fails late", async () => {
		const client = await start(() => ({ status: 200, code: "InternalError", message: "late" }));
		const complete = {
			Bucket: "faulty",
			Key: "k",
			UploadId: "u",
			MultipartUpload: { Parts: [{ PartNumber: 1 }] },
		};
		await expect(client.send(new CompleteMultipartUploadCommand(complete))).rejects.toMatchObject({
			name: "InternalError",
			message: "late",
		});
	});

	it("answers with an error, and the operation does not take place", async () => {
		const client = await start(({ operation }) => (operation === "PutObject" ? SLOW_DOWN : undefined));
		await expect(client.send(put())).rejects.toMatchObject({
			name: "SlowDown",
			message: "slow down",
			$metadata: { httpStatusCode: 503 },
		});
		expect((await client.send(list)).KeyCount).toBe(0);
		expect(server?.requests[0]).toMatchObject({ operation: "PutObject", status: 503 });
	});

	it("fails only as often as it says, so that a client that tries again gets through", async () => {
		const client = await start(
			({ occurrence }) =>
				occurrence === 1 ? { status: 500, code: "InternalError", message: "once" } : undefined,
			2,
		);
		await client.send(put());
		expect(server?.requests.map(({ status }) => status)).toEqual([500, 200]);
	});

	it("resets the connection", async () => {
		const client = await start(() => ({ destroy: true }));
		await expect(client.send(put())).rejects.toMatchObject({ code: "ECONNRESET" });
		expect(server?.requests).toMatchObject([{ operation: "PutObject", status: 0 }]);
	});

	it("loses the answer of an operation that took place", async () => {
		const client = await start(({ operation }) =>
			operation === "PutObject" ? { loseAnswer: true } : undefined,
		);
		await expect(client.send(put())).rejects.toMatchObject({ code: "ECONNRESET" });
		expect((await client.send(list)).KeyCount).toBe(1);
	});

	it("never answers, and the server can be closed all the same", async () => {
		const client = await start(() => ({ hang: true }));
		const pending = expect(client.send(put())).rejects.toThrow();
		await expect.poll(() => server?.requests.length).toBe(1);
		await server?.close();
		await pending;
	});

	it("may take its time", async () => {
		const client = await start(async () => {
			await new Promise((resolve) => setTimeout(resolve, 50));
			return undefined;
		});
		await expect(client.send(put())).resolves.toBeDefined();
	});
});
