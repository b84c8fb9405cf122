import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { sendZip } from "../../src/http/send-zip.ts";
import { zipResponse } from "../../src/http/zip-response.ts";
import { noise } from "../support/bytes.ts";
import { type PlainServer, startPlainServer } from "../support/plain-server.ts";
import { openFiles } from "../support/temp-directory.ts";
import { rawExchange } from "./support/raw-exchange.ts";
import { type SettledTree, settledTree } from "./support/settled-tree.ts";

let tree: SettledTree;
let whole: Buffer;
let etag: string;
beforeAll(async () => {
	tree = await settledTree({
		"a.txt": Buffer.from("hello\n"),
		"d/ü 🏖️.txt": Buffer.from("far"),
		empty: Buffer.alloc(0),
	});
	const response = await ask();
	etag = response.headers.get("etag") ?? "";
	whole = Buffer.from(await response.arrayBuffer());
});
afterAll(() => tree.remove());

let server: PlainServer | undefined;
afterEach(async () => {
	await server?.close();
	server = undefined;
});

function ask(headers: Readonly<Record<string, string>> = {}, filename = "a.zip"): Promise<Response> {
	const request = new Request("http://127.0.0.1/a.zip", { headers });
	return zipResponse(tree.root, { filename, request, comment: "the end" });
}

async function raw(...lines: readonly string[]) {
	server ??= await startPlainServer((request, response) => {
		sendZip(tree.root, { filename: "a.zip", request, response, comment: "the end" }).catch(() =>
			response.destroy(),
		);
	});
	return rawExchange(server.url, lines);
}

describe("a range", () => {
	it("of one byte is that byte, wherever it is", async () => {
		for (let at = 0; at < whole.byteLength; at++) {
			const response = await ask({ range: `bytes=${at}-${at}` });
			expect(response.status).toBe(206);
			expect(Buffer.from(await response.arrayBuffer()), `byte ${at}`).toEqual(whole.subarray(at, at + 1));
		}
	});

	it.each<[string, string]>([
		["bytes=0-", "206 all"],
		["bytes=-0", "416"],
		["bytes=5-3", "200 all"],
		["bytes=-99999999999999999999999999", "206 all"],
		["bytes=0-99999999999999999999999999", "206 all"],
		["bytes=99999999999999999999999999-", "416"],
		["bytes= 0-0", "206 1"],
		["bytes=0-0 ", "206 1"],
		["BYTES=0-0", "206 1"],
		["bytes=0-0,2-2", "200 all"],
		["bytes=0-0,", "200 all"],
		["bytes=,0-0", "200 all"],
		["bytes=+1-2", "200 all"],
		["bytes=0x1-2", "200 all"],
		["bytes=1e1-", "200 all"],
		["bytes=-1-2", "200 all"],
		["bytes=-", "200 all"],
		["bytes", "200 all"],
		["items=0-0", "200 all"],
		["bytes=٠-", "200 all"],
	])("of '%s' gives %s", async (range, expected) => {
		const { head, body } = await raw("GET / HTTP/1.1", "host: a", "connection: close", `range: ${range}`);
		const [, status] = /^HTTP\/1\.1 (\d+)/.exec(head) ?? [];
		const got = status === "416" ? "" : body.equals(whole) ? " all" : ` ${body.byteLength}`;
		expect(`${status}${got}`).toBe(expected);
	});
});

