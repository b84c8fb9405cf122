import { chmod, symlink, writeFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { connectTo } from "../support/connect-to.ts";
import { openFiles, useTempDirectory } from "../support/temp-directory.ts";
import { zipContents } from "../support/zip-contents.ts";
import { type Answer, ask, startSite, stopSites, type TestSite } from "./site.ts";

const temp = useTempDirectory();
afterEach(stopSites);

async function start(options: Parameters<typeof startSite>[2] = {}): Promise<TestSite> {
	await temp.write({
		"root/a.txt": "alpha",
		"root/sub/b.txt": "beta",
		"root/sub/large": Buffer.alloc(3_000_000, "large "),
		"root/empty": null,
	});
	return startSite(temp.path("root"), temp.path("crc"), options);
}

/** The links to archives of a page, by their labels. */
function zipLinks({ text }: Answer): Map<string, string> {
	const links = text.matchAll(/<a (?:class="zip" )?href="([^"]*\?zip[^"]*)" aria-label="([^"]*)"/g);
	return new Map([...links].map(([, href = "", label = ""]) => [label, href]));
}

/** Waits until nothing has changed for so long that every change would show. */
async function settled(site: TestSite, path = "/?zip"): Promise<void> {
	await expect.poll(async () => (await ask(site, path, {}, "HEAD")).headers["accept-ranges"]).toBe("bytes");
}

