import { mkdir, mkdtemp, readdir, readFile, rm, rmdir, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parse } from "content-disposition";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hasOpen } from "../../support/has-open.ts";
import { type Program, stopPrograms } from "../../support/program.ts";
import { zipNames } from "../../support/zip-contents.ts";
import { startExample } from "../example.ts";
import { makeAlbums, NOISE, removeAlbums, run, UMLAUTS } from "./albums.ts";

const PATIENCE = { timeout: 120_000 };
const EXAMPLES = ["http-download.ts", "downloads/express.ts", "downloads/fastify.ts", "downloads/hono.ts"];

/** The albums that all of them serve. */
let root: string;
beforeAll(async () => {
	root = await makeAlbums();
}, 120_000);
afterAll(() => removeAlbums(root));

describe.each(EXAMPLES)("examples/%s", PATIENCE, (name) => {
	let program: Program;
	let origin: string;
	beforeAll(async () => {
		await mkdir(join(root, "gone"), { recursive: true });
		program = startExample(name, [root], { HOME: root, PORT: "0" });
		[, origin = ""] = await program.says(/^(http:\S+)\/NAME.zip/);
	}, 120_000);
	afterAll(stopPrograms);

	let place: string;
	beforeEach(async () => {
		place = await mkdtemp(join(tmpdir(), "zipferry-downloads-"));
	});
	afterEach(() => rm(place, { recursive: true }));

	const address = (album: string) => `${origin}/${encodeURIComponent(album)}.zip`;
	const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

	it("gives an archive that unzip takes, of the size it has announced", async () => {
		const path = join(place, "a.zip");
		expect(await run("curl", "-sSf", "-o", path, address("holidays"))).toEqual({ code: 0, output: "" });
		expect((await run("unzip", "-t", path)).output).toContain("No errors detected");
		expect(await zipNames(await readFile(path))).toEqual(["a.txt", "b/", "b/c.txt"]);
		const { headers } = await fetch(address("holidays"), { method: "HEAD" });
		expect(Number(headers.get("content-length"))).toBe((await readFile(path)).byteLength);
	});

	it("answers HEAD with the headers of GET, and reads nothing for it", async () => {
		const got = await fetch(address("large"), { method: "HEAD" });
		expect(got.status).toBe(200);
		expect(Object.fromEntries(got.headers)).toMatchObject({
			"content-type": "application/zip",
			"accept-ranges": "bytes",
			etag: expect.stringMatching(/^"\w+"$/),
		});
		expect(await hasOpen(program.pid, join(root, "large/a.bin"))).toBe(false);
	});

	it("says the name of the file in any language", async () => {
		const response = await fetch(address(UMLAUTS));
		expect(parse(response.headers.get("content-disposition") ?? "")).toMatchObject({
			type: "attachment",
			parameters: { filename: `${UMLAUTS}.zip` },
		});
		expect(await zipNames(await bytesOf(response))).toEqual(["ä.txt"]);
	});

	it("gives a range, and lets curl resume what was broken off", async () => {
		const whole = await bytesOf(await fetch(address("holidays")));
		const part = await fetch(address("holidays"), { headers: { range: "bytes=10-29" } });
		expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 10-29/${whole.length}`]);
		expect(await bytesOf(part)).toEqual(whole.subarray(10, 30));
		const path = join(place, "a.zip");
		await writeFile(path, whole.subarray(0, 100));
		expect((await run("curl", "-sSf", "-C", "-", "-o", path, address("holidays"))).code).toBe(0);
		expect(await readFile(path)).toEqual(whole);
	});

	it("is left alone by middleware that compresses", async () => {
		const response = await fetch(address("large"), { headers: { "accept-encoding": "gzip, br" } });
		expect(response.headers.get("content-encoding") ?? "identity").toBe("identity");
		expect(response.headers.has("content-length")).toBe(true);
		await response.body?.cancel();
	});

	it.each(["missing", "secret.txt", ".", "..", "%00"])(
		"answers 404 to what is no album: %s",
		async (album) => {
			const response = await fetch(address(album));
			expect(response.status).toBe(404);
			await response.body?.cancel();
		},
	);

	it("answers 500 to a failure before the first byte, and goes on", async () => {
		await rmdir(join(root, "gone"));
		const response = await fetch(address("gone"));
		expect(response.status).toBe(500);
		await response.body?.cancel();
		expect((await fetch(address("holidays"), { method: "HEAD" })).status).toBe(200);
	});

	it("fails the download in fetch when a source fails midway", async () => {
		await writeFile(join(root, "shrinking/a.bin"), NOISE);
		const response = await fetch(address("shrinking"));
		const reader = response.body?.getReader();
		await reader?.read();
		await truncate(join(root, "shrinking/a.bin"), 0);
		const rest = async () => {
			while (!(await reader?.read())?.done);
		};
		await expect(rest()).rejects.toThrow();
	});

	it("fails the download in curl when a source fails midway, and goes on", async () => {
		await writeFile(join(root, "shrinking/a.bin"), NOISE);
		const slow = run("curl", "-sS", "--limit-rate", "16M", "-o", join(place, "a.zip"), address("shrinking"));
		while (!(await readdir(place)).includes("a.zip")) await delay(20);
		await truncate(join(root, "shrinking/a.bin"), 0);
		expect((await slow).code).toBe(18); // CURLE_PARTIAL_FILE
		expect((await fetch(address("holidays"), { method: "HEAD" })).status).toBe(200);
	});

	it("closes the sources when the client goes away", async () => {
		const response = await fetch(address("large"));
		const reader = response.body?.getReader();
		await reader?.read();
		const path = join(root, "large/a.bin");
		expect(await hasOpen(program.pid, path)).toBe(true);
		await reader?.cancel();
		while (await hasOpen(program.pid, path)) await delay(20);
	});
});
