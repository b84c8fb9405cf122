import { getEventListeners, once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import {
	CompleteMultipartUploadCommand,
	CreateMultipartUploadCommand,
	HeadBucketCommand,
	UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { connect } from "../../../src/s3/connection.ts";
import { startPlainServer } from "../../support/plain-server.ts";

const MiB = 1024 * 1024;
const TIMES = { connectTimeoutMs: 10_000, readTimeoutMs: 500 };
const HEAD = "HTTP/1.1 200 OK\r\n";

const servers: Server[] = [];
beforeAll(() => {
	vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
	vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
});
afterAll(() => {
	vi.unstubAllEnvs();
	for (const server of servers) server.close();
});

/** A connection to a server that does this with each connection, once the head of a request is in. */
async function connectTo(serve: (socket: Socket) => unknown) {
	const server = createServer((socket) => {
		socket.on("error", () => {});
		socket.once("data", () => serve(socket));
	});
	servers.push(server);
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return connect({ endpoint, ...TIMES }, "b", 2);
}

/** Says something again and again, for as long as anybody listens. */
async function dribble(socket: Socket, begin: string, again: string): Promise<void> {
	for (socket.write(begin); !socket.destroyed; socket.write(again)) await delay(50);
}

const head = new HeadBucketCommand({ Bucket: "b" });
const create = new CreateMultipartUploadCommand({ Bucket: "b", Key: "k" });
const part = (size: number) =>
	new UploadPartCommand({
		Bucket: "b",
		Key: "k",
		UploadId: "u",
		PartNumber: 1,
		Body: Buffer.alloc(size, "x"),
	});

describe("a client", { timeout: 120_000 }, () => {
	it.concurrent.each([
		["drips", `${HEAD}x-slow: `, "."],
		["is announced again and again", "", "HTTP/1.1 102 Processing\r\n\r\n"],
	])("gives up an answer whose head %s", async (_title, begin, again) => {
		const { client, close } = await connectTo((socket) => dribble(socket, begin, again));
		await expect(client.send(head)).rejects.toMatchObject({ name: "TimeoutError" });
		await expect(client.send(part(MiB))).rejects.toMatchObject({ name: "TimeoutError" });
		close();
	});

	it.concurrent("gives up a part that nobody reads while answers are announced", async () => {
		const { client, close } = await connectTo((socket) => {
			socket.pause();
			return dribble(socket, "", "HTTP/1.1 102 Processing\r\n\r\n");
		});
		await expect(client.send(part(16 * MiB))).rejects.toMatchObject({ name: "TimeoutError" });
		close();
	});

	it.concurrent("gives up an answer whose document drips", async () => {
		const { client, close } = await connectTo((socket) =>
			dribble(socket, `${HEAD}content-length: 9999\r\n\r\n`, " "),
		);
		await expect(client.send(create)).rejects.toThrow(/does not end/);
		close();
	});

	it.concurrent("waits for a Complete that sends white space meanwhile", async () => {
		const document = "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>";
		const { patient, close } = await connectTo(async (socket) => {
			const spaces = 60;
			socket.write(`${HEAD}content-length: ${spaces + document.length}\r\n\r\n`);
			for (let sent = 0; sent < spaces; sent++) {
				socket.write(" ");
				await delay(50);
			}
			socket.write(document);
		});
		const complete = new CompleteMultipartUploadCommand({ Bucket: "b", Key: "k", UploadId: "u" });
		expect(await patient.send(complete)).toMatchObject({ ETag: "e" });
		close();
	});

	it.concurrent("sends a part as long as it takes if it only moves", async () => {
		const size = 24 * MiB;
		// Slowly, longer than an answer may take, but for what is in buffers at the end, which nobody sees move.
		const server = await startPlainServer((request, response) => {
			let received = 0;
			request.on("data", (chunk: Buffer) => {
				received += chunk.byteLength;
				if (received > size - 8 * MiB) return;
				request.pause();
				setTimeout(() => request.resume(), chunk.byteLength / 5_000);
			});
			request.on("end", () => response.setHeader("etag", '"e"').end());
		});
		const { client, close } = await connect({ endpoint: server.url, ...TIMES, readTimeoutMs: 1_500 }, "b", 2);
		const startedAt = performance.now();
		expect(await client.send(part(size))).toMatchObject({ ETag: '"e"' });
		expect(performance.now() - startedAt).toBeGreaterThan(2_000);
		close();
		await server.close();
	});

	it.concurrent("stops at once while an answer is read, and then holds on to no signal", async () => {
		const stop = new AbortController();
		const { client, close } = await connectTo((socket) =>
			dribble(socket, `${HEAD}content-length: 9999\r\n\r\n`, " "),
		);
		setTimeout(() => stop.abort(), 100);
		const asking = client.send(create, { abortSignal: stop.signal });
		await expect(asking).rejects.toMatchObject({ name: "AbortError" }); // and no TimeoutError
		expect(getEventListeners(stop.signal, "abort")).toEqual([]);
		close();
	});
});
