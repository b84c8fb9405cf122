import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { contractClient } from "../../s3/contract-bucket.ts";
import { type RawRequest, signAndSend, signHeaders } from "./raw-request.ts";
import { withDirectory, withServer } from "./with-server.ts";

const PUT: RawRequest = { method: "PUT", path: "/bucket/key" };
const MIB = 1024 * 1024;

describe("a body", () => {
	it("without a length is refused", async () => {
		await withServer(async (server) => {
			const headers = await signHeaders(server, PUT);
			const request = httpRequest(`${server.endpoint}${PUT.path}`, { method: "PUT", headers });
			request.on("error", () => {}); // the answer may end the connection
			request.write("some ");
			request.end("data");
			const [response] = await once(request, "response");
			expect([response.statusCode, await text(response)]).toEqual([
				501,
				expect.stringContaining("Transfer-Encoding"),
			]);
		});
	});

	it("that is refused early does not keep the client from the answer, nor the connection from the next request", async () => {
		await withServer(async (server) => {
			const body = Buffer.alloc(16 * MIB);
			const answer = await signAndSend(server, { ...PUT, path: "/nowhere/key" }, body);
			expect([answer.status, answer.code]).toEqual([404, "NoSuchBucket"]);
			expect((await signAndSend(server, PUT, "x")).status).toBe(200);
		});
	});

	it("is sent after 100 Continue, and not at all if the request is refused", async () => {
		await withServer(async (server) => {
			const expecting = async (target: RawRequest) => {
				const unsigned = { "content-length": "4", expect: "100-continue" };
				const headers = await signHeaders(server, { ...target, headers: unsigned });
				const request = httpRequest(`${server.endpoint}${target.path}`, { method: "PUT", headers });
				request.on("error", () => {}); // the answer may end the connection
				let continued = false;
				request.on("continue", () => {
					continued = true;
					request.end("body");
				});
				request.flushHeaders();
				const [response] = await once(request, "response");
				request.end();
				await text(response);
				return [continued, response.statusCode];
			};
			expect(await expecting(PUT)).toEqual([true, 200]);
			expect(await expecting({ ...PUT, path: "/nowhere/key" })).toEqual([false, 404]);
		});
	});

	it("that breaks off leaves nothing behind", async () => {
		await withDirectory((directory) =>
			withServer(
				async (server) => {
					const headers = await signHeaders(server, { ...PUT, headers: { "content-length": "1000000" } });
					const request = httpRequest(`${server.endpoint}${PUT.path}`, { method: "PUT", headers });
					request.on("error", () => {});
					request.write(Buffer.alloc(500_000));
					const blobs = () => readdir(join(directory, "blobs"));
					await expect.poll(async () => (await blobs()).length).toBe(1);
					request.destroy();
					await expect.poll(blobs).toEqual([]);
					expect((await signAndSend(server, { method: "HEAD", path: PUT.path })).status).toBe(404);
				},
				{ directory },
			),
		);
	});
});

describe("an object that is replaced or deleted while it is read", () => {
	it("is read to its end", async () => {
		await withServer(async (server) => {
			const client = contractClient({ ...server, credentials: server });
			const object = { Bucket: "bucket", Key: "big" };
			const old = Buffer.alloc(32 * MIB, "old");
			await client.send(new PutObjectCommand({ ...object, Body: old }));
			const { Body } = await client.send(new GetObjectCommand(object));
			await client.send(new PutObjectCommand({ ...object, Body: "new" }));
			const read = Buffer.from((await Body?.transformToByteArray()) ?? []);
			expect(read.equals(old)).toBe(true);
		});
	});
});
