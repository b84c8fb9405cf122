import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readlink, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Program, stopPrograms } from "../support/program.ts";
import { zipNames } from "../support/zip-contents.ts";
import { startExample } from "./example.ts";

/** More than sockets and streams hold between them, so that a reader that stops stops the archive. */
const LARGE = 64 * 1024 * 1024;

let root: string;
let program: Program;
let origin: string;
beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), "zipferry-albums-"));
	const noise = randomBytes(LARGE);
	const files = {
		"holidays/a.txt": "alpha",
		"holidays/b/c.txt": "gamma",
		"Ferien 'für' 100%/a.txt": "",
		"large/a.bin": noise,
		"shrinking/a.bin": noise,
		"secret.txt": "not an album",
	};
	for (const [name, data] of Object.entries(files)) {
		await mkdir(dirname(join(root, name)), { recursive: true });
		await writeFile(join(root, name), data);
	}
	await symlink("loop", join(root, "loop"));
	program = startExample("http-download.ts", [root], { HOME: root, PORT: "0" });
	[, origin = ""] = await program.says(/^(http:\S+)\/NAME.zip/);
}, 120_000);
afterAll(async () => {
	await stopPrograms();
	await rm(root, { recursive: true });
});

/** The answer to a path as it stands, with no tidying by a URL parser. */
async function get(path: string, method = "GET"): Promise<IncomingMessage> {
	const { hostname, port } = new URL(origin);
	const sent = request({ hostname, port, path, method, agent: false }).end();
	const [response] = (await once(sent, "response")) as [IncomingMessage];
	sent.on("error", () => {}); // the response tells, too
	response.on("error", () => {});
	return response;
}

/** Whether the program has a file open. */
async function hasOpen(path: string): Promise<boolean> {
	const descriptors = await readdir(`/proc/${program.pid}/fd`);
	const targets = await Promise.all(
		descriptors.map((fd) => readlink(`/proc/${program.pid}/fd/${fd}`).catch(() => "")),
	);
	return targets.includes(path);
}

describe("examples/http-download.ts", () => {
	it("answers with the archive of a directory, to be saved under its name", async () => {
		const response = await get("/holidays.zip");
		expect(response.statusCode).toBe(200);
		expect(response.headers).toMatchObject({
			"content-type": "application/zip",
			"content-disposition": `attachment; filename="holidays.zip"; filename*=UTF-8''holidays.zip`,
			"x-content-type-options": "nosniff",
		});
		expect(await zipNames(await buffer(response))).toEqual(["a.txt", "b/", "b/c.txt"]);
	});

	it("gives a name in any language in two ways, for old and new clients (RFC 6266)", async () => {
		const response = await get("/Ferien%20'f%C3%BCr'%20100%25.zip");
		expect(response.headers["content-disposition"]).toBe(
			`attachment; filename="Ferien 'f_r' 100_.zip"; filename*=UTF-8''Ferien%20%27f%C3%BCr%27%20100%25.zip`,
		);
		expect(await zipNames(await buffer(response))).toEqual(["a.txt"]);
	});

	it.each([
		["/missing.zip"],
		["/"],
		["/holidays"],
		["/..%2falbums.zip"],
		["/../albums/holidays.zip"],
		["/%2e%2e.zip"],
		["/%00.zip"],
		["/%zz.zip"],
	])("answers 404 to what is no album: %s", async (path) => {
		const response = await get(path);
		expect([response.statusCode, await text(response)]).toEqual([404, "404\n"]);
	});

	it("answers 405 to another method", async () => {
		const response = await get("/holidays.zip", "DELETE");
		expect(response.statusCode).toBe(405);
		response.resume();
	});

	it("answers 500 to a failure before the first byte, and goes on", async () => {
		const response = await get("/loop.zip");
		expect([response.statusCode, await text(response)]).toEqual([500, "500\n"]);
		expect((await get("/holidays.zip")).statusCode).toBe(200);
	});

	it("breaks the connection at a failure after the first byte, and goes on", async () => {
		const response = await get("/shrinking.zip");
		expect(response.statusCode).toBe(200);
		await once(response, "readable");
		await truncate(join(root, "shrinking/a.bin"), 0);
		await expect(buffer(response)).rejects.toMatchObject({ code: "ECONNRESET" });
		await program.says(/^shrinking: ended early: /m);
		expect((await get("/holidays.zip")).statusCode).toBe(200);
	});

	it("stops making the archive when the client goes away", async () => {
		const path = join(root, "large/a.bin");
		const response = await get("/large.zip");
		await once(response, "readable");
		expect(await hasOpen(path)).toBe(true);
		response.destroy();
		await program.says(/^large: ended early: /m);
		while (await hasOpen(path)) await delay(20);
	});
});
