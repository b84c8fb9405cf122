import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { get } from "node:http";
import { connect, createServer as createHttp2Server } from "node:http2";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { sendZip } from "../../src/http/send-zip.ts";
import type { GeneratedEntry } from "../../src/sources/source.ts";
import { makeCertificate } from "../support/certificate.ts";
import { type PlainServer, startPlainServer } from "../support/plain-server.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { failingEntry } from "./support/failing-entries.ts";
import { rawExchange } from "./support/raw-exchange.ts";

const MiB = 1 << 20;

let server: PlainServer | undefined;
afterEach(async () => {
	await server?.close();
	server = undefined;
});
const scratch = useTempDirectory();

async function serve(entry: () => GeneratedEntry): Promise<string> {
	server = await startPlainServer((request, response) => {
		sendZip(entry(), { filename: "a.zip", request, response }).catch(() => {});
	});
	return server.url;
}

/** Sources that fail midway: with a size that was announced, without, and with one that turns out too small. */
const FAILURES: readonly (readonly [string, () => GeneratedEntry])[] = [
	["fails, size known", () => failingEntry(16 * MiB, 5 * MiB)],
	["fails, size unknown", () => failingEntry(undefined, 5 * MiB)],
	["gives too little", () => ({ name: "a", size: 16 * MiB, content: () => Buffer.alloc(5 * MiB) })],
	["gives too much", () => ({ name: "a", size: 5 * MiB, content: () => Buffer.alloc(16 * MiB) })],
];

describe.each(FAILURES)("a download whose source %s", (_how, entry) => {
	it("fails in fetch", async () => {
		const response = await fetch(await serve(entry));
		expect(response.status).toBe(200);
		await expect(response.arrayBuffer()).rejects.toThrow("terminated");
	});

	it("fails in node:http", async () => {
		const request = get(await serve(entry));
		request.on("error", () => {}); // a reset connection is an error of both
		const [response] = await once(request, "response");
		response.resume();
		const [error] = await once(response, "error");
		expect(error).toMatchObject({ code: "ECONNRESET" });
		expect(response.complete).toBe(false);
	});

	// In HTTP/1.0 the end of the connection would be that of the archive: it has to be reset.
	it.each(["--http1.1", "--http1.0"])("fails in curl %s", async (version) => {
		const url = await serve(entry);
		const path = scratch.path("a.zip");
		const code = await new Promise((resolve) => {
			execFile("curl", ["-sS", version, "-o", path, url], (error) => resolve(error?.code ?? 0));
		});
		expect([18, 56]).toContain(code); // partial file, failure in receiving
		expect((await stat(path)).size).toBeGreaterThan(MiB);
		expect((await readFile(path)).includes("PK\x05\x06")).toBe(false);
	});

	it("has no last chunk", async () => {
		const url = await serve(entry);
		const exchange = await rawExchange(url, ["GET / HTTP/1.1", "host: a", "connection: close"]);
		expect(exchange.head).toMatch(/^HTTP\/1\.1 200/);
		expect(exchange.body.subarray(-7).toString("latin1")).not.toContain("0\r\n\r\n");
		const announced = /content-length: (\d+)/i.exec(exchange.head)?.[1];
		if (announced !== undefined) expect(exchange.body.byteLength).toBeLessThan(Number(announced));
	});

	it("fails over HTTP/2, and leaves the connection to others", async () => {
		const http2 = createHttp2Server((request, response) => {
			if (request.url === "/other") response.end("fine");
			else sendZip(entry(), { filename: "a.zip", request, response }).catch(() => {});
		});
		http2.listen(0, "127.0.0.1");
		await once(http2, "listening");
		const { port } = http2.address() as AddressInfo; // listens on TCP
		const session = connect(`http://127.0.0.1:${port}`);
		session.on("error", () => {}); // its streams fail then
		try {
			const stream = session.request({ ":path": "/" });
			const [error] = await Promise.all([
				once(stream, "error").then(([failure]: unknown[]) => failure),
				once(stream, "response").then(([headers]) => expect(headers[":status"]).toBe(200)),
				once(stream.resume(), "close").catch(() => {}),
			]);
			expect(error).toMatchObject({ code: "ERR_HTTP2_STREAM_ERROR" });
			const other = session.request({ ":path": "/other" });
			const chunks: Buffer[] = [];
			for await (const chunk of other) chunks.push(chunk as Buffer);
			expect(Buffer.concat(chunks).toString()).toBe("fine");
		} finally {
			session.destroy();
			http2.close();
		}
	});

	it("fails in curl over TLS", async () => {
		const certificate = await makeCertificate(scratch.path(), "IP:127.0.0.1");
		const https = createTlsServer(certificate, (request, response) => {
			sendZip(entry(), { filename: "a.zip", request, response }).catch(() => {});
		});
		https.listen(0, "127.0.0.1");
		await once(https, "listening");
		const { port } = https.address() as AddressInfo; // listens on TCP
		const args = ["-sS", "--cacert", certificate.file, "-o", scratch.path("a.zip")];
		const codes = await Promise.all(
			["--http1.1", "--http1.0"].map(
				(version) =>
					new Promise((resolve) => {
						execFile("curl", [...args, version, `https://127.0.0.1:${port}/`], (error) =>
							resolve(error?.code ?? 0),
						);
					}),
			),
		);
		https.close();
		expect(codes).not.toContain(0);
	});
});