describe("the archive of a folder", () => {
	it("is offered with its exact size, and so are those of the folders in it", async () => {
		const site = await start();
		await settled(site);
		const page = await ask(site, "/");
		const links = zipLinks(page);
		expect([...links.keys()]).toEqual([
			expect.stringMatching(/^Download root as ZIP, 2\.86 MiB$/),
			expect.stringMatching(/^Download sub as ZIP, 2\.86 MiB$/),
		]);
		expect(page.text).toContain("<td>empty</td>");
		for (const href of links.values()) {
			expect(href).toMatch(/^(\.\/sub\/)?\?zip=[\da-f]{32}$/);
			const answer = await ask(site, href.replace(/^\.?\/?/, "/"));
			expect(answer).toMatchObject({ status: 200, headers: { "content-type": "application/zip" } });
			expect(answer.body.byteLength).toBe(Number(answer.headers["content-length"]));
		}
		expect((await ask(site, "/empty/")).text).toContain("This folder is empty.");
	});

	it("has what is in it and below, by the name of the folder", async () => {
		const site = await start();
		await temp.write({ "root/sub/ümläut 🏖️/x": "x", "root/sub/b.key": "k", secret: "from outside" });
		await symlink(temp.path("secret"), temp.path("root/sub/link"));
		const answer = await ask(site, "/sub/?zip");
		expect(answer.headers["content-disposition"]).toBe("attachment; filename=sub.zip");
		const contents = await zipContents(answer.body);
		expect([...contents.keys()]).toEqual(["b.key", "b.txt", "large", "ümläut 🏖️/", "ümläut 🏖️/x"]);
		expect(answer.text).not.toContain("from outside");
		const below = await ask(site, `/sub/${encodeURIComponent("ümläut 🏖️")}/?zip`);
		expect(below.headers["content-disposition"]).toContain(
			`filename*=UTF-8''${encodeURIComponent("ümläut 🏖️.zip")}`,
		);
		expect(await openFiles(temp.path("root"))).toEqual([]);
	});

	it("leaves out what filters leave out, relative to the root", async () => {
		const site = await start({ filters: { exclude: ["/sub/large", "*.key"], include: [] } });
		await temp.write({ "root/sub/deep/sub/large": "kept", "root/x.key": "k" });
		const names = async (path: string) => [...(await zipContents((await ask(site, path)).body)).keys()];
		expect(await names("/sub/?zip")).toEqual(["b.txt", "deep/", "deep/sub/", "deep/sub/large"]);
		expect(await names("/?zip")).not.toContain("x.key");
	});

	it("goes on where it ended by its link, to the same bytes", async () => {
		const site = await start();
		await settled(site);
		const href = `/${[...zipLinks(await ask(site, "/")).values()][0]}`;
		const { body } = await ask(site, href);
		for (const at of [0, 1, 40, 100_000, body.byteLength - 1]) {
			const rest = await ask(site, href, { range: `bytes=${at}-` });
			expect(rest).toMatchObject({
				status: 206,
				headers: { "content-range": `bytes ${at}-${body.byteLength - 1}/${body.byteLength}` },
			});
			expect(rest.body.equals(body.subarray(at))).toBe(true);
		}
	});

	it("is refused with a page that links to the new one if the folder has changed since its link", async () => {
		const site = await start();
		await settled(site);
		const href = `/${[...zipLinks(await ask(site, "/")).values()][0]}`;
		const { headers } = await ask(site, href, {}, "HEAD");
		await writeFile(temp.path("root/a.txt"), "ALPHA");
		for (const more of [{}, { range: "bytes=100-" }]) {
			const refused = await ask(site, href, more);
			expect(refused).toMatchObject({ status: 412, headers: { "content-type": "text/html; charset=utf-8" } });
			expect(refused.text).toContain("This folder has changed");
			const [, link = ""] = /<a href="([^"]*)"/.exec(refused.text) ?? [];
			expect(link).toMatch(/^\?zip=[\da-f]{32}$/);
			expect((await ask(site, `/${link}`)).status).toBe(200);
		}
		const { etag = "" } = headers;
		const whole = await ask(site, href, { range: "bytes=100-", "if-range": etag });
		expect(whole.status).toBe(200);
		expect((await zipContents(whole.body)).get("a.txt")?.data.toString()).toBe("ALPHA");
	});

	it("comes as a whole where nothing says which state a range is of", async () => {
		const site = await start();
		await settled(site);
		const { headers } = await ask(site, "/?zip", {}, "HEAD");
		const { etag = "" } = headers;
		expect((await ask(site, "/?zip", { range: "bytes=100-" })).status).toBe(200);
		expect((await ask(site, "/?zip", { range: "bytes=100-", "if-range": etag })).status).toBe(206);
		expect((await ask(site, "/?zip", { range: "bytes=100-", "if-match": etag })).status).toBe(206);
		expect((await ask(site, "/?zip", { range: "bytes=100-", "if-match": '"old"' })).status).toBe(412);
	});

	it("is cut, so that nobody takes it for the whole, if a file gets shorter meanwhile", async () => {
		const site = await start();
		await temp.write({ "root/sub/huge": Buffer.alloc(40_000_000) });
		const socket = connectTo(site.url);
		socket.write("GET /sub/?zip HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
		let received = 0;
		let changed: Promise<void> | undefined;
		let announced = 0;
		await new Promise<void>((resolve) => {
			socket.on("data", (chunk: Buffer) => {
				if (received === 0) announced = Number(/content-length: (\d+)/i.exec(chunk.toString("latin1"))?.[1]);
				received += chunk.byteLength;
				if (changed !== undefined) return;
				socket.pause();
				changed = writeFile(temp.path("root/sub/huge"), "short");
				void changed.then(() => socket.resume());
			});
			socket.on("close", () => resolve());
		});
		expect(announced).toBeGreaterThan(40_000_000);
		expect(received).toBeLessThan(announced);
		await expect.poll(() => site.events).toContainEqual(expect.objectContaining({ type: "failure" }));
		expect((await ask(site, "/a.txt")).text).toBe("alpha");
	});

	it("is offered without a size where looking through it takes longer than a page may", async () => {
		const site = await start({ measureTimeMs: 0 });
		const tree = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`root/sub/${index}`, ""]));
		await temp.write(tree);
		const links = zipLinks(await ask(site, "/"));
		expect(links.get("Download root as ZIP")).toBe("?zip");
		expect(links.get("Download sub as ZIP")).toBe("./sub/?zip");
	});

	it("is there for folders only", async () => {
		const site = await start();
		expect((await ask(site, "/nope/?zip")).status).toBe(404);
		expect(await ask(site, "/a.txt?zip")).toMatchObject({ status: 200, text: "alpha" });
	});

	it.skipIf(process.getuid?.() === 0)("is not offered if something in it cannot be read", async () => {
		const site = await start();
		await chmod(temp.path("root/sub"), 0);
		try {
			const { text, status } = await ask(site, "/");
			expect(status).toBe(200);
			expect(text).toContain(
				"There is no ZIP of this folder, because something in it cannot be read or archived.",
			);
			expect(text).toContain("<td>none</td>");
			expect((await ask(site, "/sub/")).status).toBe(403);
			expect((await ask(site, "/?zip")).status).toBe(403);
		} finally {
			await chmod(temp.path("root/sub"), 0o755);
		}
	});

	it.skipIf(process.getuid?.() === 0)(
		"is not offered, nor begun, if a file in it cannot be read",
		async () => {
			const site = await start();
			await chmod(temp.path("root/sub/large"), 0);
			const page = await ask(site, "/sub/");
			expect(page.text).toContain('<bdi>large</bdi> <span class="soft">(cannot be read, not served)</span>');
			expect(page.text).toContain("There is no ZIP of this folder");
			expect((await ask(site, "/sub/?zip")).status).toBe(403);
			expect((await ask(site, "/sub/large")).status).toBe(403);
		},
	);
});
