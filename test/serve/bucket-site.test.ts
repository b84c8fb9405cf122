import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BUCKET, DemoServer } from "../support/demo-server.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { zipContents } from "../support/zip-contents.ts";
import { ask, startSite, stopSites, type TestSite } from "./site.ts";

const temp = useTempDirectory();
let server: DemoServer;
beforeEach(async () => {
	server = await DemoServer.start();
});
afterEach(async () => {
	await stopSites();
	await server.s3.close();
});

async function start(prefix: string, exclude: readonly string[] = []): Promise<TestSite> {
	const { endpoint, region, accessKeyId, secretAccessKey } = server.s3;
	return startSite(`s3://${BUCKET}/${prefix}`, temp.path("crc"), {
		storage: { endpoint, region, credentials: { accessKeyId, secretAccessKey } },
		filters: { exclude, include: [] },
	});
}

async function put(...keys: readonly string[]): Promise<void> {
	for (const key of keys) await server.put(key, `content of ${key}`);
}

const linksIn = (text: string) =>
	[...text.matchAll(/<th scope="row"><a href="\.\/([^"]*)">/g)].map(([, href]) => href);

describe("the objects below a prefix", () => {
	it("are shown as folders and files, and nothing beside the prefix is", async () => {
		await put("photos/b.txt", "photos/sub/ü 🏖️.txt", "photos/a.txt", "photos.txt", "photosx/c", "other");
		const site = await start("photos");
		const { status, text } = await ask(site, "/");
		expect(status).toBe(200);
		expect(text).toContain("<title>photos</title>");
		expect(linksIn(text)).toEqual(["sub/", "a.txt", "b.txt"]);
		const below = await ask(site, "/sub/");
		const [href = ""] = linksIn(below.text);
		expect(await ask(site, `/sub/${href}`)).toMatchObject({
			status: 200,
			text: "content of photos/sub/ü 🏖️.txt",
			headers: { "content-type": "text/plain; charset=utf-8" },
		});
		expect(await ask(site, "/sub")).toMatchObject({ status: 302, headers: { location: "./sub/" } });
		for (const path of [
			"/nope",
			"/nope/",
			"/x/c",
			"/../other",
			"/%2e%2e/other",
			"//other",
			"/a.txt/",
			"/%FF",
		])
			expect(await ask(site, path), path).toMatchObject({ status: 404 });
	});

	it("come by ranges, of the object that was there when the request came", async () => {
		await put("a.txt");
		const site = await start("");
		await expect.poll(async () => (await ask(site, "/a.txt")).headers["accept-ranges"]).toBe("bytes");
		const { headers } = await ask(site, "/a.txt");
		const { etag = "" } = headers;
		const range = { range: "bytes=8-9" };
		expect(await ask(site, "/a.txt", range)).toMatchObject({ status: 206, text: "of", headers: { etag } });
		await server.put("a.txt", "another content");
		expect(await ask(site, "/a.txt", { ...range, "if-range": etag })).toMatchObject({
			status: 200,
			text: "another content",
		});
	});

	it("are shown also where keys are no paths, and such keys are not served", async () => {
		await put("p/", "p/a//b", "p/../x", "p/./y", "p/a", "p/<i>");
		const site = await start("p/");
		const { text } = await ask(site, "/");
		expect(linksIn(text)).toEqual(
			["a/", "%3Ci%3E", "a"].sort((a, b) => Number(b.endsWith("/")) - Number(a.endsWith("/"))),
		);
		expect(text).toContain('<bdi>..</bdi>/ <span class="soft">(cannot be addressed, not served)</span>');
		expect(text).not.toContain("<i>");
		expect((await ask(site, "/a/")).text).toContain("cannot be addressed, not served");
	});

	it("are left out by filters, which are relative to the prefix", async () => {
		await put("p/x.key", "p/private/a", "p/sub/private/b", "p/sub/c.key", "p/sub/d");
		const site = await start("p", ["*.key", "/private/"]);
		expect(linksIn((await ask(site, "/")).text)).toEqual(["sub/"]);
		expect(linksIn((await ask(site, "/sub/")).text)).toEqual(["private/", "d"]);
		for (const path of ["/x.key", "/private", "/private/", "/private/a", "/sub/c.key"])
			expect(await ask(site, path), path).toMatchObject({ status: 404 });
	});

	it("are archived folder by folder, with filters that are relative to the prefix", async () => {
		await put("p/a.txt", "p/sub/b.txt", "p/sub/c.key", "p/sub/deep/d", "q");
		const site = await start("p", ["*.key", "/sub/deep/"]);
		const { text } = await ask(site, "/");
		expect(text).toMatch(/aria-label="Download p as ZIP, \d+ bytes"/);
		const answer = await ask(site, "/sub/?zip");
		expect(answer).toMatchObject({
			status: 200,
			headers: { "content-length": String(answer.body.byteLength) },
		});
		const contents = await zipContents(answer.body);
		expect([...contents.keys()]).toEqual(["b.txt"]);
		expect(contents.get("b.txt")?.data.toString()).toBe("content of p/sub/b.txt");
	});

	it("have no archive if they are in each other's way, and the page says so", async () => {
		await put("p/a", "p/a/b");
		const site = await start("p");
		const { text } = await ask(site, "/");
		expect(text).toContain(
			"There is no ZIP of this folder, because something in it cannot be read or archived.",
		);
		expect((await ask(site, "/?zip")).status).toBe(500);
	});

	it("are not found while there are none, as in a directory that is missing; a bucket and a marked folder may be empty", async () => {
		const missing = await start("p");
		for (const path of ["/", "/?zip", "/a"])
			expect(await ask(missing, path), path).toMatchObject({ status: 404 });
		expect(await ask(await start(""), "/")).toMatchObject({ status: 200 });
		await put("p/");
		expect(await ask(missing, "/")).toMatchObject({ status: 200 });
	});

	it("of a bucket that is not there are told at the start", async () => {
		const { endpoint, region, accessKeyId, secretAccessKey } = server.s3;
		const storage = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
		await expect(startSite("s3://nope-nope/p", temp.path("crc"), { storage })).rejects.toMatchObject({
			code: "NO_SUCH_BUCKET",
		});
	});
});
