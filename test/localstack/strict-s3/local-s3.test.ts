import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import {
	CompleteMultipartUploadCommand,
	CreateMultipartUploadCommand,
	GetObjectCommand,
	PutObjectCommand,
	UploadPartCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it, vi } from "vitest";
import { type RequestRecord, startLocalS3 } from "../../../localstack/strict-s3/local-s3.ts";
import { contractClient, refusal } from "../../s3/contract-bucket.ts";
import { type RawRequest, signAndSend, signHeaders } from "./raw-request.ts";
import { withDirectory, withServer } from "./with-server.ts";

const PUT: RawRequest = { method: "PUT", path: "/bucket/key" };

describe("startLocalS3", () => {
	it("keeps what is in its directory for the next server, but not half a body or an incomplete upload", async () => {
		await withDirectory(async (directory) => {
			await withServer(
				async (server) => {
					const client = contractClient({ ...server, credentials: server });
					const Bucket = "bucket";
					await client.send(new PutObjectCommand({ Bucket, Key: "kept/ü", Body: "old" }));
					await client.send(
						new PutObjectCommand({ Bucket, Key: "kept/ü", Body: "data", Metadata: { a: "1" } }),
					);
					const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: "open" }));
					await client.send(
						new UploadPartCommand({ Bucket, Key: "open", UploadId, PartNumber: 1, Body: "part" }),
					);
				},
				{ directory },
			);
			await withServer(
				async (server) => {
					const client = contractClient({ ...server, credentials: server });
					const got = await client.send(new GetObjectCommand({ Bucket: "bucket", Key: "kept/ü" }));
					expect([await got.Body?.transformToString(), got.Metadata]).toEqual(["data", { a: "1" }]);
				},
				{ directory },
			);
			expect(await readdir(join(directory, "blobs"))).toHaveLength(1);
		});
	});

	it("leaves the data of a running server alone when it is started once more", async () => {
		await withDirectory((directory) =>
			withServer(
				async (server) => {
					const client = contractClient({ ...server, credentials: server });
					const upload = { Bucket: "bucket", Key: "open" };
					const { UploadId } = await client.send(new CreateMultipartUploadCommand(upload));
					const part = { ...upload, UploadId, PartNumber: 1 };
					const { ETag } = await client.send(new UploadPartCommand({ ...part, Body: "part" }));

					const port = Number(new URL(server.endpoint).port);
					await expect(startLocalS3({ port, directory })).rejects.toMatchObject({ code: "EADDRINUSE" });

					const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
					await client.send(new CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload }));
					const { Body } = await client.send(new GetObjectCommand(upload));
					expect(await Body?.transformToString()).toBe("part");
				},
				{ directory },
			),
		);
	});

	it("takes limits that make tests small", async () => {
		const options = { minPartSize: 10, maxPartCount: 3, maxRequestBodyBytes: 20 };
		await withServer(async (server) => {
			const client = contractClient({ ...server, credentials: server });
			const upload = { Bucket: "bucket", Key: "k" };
			const { UploadId } = await client.send(new CreateMultipartUploadCommand(upload));
			const part = (PartNumber: number, size: number) =>
				client.send(new UploadPartCommand({ ...upload, UploadId, PartNumber, Body: "x".repeat(size) }));
			expect(await refusal(part(4, 1))).toBe("InvalidArgument");
			expect(await refusal(part(1, 21))).toBe("EntityTooLarge");
			const Parts = [
				{ PartNumber: 1, ...(await part(1, 9)) },
				{ PartNumber: 2, ...(await part(2, 1)) },
			];
			const complete = new CompleteMultipartUploadCommand({
				...upload,
				UploadId,
				MultipartUpload: { Parts },
			});
			expect(await refusal(client.send(complete))).toBe("EntityTooSmall");
		}, options);
	});

	it.each([
		[
			"with a checksum algorithm",
			{ ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" } as const,
			{},
			"InternalError",
		],
		["of a server that never takes them", {}, { consecutiveParts: true }, "InvalidPartOrder"],
		["without one", {}, {}, undefined],
	])("refuses gaps between part numbers of an upload %s as AWS does", async (_, how, more, code) => {
		await withServer(
			async (server) => {
				const client = contractClient({ ...server, credentials: server });
				const upload = { Bucket: "bucket", Key: "k" };
				const checksum = "ChecksumAlgorithm" in how ? { ChecksumAlgorithm: how.ChecksumAlgorithm } : {};
				const complete = async (...numbers: readonly number[]) => {
					const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...upload, ...how }));
					const Parts = [];
					for (const PartNumber of numbers) {
						const sent = { ...upload, UploadId, PartNumber, Body: "part", ...checksum };
						const part = new UploadPartCommand(sent);
						Parts.push({ PartNumber, ETag: (await client.send(part)).ETag });
					}
					const MultipartUpload = { Parts };
					const command = new CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload });
					return client.send(command);
				};
				for (const numbers of [[2], [1, 3], [2, 3]]) {
					if (code === undefined) await complete(...numbers);
					else expect(await refusal(complete(...numbers))).toBe(code);
				}
			},
			{ minPartSize: 1, ...more },
		);
	});

	it("answers 501 to what it does not do", async () => {
		await withServer(async (server) => {
			const refused: readonly RawRequest[] = [
				{ ...PUT, headers: { "x-amz-server-side-encryption": "AES256" } },
				{ ...PUT, headers: { "x-amz-object-lock-legal-hold": "ON" } },
				{ ...PUT, query: { tagging: "" } },
				{ method: "GET", path: "/bucket", query: { acl: "" } },
				{ method: "POST", path: "/bucket/key", query: { restore: "" } },
				{ method: "PATCH", path: "/bucket/key" },
			];
			for (const request of refused) {
				expect(await signAndSend(server, request)).toMatchObject({ status: 501, code: "NotImplemented" });
			}
		});
	});

	it("logs every request, the refused ones too", async () => {
		await withServer(async (server) => {
			await signAndSend(server, PUT, "12345");
			await signAndSend(server, { ...PUT, secretAccessKey: "guess" }, "12345");
			await signAndSend(server, { method: "HEAD", path: "/bucket/other" });
			const expected: readonly RequestRecord[] = [
				{ operation: "PutObject", bucket: "bucket", key: "key", status: 200, bytes: 5 },
				{ operation: "PutObject", bucket: "bucket", key: "key", status: 403, bytes: 0 },
				{ operation: "HeadObject", bucket: "bucket", key: "other", status: 404, bytes: 0 },
			];
			expect(server.requests).toEqual(expected);
		});
	});
});

