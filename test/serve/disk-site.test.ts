import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, rename, symlink, utimes, writeFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { connectTo } from "../support/connect-to.ts";
import { openFiles, useTempDirectory } from "../support/temp-directory.ts";
import { ask, askRaw, startSite, stopSites, type TestSite } from "./site.ts";

const temp = useTempDirectory();
afterEach(stopSites);

const SECRET = "from outside";
const OLD = new Date("2026-01-02T03:04:05Z");

async function start(options: Parameters<typeof startSite>[2] = {}): Promise<TestSite> {
	await temp.write({
		"root/a.txt": "inside",
		"root/sub/b.txt": "below",
		secret: SECRET,
		"outside/f": SECRET,
	});
	return startSite(temp.path("root"), temp.path("crc"), options);
}

describe("paths that lead out of the directory", () => {
	it.each([
		...["/../secret", "/sub/../../secret", "/..", "/../", "/./../secret", "/sub/..", "/sub/../a.txt"],
		...["/%2e%2e/secret", "/%2e%2e%2fsecret", "/..%2fsecret", "/sub%2f..%2f..%2fsecret", "/.%2e/secret"],
		...["/%252e%252e/secret", "/%252e%252e%252fsecret", "/..%5csecret", "/..\\secret", "/%5c..%5csecret"],
		...["//secret", "///etc/passwd", "//etc/passwd", "/%2fetc%2fpasswd", "/%2f%2fetc/passwd", "/sub//b.txt"],
		...["/a.txt%00", "/%00", "/../secret%00.txt", "/a.txt/", "/a.txt/b", "/sub/b.txt/../../../secret"],
		...["/..;/secret", "/%c0%ae%c0%ae/secret", "/%c0%afetc", "/..%c0%afsecret", "/%uff0e%uff0e/secret"],
		...["..", "../secret", "secret", "*", "?zip", "/../?zip", "/%2e%2e/?zip", "/sub/../../?zip"],
		...["http://127.0.0.1/../secret", "file:///etc/passwd", "/\xff\xfe/../secret", "/~root/", "/%"],
	])("%s gives nothing", async (target) => {
		const site = await start();
		const answer = await askRaw(
			site,
			`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
		);
		expect(answer).toMatch(/^HTTP\/1\.1 (400|404) /);
		expect(answer).not.toContain(SECRET);
		expect(answer).not.toContain("inside");
		expect(answer).not.toContain("root:");
	});

	it("and a target with spaces or line ends in it is malformed", async () => {
		const site = await start();
		expect(await askRaw(site, "GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
		expect(await askRaw(site, "GARBAGE\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
		expect((await ask(site, "/a.txt")).text).toBe("inside");
	});
});

describe("symbolic links", () => {
	const links = async () => {
		const site = await start();
		await symlink(temp.path("outside"), temp.path("root/dir-link"));
		await symlink(temp.path("secret"), temp.path("root/file-link"));
		await symlink("a.txt", temp.path("root/inner-link"));
		await symlink("../..", temp.path("root/sub/up"));
		return site;
	};

	it.each([
		...["/dir-link", "/dir-link/", "/dir-link/f", "/file-link", "/inner-link", "/sub/up/", "/sub/up/secret"],
		...["/dir-link/?zip", "/sub/up/?zip", "/sub/up/root/a.txt"],
	])("are not followed: %s", async (target) => {
		const answer = await ask(await links(), target);
		expect(answer.status).toBe(404);
		expect(answer.text).not.toContain(SECRET);
	});

	it("are shown, and lead nowhere", async () => {
		const { text } = await ask(await links(), "/");
		expect(text).toContain('<bdi>dir-link</bdi> <span class="soft">(symbolic link, not served)</span>');
		expect(text).not.toContain('href="./dir-link');
		expect(text).not.toContain('href="./file-link');
	});

	it("that take the place of a folder while it is asked for lead nowhere", { tags: "slow" }, async () => {
		const site = await start();
		await temp.write({ "root/swap/f": "inside" });
		let swapping = true;
		const swap = async () => {
			while (swapping) {
				await rename(temp.path("root/swap"), temp.path("away"));
				await symlink(temp.path("outside"), temp.path("root/swap"));
				await rename(temp.path("root/swap"), temp.path("link"));
				await rename(temp.path("away"), temp.path("root/swap"));
				await rename(temp.path("link"), temp.path(`links-${Math.random()}`));
			}
		};
		const swapped = swap();
		const seen = new Set<number>();
		for (let index = 0; index < 500; index++) {
			const answer = await ask(site, "/swap/f");
			seen.add(answer.status);
			expect(answer.text).not.toContain(SECRET);
		}
		swapping = false;
		await swapped;
		expect([...seen].filter((status) => ![200, 404, 503].includes(status))).toEqual([]);
	});
});

describe("requests", () => {
	it("have to be GET or HEAD", async () => {
		const site = await start();
		for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"]) {
			const answer = await ask(site, "/a.txt", {}, method);
			expect(answer).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
		}
		const head = await ask(site, "/a.txt", {}, "HEAD");
		expect(head).toMatchObject({ status: 200, headers: { "content-length": "6" }, text: "" });
		expect(await ask(site, "/", {}, "HEAD")).toMatchObject({ status: 200, text: "" });
		expect(await ask(site, "/nope", {}, "HEAD")).toMatchObject({ status: 404, text: "" });
	});

	it("have to name this machine, so that no page of others reads it through a name of its own", async () => {
		const site = await start();
		expect(await ask(site, "/a.txt", { host: "evil.example" })).toMatchObject({ status: 421 });
		expect(await ask(site, "/a.txt", { host: "localhost:1" })).toMatchObject({ status: 200 });
	});

	it("need the password, if there is one, before anything is told", async () => {
		const site = await start({ credentials: "me:secret word" });
		const authorization = `Basic ${Buffer.from("me:secret word").toString("base64")}`;
		for (const path of ["/", "/a.txt", "/nope", "/?zip", "/%"])
			expect(await ask(site, path)).toMatchObject({
				status: 401,
				headers: { "www-authenticate": 'Basic realm="zipferry", charset="UTF-8"' },
			});
		expect(await ask(site, "/a.txt", { authorization })).toMatchObject({ status: 200, text: "inside" });
		expect(JSON.stringify(site.events)).not.toContain("secret word");
	});

	it("are told with their status, bytes and end", async () => {
		const site = await start();
		await ask(site, "/a.txt?x=%0Ay");
		await expect
			.poll(() => site.events)
			.toMatchObject([
				{ type: "request", request: { method: "GET", target: "/a.txt?x=%0Ay", status: 200, complete: true } },
			]);
	});
});

describe("files", () => {
	it("come with type, size and tag, and by ranges", async () => {
		const site = await start();
		await utimes(temp.path("root/a.txt"), OLD, OLD);
		await expect.poll(async () => (await ask(site, "/a.txt")).headers["accept-ranges"]).toBe("bytes");
		const whole = await ask(site, "/a.txt");
		expect(whole).toMatchObject({
			status: 200,
			text: "inside",
			headers: {
				"content-type": "text/plain; charset=utf-8",
				"content-length": "6",
				"content-disposition": "inline; filename=a.txt",
				"last-modified": "Fri, 02 Jan 2026 03:04:05 GMT",
				"x-content-type-options": "nosniff",
			},
		});
		const { etag = "" } = whole.headers;
		expect(etag).toMatch(/^"[\da-f]{32}"$/);
		expect(await ask(site, "/a.txt", { range: "bytes=2-3" })).toMatchObject({
			status: 206,
			text: "si",
			headers: { "content-range": "bytes 2-3/6", "content-length": "2", etag },
		});
		expect(await ask(site, "/a.txt", { "if-none-match": etag })).toMatchObject({ status: 304, text: "" });
		expect(await ask(site, "/a.txt", { range: "bytes=9-" })).toMatchObject({
			status: 416,
			headers: { "content-range": "bytes */6" },
		});
		expect(await ask(site, "/a.txt", { "if-match": '"other"' })).toMatchObject({ status: 412 });
		await writeFile(temp.path("root/a.txt"), "INSIDE, and more");
		expect(await ask(site, "/a.txt", { range: "bytes=2-3", "if-range": etag })).toMatchObject({
			status: 200,
			text: "INSIDE, and more",
		});
	});

	it.each([
		["x.html", "text/html; charset=utf-8", "inline", true],
		["x.svg", "image/svg+xml", "inline", true],
		["x.xml", "application/xml", "inline", true],
		["x.png", "image/png", "inline", false],
		["x.pdf", "application/pdf", "inline", false],
		["x.exe", "application/octet-stream", "attachment", false],
		["x", "application/octet-stream", "attachment", false],
	])("%s can do no harm", async (name, type, disposition, sandboxed) => {
		const site = await start();
		await temp.write({ [`root/${name}`]: "<script>alert(1)</script>" });
		const { headers } = await ask(site, `/${name}`);
		expect(headers["content-type"]).toBe(type);
		expect(headers["content-disposition"]).toBe(`${disposition}; filename=${name}`);
		if (sandboxed) expect(headers["content-security-policy"]).toMatch(/^sandbox; default-src 'none';/);
	});

	it("are closed when the client goes away", async () => {
		const site = await start();
		await temp.write({ "root/large": Buffer.alloc(50_000_000) });
		const sockets = Array.from({ length: 20 }, () => connectTo(site.url));
		for (const socket of sockets) {
			socket.write("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
			await once(socket, "readable");
			socket.pause();
		}
		for (const socket of sockets) socket.destroy();
		await expect.poll(() => openFiles(temp.path("root"))).toEqual([]);
		await expect.poll(() => site.events.length).toBe(20);
		for (const event of site.events)
			expect(event).toMatchObject({ type: "request", request: { complete: false } });
	});
});

describe("requests that come without waiting for answers", () => {
	it("are answered one after the other, in order", async () => {
		const site = await start();
		const heads = ["/a.txt", "/nope", "/sub/b.txt"].map(
			(path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n`,
		);
		const answers = await askRaw(site, `${heads.join("\r\n")}Connection: close\r\n\r\n`);
		const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
		expect(statuses).toEqual(["200", "404", "200"]);
		expect(answers).toMatch(/inside.*Not found.*below$/s);
	});

	it("open nothing before it is their turn, and nothing when the client is gone", async () => {
		const site = await start();
		await temp.write({ "root/large": Buffer.alloc(50_000_000) });
		const socket = connectTo(site.url);
		socket.write("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(100));
		await once(socket, "readable");
		socket.pause();
		await ask(site, "/a.txt");
		expect((await openFiles(temp.path("root/large"))).length).toBeLessThanOrEqual(1);
		socket.destroy();
		await expect.poll(() => openFiles(temp.path("root"))).toEqual([]);
	});
});

describe("pages", () => {
	it("show folders first, each in the order that people look for", async () => {
		const site = await start();
		await temp.write({
			"root/file 10": "",
			"root/file 9": "",
			"root/Zoo": "",
			"root/äpfel": "",
			"root/z/x": "",
		});
		const { text, headers } = await ask(site, "/");
		const names = [...text.matchAll(/<th scope="row"><a href="([^"]*)"><bdi>([^<]*)<\/bdi>/g)];
		expect(names.map(([, , name]) => name)).toEqual([
			"sub",
			"z",
			"a.txt",
			"äpfel",
			"file 9",
			"file 10",
			"Zoo",
		]);
		expect(names.map(([, href]) => href)).toContain("./%C3%A4pfel");
		expect(headers).toMatchObject({
			"content-type": "text/html; charset=utf-8",
			"content-security-policy": expect.stringMatching(/^default-src 'none'; style-src 'sha256-[\w+/=]+';/),
		});
		expect(text).not.toContain("<script");
	});

	it("keep names as names, whatever is in them", async () => {
		const site = await start();
		const names = [
			...[`<script>alert(1)</script>`.replace("/", "∕"), `"quotes' & <b>`, "100%", "a#b", "a?b", "new\nline"],
			...["ümläut 🏖️ 👨‍👩‍👧", "back\\slash", "..hidden", "%2e%2e", "javascript:alert(1)", "\u202egpj.exe"],
		];
		for (const name of names) await temp.write({ [`root/odd/${name}`]: name });
		await writeFile(temp.bytes(Buffer.from("root/odd/\xff\xfe.txt", "latin1")), "not UTF-8");
		const { text } = await ask(site, "/odd/");
		expect(text).not.toMatch(/<script|<b>/);
		expect(text).toContain("ümläut 🏖️ 👨‍👩‍👧");
		expect(text).not.toContain("\u202e");
		const hrefs = [...text.matchAll(/<th scope="row"><a href="\.\/([^"]*)">/g)].map(([, href]) => href);
		const contents = await Promise.all(hrefs.map(async (href) => (await ask(site, `/odd/${href}`)).text));
		expect(contents.sort()).toEqual([...names, "not UTF-8"].sort());
	});

	it("show special files, empty folders, and that something cannot be read", async () => {
		const site = await start();
		await mkdir(temp.path("root/empty"));
		execFileSync("mkfifo", [temp.path("root/pipe")]);
		const { text } = await ask(site, "/");
		expect(text).toContain('<bdi>pipe</bdi> <span class="soft">(FIFO, not served)</span>');
		expect(await ask(site, "/pipe")).toMatchObject({ status: 404 });
		expect(await ask(site, "/empty/")).toMatchObject({ status: 200 });
	});

	it("lead from an address without a slash to the one with it, and never to another host", async () => {
		const site = await start();
		expect(await ask(site, "/sub")).toMatchObject({ status: 302, headers: { location: "./sub/" } });
		expect(await ask(site, "/sub?zip=ab%26c")).toMatchObject({ headers: { location: "./sub/?zip=ab%26c" } });
		expect(await ask(site, "//evil.example")).toMatchObject({ status: 404 });
		expect(await ask(site, "/\\evil.example")).toMatchObject({ status: 404 });
	});

	it("leave out what filters leave out, and so does every other way", async () => {
		const site = await start({ filters: { exclude: ["*.key", "/private/", "/sub/deep/"], include: [] } });
		await temp.write({
			"root/x.key": "k",
			"root/private/p": "p",
			"root/sub/deep/d": "d",
			"root/sub/private/q": "q",
		});
		const { text } = await ask(site, "/");
		expect(text).not.toMatch(/x\.key|private/);
		for (const path of ["/x.key", "/private", "/private/", "/private/p", "/sub/deep/d", "/sub/deep/"])
			expect(await ask(site, path), path).toMatchObject({ status: 404 });
		expect(await ask(site, "/sub/private/q")).toMatchObject({ status: 200 });
	});

	it("come for thousands of names", async () => {
		const site = await start();
		const tree = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`root/many/${index}`, ""]));
		await temp.write(tree);
		const { text } = await ask(site, "/many/");
		expect(text.match(/<tr><th scope="row">/g)).toHaveLength(3000);
		expect(text.endsWith("</html>\n")).toBe(true);
	});
});
