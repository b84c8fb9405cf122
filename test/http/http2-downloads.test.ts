import { once } from "node:events";
import { type ClientHttp2Session, connect, createServer, type OutgoingHttpHeaders } from "node:http2";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type SentDownload, sendZip } from "../../src/http/send-zip.ts";
import type { Source } from "../../src/sources/source.ts";
import { noise } from "../support/bytes.ts";
import { Gate } from "../support/gate.ts";
import { zipContents } from "../support/zip-contents.ts";
import { type SettledTree, settledTree } from "./support/settled-tree.ts";

let tree: SettledTree;
beforeAll(async () => {
	tree = await settledTree({ "a.txt": Buffer.from("hello"), "b.bin": noise(3_000_000) });
});
afterAll(() => tree.remove());

const cleanups: (() => void)[] = [];
afterEach(() => {
	for (const cleanup of cleanups.splice(0)) cleanup();
});

interface Http2Site {
	readonly session: ClientHttp2Session;
	readonly sent: SentDownload[];
	/** Opens when an answer has ended. */
	readonly done: Gate;
}

async function serve(sources: Source): Promise<Http2Site> {
	const sent: SentDownload[] = [];
	const done = new Gate();
	const server = createServer((request, response) => {
		sendZip(sources, { filename: "a.zip", request, response }).then(
			(download) => {
				sent.push(download);
				done.open();
			},
			() => done.open(),
		);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`); // listens on TCP
	session.on("error", () => {}); // its streams fail then
	cleanups.push(() => {
		session.destroy();
		server.close();
	});
	return { session, sent, done };
}

async function ask({ session }: Http2Site, headers: OutgoingHttpHeaders = {}) {
	const stream = session.request({ ":path": "/", ...headers });
	const [[answer], body] = await Promise.all([
		once(stream, "response"),
		(async () => {
			const chunks: Buffer[] = [];
			for await (const chunk of stream) chunks.push(chunk as Buffer);
			return Buffer.concat(chunks);
		})(),
	]);
	return { headers: answer as OutgoingHttpHeaders, body };
}

describe("a download over HTTP/2", () => {
	it("has all of the archive and its size, and parts of it", async () => {
		const site = await serve(tree.root);
		const whole = await ask(site);
		expect(whole.headers).toMatchObject({
			":status": 200,
			"content-length": `${whole.body.byteLength}`,
			"content-type": "application/zip",
		});
		expect((await zipContents(whole.body)).get("b.bin")?.data.equals(noise(3_000_000))).toBe(true);
		const { etag } = whole.headers;
		const rest = await ask(site, { range: "bytes=1000-", "if-range": String(etag) });
		expect(rest.headers).toMatchObject({ ":status": 206, etag });
		expect(rest.body.equals(whole.body.subarray(1000))).toBe(true);
		expect((await ask(site, { "if-none-match": String(etag) })).headers).toMatchObject({ ":status": 304 });
		expect(site.sent).toMatchObject([
			{ status: 200, complete: true, sentSize: whole.body.byteLength },
			{ status: 206, complete: true },
			{ status: 304, complete: true, sentSize: 0 },
		]);
	});

	it("has the same head for HEAD, and no body", async () => {
		const site = await serve(tree.root);
		const head = await ask(site, { ":method": "HEAD" });
		const get = await ask(site);
		expect(head.body).toHaveLength(0);
		const { date: _headDate, ...headHeaders } = head.headers;
		const { date: _getDate, ...getHeaders } = get.headers;
		expect({ ...headHeaders }).toEqual({ ...getHeaders });
		expect(site.sent[0]).toEqual({ status: 200, sentSize: 0, complete: true });
	});

	it("is read no faster than the client takes it, and closed when the client resets it", async () => {
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
		const site = await serve({ name: "endless", content });
		const stream = site.session.request({ ":path": "/" });
		stream.on("error", () => {});
		await once(stream, "readable");
		let before = -1;
		while (given !== before) {
			before = given;
			await new Promise((resolve) => setTimeout(resolve, 300));
		}
		expect(given).toBeLessThan(64);
		stream.close(8); // CANCEL
		await closed.passed;
		await site.done.passed;
		expect(site.sent).toMatchObject([{ status: 200, complete: false }]);
	});
});
