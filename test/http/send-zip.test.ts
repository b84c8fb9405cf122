import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { type SendZipOptions, type SentDownload, sendZip } from "../../src/http/send-zip.ts";
import type { Source } from "../../src/sources/source.ts";
import { noise } from "../support/bytes.ts";
import { connectTo } from "../support/connect-to.ts";
import { Gate } from "../support/gate.ts";
import { type PlainServer, startPlainServer } from "../support/plain-server.ts";
import { zipContents } from "../support/zip-contents.ts";
import { BROKEN, failingEntry } from "./support/failing-entries.ts";

let server: PlainServer | undefined;
afterEach(async () => {
	await server?.close();
	server = undefined;
});

type Options = Partial<Omit<SendZipOptions, "request" | "response">>;

const OF_CONNECTION = new Set(["connection", "date", "keep-alive", "transfer-encoding"]);

/** What came of each request, in order. */
type Outcomes = (SentDownload | { readonly failed: unknown; readonly headersSent: boolean })[];

/** Sends the same sources to everybody who asks. */
async function serve(
	sources: () => Source | readonly Source[],
	options: Options = {},
): Promise<{ readonly url: string; readonly outcomes: Outcomes; readonly done: Gate }> {
	const outcomes: Outcomes = [];
	const done = new Gate();
	server = await startPlainServer((request, response) => {
		sendZip(sources(), { filename: "a.zip", ...options, request, response }).then(
			(sent) => {
				outcomes.push(sent);
				done.open();
			},
			(failed: unknown) => {
				outcomes.push({ failed, headersSent: response.headersSent });
				if (!response.headersSent) response.writeHead(500).end("sorry");
				done.open();
			},
		);
	});
	return { url: server.url, outcomes, done };
}

