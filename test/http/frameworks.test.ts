import { once } from "node:events";
import { createServer, get, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { getRequestListener } from "@hono/node-server";
import compression from "compression";
import express, {
	type Request as ExpressRequest,
	type Response as ExpressResponse,
	type NextFunction,
} from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { compress } from "hono/compress";
import { afterEach, describe, expect, it } from "vitest";
import { sendZip } from "../../src/http/send-zip.ts";
import { zipResponse } from "../../src/http/zip-response.ts";
import type { Source } from "../../src/sources/source.ts";
import { lines } from "../support/bytes.ts";
import { zipContents } from "../support/zip-contents.ts";
import { BROKEN, failingEntry } from "./support/failing-entries.ts";

/** Compresses well: middleware that may do it would. */
const TEXT = { name: "a.txt", content: lines(300_000), method: "store", mtime: "2026-01-31" } as const;

const ENDS: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	for (const end of ENDS.splice(0)) await end();
});

async function listen(server: Server): Promise<string> {
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	ENDS.push(async () => {
		server.close();
		server.closeAllConnections();
		await once(server, "close");
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // listens on TCP
}

/** A framework with a route that sends what it is given, and an error handler of the framework's own. */
interface Framework {
	readonly start: (sources: () => Source, log: unknown[]) => Promise<string>;
}

const FRAMEWORKS: Readonly<Record<string, Framework>> = {
	"Express with compression": {
		start(sources, log) {
			const app = express();
			app.use(compression({ threshold: 0, filter: () => true }));
			app.use((_request, response, next) => {
				response.setHeader("X-Hook", "ran");
				next();
			});
			app.get("/a.zip", async (request, response) => {
				response.set("Cache-Control", "private, max-age=7");
				log.push(await sendZip(sources(), { filename: "a.zip", request, response }));
			});
			app.get("/text", (_request, response) => {
				response.type("text/plain").send("text ".repeat(1000));
			});
			app.use((error: unknown, _request: ExpressRequest, response: ExpressResponse, next: NextFunction) => {
				log.push(error);
				if (response.headersSent) next(error);
				else response.status(500).type("text/plain").send("sorry");
			});
			app.set("env", "test"); // its own handler writes no errors to stderr then
			return listen(createServer(app));
		},
	},
	Fastify: {
		async start(sources, log) {
			const app = fastify();
			app.addHook("onRequest", async (_request, reply) => {
				reply.header("X-Hook", "ran");
			});
			app.get("/a.zip", async (request, reply) => {
				reply.header("Cache-Control", "private, max-age=7");
				try {
					log.push(await sendZip(sources(), { filename: "a.zip", request: request.raw, response: reply }));
				} catch (error) {
					log.push(error);
					throw error;
				}
			});
			app.setErrorHandler((_error, _request, reply) => {
				void reply.status(500).type("text/plain").send("sorry");
			});
			const url = await app.listen({ port: 0, host: "127.0.0.1" });
			ENDS.push(() => app.close());
			return url;
		},
	},
	"Hono with compress": {
		start(sources, log) {
			const app = new Hono();
			app.use(compress({ threshold: 0, contentTypeFilter: () => true }));
			app.use(async (context, next) => {
				await next();
				context.header("X-Hook", "ran");
			});
			app.get("/a.zip", (context) =>
				zipResponse(sources(), {
					filename: "a.zip",
					request: context.req.raw,
					headers: { "Cache-Control": "private, max-age=7" },
					onError: (error) => log.push(error),
				}),
			);
			app.get("/text", (context) => context.text("text ".repeat(1000)));
			app.onError((error, context) => {
				log.push(error);
				return context.text("sorry", 500);
			});
			return listen(createServer(getRequestListener(app.fetch)));
		},
	},
};

/** As the server has sent it: fetch would decompress. */
async function ask(url: string, method = "GET"): Promise<IncomingMessage> {
	const request = get(url, { method, headers: { "accept-encoding": "gzip, br" }, agent: false });
	request.on("error", () => {}); // a connection that breaks off later is an error of the response as well
	const [response] = (await once(request, "response")) as [IncomingMessage];
	return response;
}

describe.each(Object.entries(FRAMEWORKS))("%s", (name, { start }) => {
	it("sends an archive as it is, with headers of hooks, and lets the route say how it is cached", async () => {
		const log: unknown[] = [];
		const url = await start(() => TEXT, log);
		const response = await ask(`${url}/a.zip`);
		const bytes = await buffer(response);
		expect(response.statusCode).toBe(200);
		expect(response.headers).toMatchObject({
			"content-type": "application/zip",
			"content-length": `${bytes.byteLength}`,
			"cache-control": "private, max-age=7, no-transform",
			"x-hook": "ran",
		});
		expect(response.headers["content-encoding"]).toBeUndefined();
		expect(response.headers["transfer-encoding"]).toBeUndefined();
		expect((await zipContents(bytes)).get("a.txt")?.data.equals(TEXT.content)).toBe(true);
		if (name === "Fastify") return;
		const text = await ask(`${url}/text`);
		text.resume();
		expect(text.headers["content-encoding"]).toMatch(/gzip|br/);
	});

	it("answers HEAD", async () => {
		const url = await start(() => TEXT, []);
		const response = await ask(`${url}/a.zip`, "HEAD");
		expect(response.statusCode).toBe(200);
		expect(Number(response.headers["content-length"])).toBeGreaterThan(TEXT.content.byteLength);
		expect((await buffer(response)).byteLength).toBe(0);
	});

	it("answers with its own error handler what fails before the first byte", async () => {
		const log: unknown[] = [];
		const url = await start(() => "/nowhere/at/all", log);
		const response = await fetch(`${url}/a.zip`);
		expect(response.status).toBe(500);
		expect(await response.text()).toBe("sorry");
		expect(response.headers.get("content-disposition")).toBeNull();
		expect(log).toMatchObject([{ code: "SOURCE_NOT_FOUND" }]);
	});

	it("cuts off what fails midway, and tells the route", async () => {
		const log: unknown[] = [];
		const url = await start(() => failingEntry(undefined, 5 << 20), log);
		const response = await fetch(`${url}/a.zip`);
		expect(response.status).toBe(200);
		await expect(response.arrayBuffer()).rejects.toThrow("terminated");
		await expect.poll(() => log).toEqual([BROKEN]);
		expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
	});
});