describe("a request that is unusual", () => {
	it("in HTTP/1.0 has the size, and gets all of it", async () => {
		const { head, body, ended } = await raw("GET / HTTP/1.0");
		expect(head).toContain(`Content-Length: ${whole.byteLength}`);
		expect([body.equals(whole), ended]).toEqual([true, "end"]);
	});

	it("comes behind another in one packet, and each has its answer", async () => {
		const one = ["GET / HTTP/1.1", "host: a", "range: bytes=0-3", ""];
		const { head, body } = await raw(...one, ...one, "GET / HTTP/1.1", "host: a", "connection: close");
		expect(head).toMatch(/^HTTP\/1\.1 206/);
		expect(body.subarray(0, 4).equals(whole.subarray(0, 4))).toBe(true);
		expect(body.toString("latin1").match(/HTTP\/1\.1 2\d\d/g)).toEqual(["HTTP/1.1 206", "HTTP/1.1 200"]);
		expect(body.subarray(-whole.byteLength).equals(whole)).toBe(true);
	});

	it("expects to go on, or asks for another protocol, and gets the archive", async () => {
		for (const extra of ["expect: 100-continue", "connection: close, upgrade\r\nupgrade: h2c"]) {
			const { body } = await raw("GET / HTTP/1.1", "host: a", "connection: close", extra);
			expect(body.subarray(-whole.byteLength).equals(whole), extra).toBe(true);
		}
	});

	it("has the same header twice: what is sent belongs together", async () => {
		const lines = ["GET / HTTP/1.1", "host: a", "connection: close", "range: bytes=0-0", "range: bytes=5-9"];
		const { head, body } = await raw(...lines);
		const [, length] = /content-length: (\d+)/i.exec(head) ?? [];
		expect(body.byteLength).toBe(Number(length));
	});

	it.each<[Readonly<Record<string, string>>, number]>([
		[{ "if-match": '"x"', "if-none-match": "ETAG", range: "bytes=0-0" }, 412],
		[{ "if-match": "ETAG", "if-none-match": "ETAG", range: "bytes=0-0" }, 304],
		[{ "if-match": "ETAG", "if-none-match": '"x"', range: "bytes=0-0" }, 206],
		[{ "if-range": "W/ETAG", range: "bytes=0-0" }, 200],
		[{ "if-range": "ETAG, ETAG", range: "bytes=0-0" }, 200],
		[{ "if-range": "ETAG" }, 200],
		[{ "if-range": '"x"', range: "bytes=999999-" }, 200],
		[{ "if-range": "ETAG", range: "bytes=999999-" }, 416],
	])("with the conditions %j gets %d", async (conditions, status) => {
		const headers = Object.fromEntries(
			Object.entries(conditions).map(([name, value]) => [name, value.replaceAll("ETAG", etag)]),
		);
		const response = await ask(headers);
		await response.body?.cancel();
		expect(response.status).toBe(status);
	});
});

describe("a Response", () => {
	it("can be split in two, and cloned", async () => {
		const response = await ask();
		const copy = response.clone();
		const [left, right] = response.body?.tee() ?? [];
		const all = await Promise.all(
			[copy, new Response(left), new Response(right)].map((one) => one.arrayBuffer()),
		);
		for (const bytes of all) expect(Buffer.from(bytes).equals(whole)).toBe(true);
	});

	it("leaves nothing behind if nobody reads it, and can be ended by the caller's signal", async () => {
		const controller = new AbortController();
		const options = { filename: "a.zip", signal: controller.signal };
		const responses = await Promise.all(Array.from({ length: 20 }, () => zipResponse(tree.root, options)));
		expect(await openFiles(tree.root)).toEqual([]);
		const reason = new Error("shutting down");
		controller.abort(reason);
		for (const response of responses) await expect(response.arrayBuffer()).rejects.toBe(reason);
	});

	it.each<[string, string]>([
		["a\r\nX-Injected: 1\r\n\r\n.zip", `"a__X-Injected: 1____.zip"`],
		["../../etc/passwd", ".._.._etc_passwd"],
		["C:\\windows\\a.zip", `"C:_windows_a.zip"`],
		[`"; filename="b.exe`, `"\\"; filename=\\"b.exe"`],
		["a\0\x7f\x85.zip", "a___.zip"],
		["%41.zip", "%41.zip; filename*=UTF-8''%2541.zip"],
	])("named %j has only that name", async (filename, expected) => {
		const { headers } = await ask({ range: "bytes=0-0" }, filename);
		expect(headers.get("content-disposition")).toBe(`attachment; filename=${expected}`);
		expect(headers.get("x-injected")).toBeNull();
	});

	it("may have a name of 300 bytes and more", async () => {
		const filename = `${noise(200).toString("hex")} 🏖️.zip`;
		const { headers } = await ask({ range: "bytes=0-0" }, filename);
		expect(headers.get("content-disposition")).toContain(encodeURIComponent(filename));
	});
});