describe("close", () => {
	it("ends connections that are idle, half-way through headers, or half-way through a body", async () => {
		let arrived = false;
		const onRequest = () => {
			arrived = true;
			return undefined;
		};
		const server = await startLocalS3({ buckets: ["bucket"], onRequest });
		const port = Number(new URL(server.endpoint).port);
		const idle = connect(port, "127.0.0.1");
		const inHeaders = connect(port, "127.0.0.1");
		const headers = await signHeaders(server, { ...PUT, headers: { "content-length": "1000" } });
		const inBody = httpRequest(`${server.endpoint}${PUT.path}`, { method: "PUT", headers });
		const closed = [idle, inHeaders, inBody].map((socket) => {
			socket.on("error", () => {});
			// once() would reject for the error that comes before.
			return new Promise((resolve) => socket.once("close", resolve));
		});
		await Promise.all([once(idle, "connect"), once(inHeaders, "connect")]);
		// A socket that nobody reads from does not see its end.
		for (const socket of [idle, inHeaders]) socket.resume();
		inHeaders.write("GET / HTTP/1.1\r\nHost: x\r\n");
		inBody.write("the beginning");
		await expect.poll(() => arrived).toBe(true);

		await server.close();
		await Promise.all(closed);
		await server.close();
	});

	it("removes the temporary directory", async () => {
		await withDirectory(async (directory) => {
			vi.stubEnv("TMPDIR", directory);
			await withServer(async () => expect(await readdir(directory)).toHaveLength(1));
			vi.unstubAllEnvs();
			expect(await readdir(directory)).toEqual([]);
		});
	});
});
