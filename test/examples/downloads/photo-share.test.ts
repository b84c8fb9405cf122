import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DemoServer } from "../../support/demo-server.ts";
import { type Program, stopPrograms } from "../../support/program.ts";
import { zipNames } from "../../support/zip-contents.ts";
import { startExample } from "../example.ts";
import { makeAlbums, removeAlbums, run, SETTLED_MS } from "./albums.ts";

const TITLE = "Ferien <3 für Zoë / Österreich 🏔";

let root: string;
let place: string;
let storage: DemoServer;
let program: Program;
let origin: string;

async function share(
	shares: Record<string, { title: string; album: string; until?: string }>,
): Promise<void> {
	await writeFile(join(place, "shares.json"), JSON.stringify(shares));
}

const shares = () => ({
	disk: { title: TITLE, album: join(root, "holidays") },
	bucket: { title: "Wedding", album: "s3://demo/albums/wedding/", until: "2099-12-31" },
	over: { title: "Last year", album: join(root, "holidays"), until: "2025-12-31" },
});

async function start(): Promise<void> {
	const env = { ...storage.env, HOME: place, PORT: "0", CRC_CACHE: join(place, "crcs") };
	program = startExample("downloads/photo-share.ts", [join(place, "shares.json")], env);
	[, origin = ""] = await program.says(/^(http:\S+)\/SECRET/);
}

beforeAll(async () => {
	place = await mkdtemp(join(tmpdir(), "zipferry-share-"));
	storage = await DemoServer.start();
	for (const name of ["a.jpg", "b.jpg"]) await storage.put(`albums/wedding/${name}`, name.repeat(1000));
	root = await makeAlbums();
	await share(shares());
	await start();
}, 120_000);
afterAll(async () => {
	await stopPrograms();
	await storage?.close();
	await rm(place, { recursive: true });
	await removeAlbums(root);
});

/** Where the page of a share links to. */
async function linkOf(secret: string): Promise<string> {
	const page = await (await fetch(`${origin}/${secret}`)).text();
	return `${origin}${/href="([^"]+)"/.exec(page)?.[1]}`;
}

const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe("examples/downloads/photo-share.ts", { timeout: 120_000 }, () => {
	it("shows a page with the title as text, and leads to the album", async () => {
		const page = await (await fetch(`${origin}/disk`)).text();
		expect(page).toContain("<h1>Ferien &lt;3 für Zoë / Österreich 🏔</h1>");
		const response = await fetch(await linkOf("disk"));
		const name = encodeURIComponent("Ferien <3 für Zoë - Österreich 🏔.zip");
		expect(response.headers.get("content-disposition")).toContain(`filename*=UTF-8''${name}`);
		expect(await zipNames(await bytesOf(response))).toEqual(["a.txt", "b/", "b/c.txt"]);
	});

	it.each(["nobody", "over", "__proto__", "constructor", ".."])(
		"lets nobody in without a share: %s",
		async (secret) => {
			expect((await fetch(`${origin}/${secret}`)).status).toBe(404);
			expect((await fetch(`${origin}/${secret}/download`)).status).toBe(404);
		},
	);

	it("goes on with a download after a restart, and reads no object again for it", async () => {
		const link = await linkOf("bucket");
		const whole = await bytesOf(await fetch(link));
		expect(await zipNames(whole)).toEqual(["a.jpg", "b.jpg"]);
		program.kill("SIGINT");
		expect((await program.ended).exitCode).toBe(0);
		await start();
		const path = join(place, "resumed.zip");
		await writeFile(path, whole.subarray(0, -100)); // what is missing is of the central directory, which has every checksum
		const before = storage.s3.requests.length;
		const { pathname, search } = new URL(link);
		expect((await run("curl", "-sSf", "-C", "-", "-o", path, `${origin}${pathname}${search}`)).code).toBe(0);
		expect(await readFile(path)).toEqual(whole);
		const asked = storage.s3.requests.slice(before).map(({ operation }) => operation);
		expect(asked).toContain("ListObjectsV2");
		expect(asked).not.toContain("GetObject");
	});

	it("answers 412 to a link to what the album was, so that curl makes no mix", async () => {
		const old = await linkOf("disk");
		await writeFile(join(root, "holidays/new.txt"), "new");
		await delay(SETTLED_MS);
		const path = join(place, "mixed.zip");
		await writeFile(path, "the beginning of the old one");
		expect((await run("curl", "-sSf", "-C", "-", "-o", path, old)).code).toBe(22); // CURLE_HTTP_RETURNED_ERROR
		expect(await readFile(path, "utf8")).toBe("the beginning of the old one");
		const response = await fetch(await linkOf("disk"));
		expect(await zipNames(await bytesOf(response))).toContain("new.txt");
	});

	it("gives nothing more, not even a range, of a share that was taken back", async () => {
		const link = await linkOf("disk");
		await share({});
		expect((await fetch(link, { headers: { range: "bytes=0-9" } })).status).toBe(404);
		await share(shares());
	});
});
