import { describe, expect, it } from "vitest";
import { serveHealth } from "../../../src/backup/schedule/health-server.ts";
import { InvalidOptionError } from "../../../src/errors.ts";

const HOST = "127.0.0.1";

describe("the health endpoint", () => {
	it("answers 200 while all is well and 503 else, with what there is to say", async () => {
		let ok = true;
		const server = await serveHealth({ port: 0, host: HOST, health: () => ({ ok, jobs: [] }) });
		try {
			expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
			const well = await fetch(`${server.url}healthz`);
			expect([well.status, well.headers.get("content-type")]).toEqual([200, "application/json"]);
			expect(await well.json()).toEqual({ ok: true, jobs: [] });
			ok = false;
			expect((await fetch(server.url)).status).toBe(503);
			const head = await fetch(server.url, { method: "HEAD" });
			expect([head.status, await head.text()]).toEqual([503, ""]);
			expect((await fetch(server.url, { method: "POST", body: "x" })).status).toBe(405);
		} finally {
			await server.close();
		}
		await expect(fetch(server.url)).rejects.toThrow();
	});

	it("refuses a port that is taken, and an address that is not of this machine", async () => {
		const server = await serveHealth({ port: 0, host: HOST, health: () => ({ ok: true }) });
		const port = Number(new URL(server.url).port);
		await expect(serveHealth({ port, host: HOST, health: () => ({ ok: true }) })).rejects.toThrow(
			InvalidOptionError,
		);
		await expect(serveHealth({ port: 0, host: "192.0.2.1", health: () => ({ ok: true }) })).rejects.toThrow(
			"cannot listen at 192.0.2.1, port 0",
		);
		await server.close();
	});

	it("closes although somebody keeps a connection open", async () => {
		const server = await serveHealth({ port: 0, host: HOST, health: () => ({ ok: true }) });
		await (await fetch(server.url)).text(); // kept alive by fetch
		await server.close();
	});
});