describe("sendZip", () => {
	const entries = [
		{ name: "a.txt", content: "hello", mtime: "2026-01-31" },
		{ name: "b.bin", content: noise(3_000_000), mtime: "2026-01-31" },
	];

	it("sends an archive with its exact size, and keeps the connection", async () => {
		const { url, outcomes } = await serve(() => [entries], {
			filename: 'Ümläut "1" 🏖️.zip',
			allowEmpty: true,
		});
		const response = await fetch(url);
		const bytes = Buffer.from(await response.arrayBuffer());
		expect(response.status).toBe(200);
		expect(response.headers.get("content-length")).toBe(`${bytes.byteLength}`);
		expect(response.headers.get("transfer-encoding")).toBeNull();
		expect(Object.fromEntries(response.headers)).toMatchObject({
			"content-type": "application/zip",
			"content-disposition": `attachment; filename="?ml?ut \\"1\\" ???.zip"; filename*=UTF-8''%C3%9Cml%C3%A4ut%20%221%22%20%F0%9F%8F%96%EF%B8%8F.zip`,
			"cache-control": "private, no-cache, no-transform",
			"x-content-type-options": "nosniff",
			connection: "keep-alive",
		});
		expect(response.headers.get("content-encoding")).toBeNull();
		const contents = await zipContents(bytes);
		expect([...contents.keys()]).toEqual(["a.txt", "b.bin"]);
		expect(contents.get("b.bin")?.data.equals(noise(3_000_000))).toBe(true);
		expect(outcomes).toEqual([{ status: 200, sentSize: bytes.byteLength, complete: true }]);
	});

	it("sends a compressed archive in chunks, without a size, ranges and tag", async () => {
		const { url } = await serve(() => [entries], { method: "auto" });
		const response = await fetch(url, { headers: { range: "bytes=0-9" } });
		expect(response.status).toBe(200);
		expect(response.headers.get("content-length")).toBeNull();
		expect(response.headers.get("accept-ranges")).toBe("none");
		expect(response.headers.get("etag")).toBeNull();
		expect([...(await zipContents(Buffer.from(await response.arrayBuffer()))).keys()]).toEqual([
			"a.txt",
			"b.bin",
		]);
	});

	it.each(["wrap", "auto"] as const)(
		"answers HEAD with the same head, and opens nothing: %s",
		async (method) => {
			let opened = 0;
			const content = () => {
				opened += 1;
				return "x".repeat(100);
			};
			const { url, outcomes } = await serve(() => ({ name: "a", size: 100, content, mtime: "2026-01-31" }), {
				method,
			});
			const head = await fetch(url, { method: "HEAD" });
			expect(opened).toBe(0);
			const get = await fetch(url);
			await get.arrayBuffer();
			const ofDownload = ({ headers }: Response) => [...headers].filter(([name]) => !OF_CONNECTION.has(name));
			expect(ofDownload(head)).toEqual(ofDownload(get));
			expect(head.status).toBe(200);
			expect(outcomes[0]).toEqual({ status: 200, sentSize: 0, complete: true });
		},
	);

	it("gives a POST the whole, as forms that choose files need it", async () => {
		const { url } = await serve(() => [entries]);
		const response = await fetch(url, { method: "POST", body: "ids=1", headers: { range: "bytes=0-9" } });
		expect(response.status).toBe(200);
		expect(response.headers.get("accept-ranges")).toBe("none");
		expect((await zipContents(Buffer.from(await response.arrayBuffer()))).size).toBe(2);
	});

	it.each<[string, () => Source]>([
		["a path that leads nowhere", () => "/nowhere/at/all"],
		["content that fails at once", () => failingEntry(undefined, 0)],
		["a name twice", () => [entries[0], entries[0]].flatMap((entry) => entry ?? [])],
		["no entries", () => []],
	])("rejects while nothing has been written: %s", async (_what, source) => {
		const { url, outcomes } = await serve(source);
		const response = await fetch(url);
		expect(response.status).toBe(500);
		expect(await response.text()).toBe("sorry");
		expect(response.headers.get("content-disposition")).toBeNull();
		expect(outcomes).toMatchObject([{ failed: expect.any(Error), headersSent: false }]);
	});

	it("is told by wrong options before anything else", async () => {
		const { url, outcomes } = await serve(() => entries, { headers: { "Content-Length": "1" } });
		expect((await fetch(url)).status).toBe(500);
		expect(outcomes).toMatchObject([
			{ failed: { code: "INVALID_OPTION", option: "headers.Content-Length" }, headersSent: false },
		]);
	});

	it("lets the caller set headers, and keeps compression off all the same", async () => {
		const headers = {
			"cache-control": "public, max-age=60",
			"X-Album": "7",
			"Content-Type": "application/x-zip",
		};
		const { url } = await serve(() => [entries], { headers });
		const response = await fetch(url, { method: "HEAD" });
		expect(Object.fromEntries(response.headers)).toMatchObject({
			"cache-control": "public, max-age=60, no-transform",
			"x-album": "7",
			"content-type": "application/x-zip",
		});
	});

	it("reads no faster than the client does, and closes the source as soon as the client is gone", async () => {
		let given = 0;
		const closed = new Gate();
		const content = async () =>
			(async function* () {
				try {
					for (;;) {
						given += 1;
						yield noise(1 << 20);
					}
				} finally {
					closed.open();
				}
			})();
		const { url, outcomes, done } = await serve(() => ({ name: "endless", content }), { method: "store" });
		const socket = connectTo(url);
		socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
		await once(socket, "readable");
		let before = -1;
		while (given !== before) {
			before = given;
			await new Promise((resolve) => setTimeout(resolve, 300));
		}
		expect(given).toBeLessThan(64);
		socket.destroy();
		await closed.passed;
		await done.passed;
		expect(outcomes).toMatchObject([{ status: 200, complete: false }]);
	});

	it("closes a source that is waited for when the client is gone", async () => {
		const asked = new Gate();
		const aborted = new Gate();
		const content = (signal?: AbortSignal) => {
			signal?.addEventListener("abort", () => aborted.open());
			asked.open();
			return new Promise<string>(() => {});
		};
		const { url, outcomes, done } = await serve(() => ({ name: "slow", content }));
		const controller = new AbortController();
		const response = fetch(url, { signal: controller.signal });
		response.catch(() => {});
		await asked.passed;
		controller.abort();
		await aborted.passed;
		await done.passed;
		expect(outcomes).toEqual([{ status: 200, sentSize: 0, complete: false }]);
	});

	it("closes the sources of answers that wait behind another one when the client is gone", async () => {
		let open = 0;
		const endless = () => [
			{
				name: "endless",
				content: (async function* () {
					open += 1;
					try {
						for (;;) yield noise(100_000);
					} finally {
						open -= 1;
					}
				})(),
			},
		];
		const { url, outcomes } = await serve(() => [endless()]);
		const socket = connectTo(url);
		socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(20));
		await expect.poll(() => open).toBe(20);
		socket.destroy();
		await expect.poll(() => [open, outcomes.length]).toEqual([0, 20]);
		expect(outcomes).toEqual(outcomes.map(() => expect.objectContaining({ complete: false })));
	});

	it("cuts the connection when the caller's signal aborts", async () => {
		const controller = new AbortController();
		const reason = new Error("shutting down");
		const { url, outcomes, done } = await serve(() => failingEntry(1 << 30, 1 << 30), {
			method: "store",
			signal: controller.signal,
		});
		const response = await fetch(url);
		const reading = response.arrayBuffer();
		reading.catch(() => {});
		controller.abort(reason);
		await expect(reading).rejects.toThrow();
		await done.passed;
		expect(outcomes).toEqual([{ failed: reason, headersSent: true }]);
	});

	it("leaves a response alone that somebody else has begun", async () => {
		server = await startPlainServer((request, response) => {
			response.writeHead(200, { "content-length": "4" });
			response.write("ab");
			sendZip({ name: "a", content: "b" }, { filename: "a.zip", request, response }).then(
				() => response.end("no"),
				() => response.end("cd"),
			);
		});
		expect(await (await fetch(server.url)).text()).toBe("abcd");
	});

	it("gives the error of a source to whoever sends, after the connection has been cut", async () => {
		const { url, outcomes, done } = await serve(() => failingEntry(undefined, 4 << 20));
		await expect(fetch(url).then((response) => response.arrayBuffer())).rejects.toThrow();
		await done.passed;
		expect(outcomes).toEqual([{ failed: BROKEN, headersSent: true }]);
	});
});
