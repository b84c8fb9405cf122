import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import {
	chmod,
	lstat,
	open as openFile,
	readdir,
	readFile,
	readlink,
	rm,
	stat,
	symlink,
} from "node:fs/promises";
import { createServer, get } from "node:http";
import { PassThrough, Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { createZip } from "../../src/archive/create-zip.ts";
import type { ZipDestination } from "../../src/archive/output/zip-destination.ts";
import { MiB } from "../../src/bytes/units.ts";
import { draftName } from "../../src/sources/files/drafts/drafts.ts";
import type { Source } from "../../src/sources/source.ts";
import { collect, noise } from "../support/bytes.ts";
import { openFiles, useTempDirectory } from "../support/temp-directory.ts";
import { zipContents, zipNames } from "../support/zip-contents.ts";

const NOISE = noise(5 * MiB);
/** Stored: its chunks are the memory that was read into, and differ if that is used again too early. */
const STORED = { method: "store" } as const;
const SOURCES: readonly Source[] = [
	{ name: "noise", content: NOISE },
	{ name: "z.txt", content: "omega" },
];

async function expectWhole(archive: Uint8Array): Promise<void> {
	const contents = await zipContents(archive);
	expect([...contents.keys()]).toEqual(["noise", "z.txt"]);
	expect(contents.get("noise")?.data.equals(NOISE)).toBe(true);
}

async function* never(): AsyncGenerator<Uint8Array, void, void> {
	yield noise(2 * MiB);
	await new Promise(() => {});
}

const temp = useTempDirectory();

describe("createZip() into a file", () => {
	it("writes an archive and tells its size, hash and entries", async () => {
		const result = await createZip(SOURCES, temp.path("a.zip"), { ...STORED, hash: "sha256" });
		const archive = await readFile(temp.path("a.zip"));
		await expectWhole(archive);
		expect(result).toEqual({
			size: archive.byteLength,
			sha256: createHash("sha256").update(archive).digest("hex"),
			entryCount: 2,
			zip64: false,
			skippedCount: 0,
			warnings: [],
		});
	});

	it("replaces a file behind a link, keeps link and mode, and leaves the file out of the archive", async () => {
		await temp.write({ "d/a.zip": "old", "d/b.txt": "beta", link: { link: "d/a.zip" } });
		await chmod(temp.path("d/a.zip"), 0o640);
		await createZip(temp.path("d"), temp.path("link"));
		expect((await lstat(temp.path("link"))).isSymbolicLink()).toBe(true);
		expect((await stat(temp.path("d/a.zip"))).mode & 0o777).toBe(0o640);
		expect(await zipNames(await readFile(temp.path("d/a.zip")))).toEqual(["b.txt"]);
		expect(await readdir(temp.path("d"))).toEqual(["a.zip", "b.txt"]);
	});

	it("writes what a link leads to that is not there yet, and keeps the links", async () => {
		await temp.write({ d: null, "d/second": { link: "../d/new.zip" }, first: { link: "d/second" } });
		await createZip(SOURCES, temp.path("first"));
		await expectWhole(await readFile(temp.path("d/new.zip")));
		for (const link of ["first", "d/second"])
			expect((await lstat(temp.path(link))).isSymbolicLink()).toBe(true);
		expect((await readdir(temp.path("d"))).sort()).toEqual(["new.zip", "second"]);
	});

	it("never replaces a link to something open that has no path, as /dev/stdout is one", async () => {
		await temp.write({ gone: "", circle: { link: "circle" } });
		const open = await openFile(temp.path("gone"), "r+");
		const reader = spawn("cat", { stdio: ["pipe", "ignore", "ignore"] });
		try {
			await rm(temp.path("gone"));
			const links = { deleted: `/proc/self/fd/${open.fd}`, pipe: `/proc/${reader.pid}/fd/0` };
			for (const [name, link] of Object.entries(links)) await symlink(link, temp.path(name));
			for (const name of ["circle", "deleted", "pipe"]) {
				await expect(createZip(SOURCES, temp.path(name))).rejects.toMatchObject({
					code: "DESTINATION_UNWRITABLE",
				});
				expect((await lstat(temp.path(name))).isSymbolicLink()).toBe(true);
			}
			expect((await readdir(temp.path())).sort()).toEqual(["circle", "deleted", "pipe"]);
		} finally {
			reader.kill();
			await open.close();
		}
	});

	it.each([
		["to what is not there yet", "real/new.zip", "real/new.zip"],
		["to a link to what is not there yet", "real/link.zip", "real/new.zip"],
		["through a directory that is a link", "deep/../new.zip", "real/new.zip"],
	])("writes what a link points to, and keeps the link: %s", async (_how, link, written) => {
		await temp.write({ "real/x": null, "real/link.zip": { link: "new.zip" }, deep: { link: "real/x" } });
		await temp.write({ "l.zip": { link } });
		await createZip(SOURCES, temp.path("l.zip"));
		await expectWhole(await readFile(temp.path(written)));
		expect(await readlink(temp.path("l.zip"))).toBe(link);
		expect(await readdir(temp.path())).toEqual(["deep", "l.zip", "real"]);
		expect(await readdir(temp.path("real"))).toEqual(["link.zip", "new.zip", "x"]);
	});

	it("has its draft where the file is, and leaves both out of the archive", async () => {
		await temp.write({ "real/x": null, "real/a.txt": "alpha", deep: { link: "real/x" } });
		await temp.write({ "l.zip": { link: "deep/../a.zip" } });
		let names: readonly string[] = [];
		const look = async () => {
			names = await readdir(temp.path("real"));
			return "late";
		};
		const real = { path: temp.path("real"), as: "real" };
		await createZip(
			[{ name: "noise", content: NOISE }, { name: "z", content: look }, real],
			temp.path("l.zip"),
		);
		expect(names).toEqual([expect.stringMatching(/^\.a\.zip\..*part$/), "a.txt", "x"]);
		await createZip(real, temp.path("l.zip"));
		expect(await zipNames(await readFile(temp.path("real/a.zip")))).toEqual([
			"real/",
			"real/a.txt",
			"real/x/",
		]);
	});

	it.each<readonly [string, Source]>([
		["is missing", "/nowhere"],
		["fails midway", { name: "a", content: () => Promise.reject(new Error("broken")) }],
	])("leaves the file that is there, and nothing else, if a source %s", async (_how, source) => {
		await temp.write({ "a.zip": "old" });
		await expect(createZip([SOURCES[0] ?? "", source], temp.path("a.zip"))).rejects.toThrow();
		expect(await readFile(temp.path("a.zip"), "utf8")).toBe("old");
		expect(await readdir(temp.path())).toEqual(["a.zip"]);
	});

	it("removes the draft of a process that was killed, and warns of one that may be written", async () => {
		const mark = { boot: "00000000", namespace: "7", pid: 1, startedAt: "1" };
		const draft = draftName("a.zip", mark);
		await temp.write({ [draft]: "half" });
		const { warnings } = await createZip(SOURCES, temp.path("a.zip"));
		expect((await readdir(temp.path())).sort()).toEqual([draft, "a.zip"]);
		expect(warnings).toMatchObject([{ code: "DRAFT_LEFT", message: expect.stringContaining(draft) }]);
	});

	it.each(["", "missing/a.zip", "directory", "fresh/", "pipe", "loop", "nowhere"])(
		"refuses %j, and makes nothing",
		async (name) => {
			await temp.write({ directory: null, loop: { link: "loop" }, nowhere: { link: "missing/a.zip" } });
			spawnSync("mkfifo", [temp.path("pipe")]);
			const made = createZip(SOURCES, name === "" ? "" : temp.path(name));
			await expect(made).rejects.toMatchObject({
				code: name === "" ? "INVALID_OPTION" : "DESTINATION_UNWRITABLE",
			});
			expect((await readdir(temp.path())).sort()).toEqual(["directory", "loop", "nowhere", "pipe"]);
		},
	);
});

describe("createZip() into a Node stream", () => {
	it("writes what a file gets, and ends it", async () => {
		const { size } = await createZip(SOURCES, createWriteStream(temp.path("a.zip")), STORED);
		const archive = await readFile(temp.path("a.zip"));
		expect(archive.byteLength).toBe(size);
		await expectWhole(archive);
	});

	it("gives it memory of its own, so that it may queue all of it", async () => {
		const queue = new PassThrough({ highWaterMark: 64 * MiB });
		await createZip(SOURCES, queue, STORED);
		await expectWhole(await buffer(queue));
	});

	it("answers a request", async () => {
		const server = createServer((_request, response) => void createZip(SOURCES, response));
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const address = server.address();
		const port = typeof address === "object" ? address?.port : undefined;
		const archive = await new Promise<Buffer>((resolve, reject) => {
			get({ port, host: "127.0.0.1" }, (answer) => resolve(buffer(answer))).on("error", reject);
		});
		server.close();
		await expectWhole(archive);
	});

	it.each(["/nowhere", { name: "a", content: () => Promise.reject(new Error("broken")) }])(
		"destroys it if a source fails: %j",
		async (source) => {
			const stream = new PassThrough().resume();
			await expect(createZip(source, stream)).rejects.toThrow();
			expect([stream.destroyed, stream.writableFinished]).toEqual([true, false]);
		},
	);

	it("rejects with its error at once, though a source is not heard of any more", async () => {
		await temp.write({ held: noise(3 * MiB) });
		const broken = new Writable({
			write: (_chunk, _encoding, done) => void setTimeout(() => done(new Error("disk full")), 50),
		});
		const made = createZip([{ name: "a", content: never }, temp.path("held")], broken, STORED);
		await expect(made).rejects.toThrow("disk full");
		expect(await openFiles(temp.path())).toEqual([]);
	});

	it("rejects with the reason of a signal, though the stream takes nothing any more", async () => {
		const stalled = new Writable({ write() {} });
		const ending = new AbortController();
		setTimeout(() => ending.abort(new Error("enough")), 50);
		const made = createZip(SOURCES, stalled, { signal: ending.signal });
		await expect(made).rejects.toThrow("enough");
		expect(stalled.destroyed).toBe(true);
	});
});

describe("createZip() into a Web stream", () => {
	it("writes what a file gets, and closes it", async () => {
		const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
		const [archive, { size }] = await Promise.all([collect(readable), createZip(SOURCES, writable, STORED)]);
		expect(archive.byteLength).toBe(size);
		await expectWhole(archive);
	});

	it.each(["/nowhere", { name: "a", content: () => Promise.reject(new Error("broken")) }])(
		"aborts it if a source fails: %j",
		async (source) => {
			const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
			const read = collect(readable);
			await Promise.all([
				expect(read).rejects.toThrow(),
				expect(createZip(source, writable)).rejects.toThrow(),
			]);
		},
	);

	it("rejects with the reason of a signal, though the stream takes nothing any more", async () => {
		const stalled = new WritableStream<Uint8Array>({ write: () => new Promise(() => {}) });
		const ending = new AbortController();
		setTimeout(() => ending.abort(new Error("enough")), 50);
		await expect(createZip(SOURCES, stalled, { signal: ending.signal })).rejects.toThrow("enough");
	});
});

describe("createZip() into a function", () => {
	it("gives it chunks that it may keep", async () => {
		let archive: Uint8Array = Buffer.alloc(0);
		const keep: ZipDestination = async (chunks) => {
			archive = await collect(chunks);
		};
		await createZip(SOURCES, keep, STORED);
		await expectWhole(archive);
	});

	it("fails if it stops before the end: what it got is no archive", async () => {
		const first: ZipDestination = async (chunks) => {
			for await (const _ of chunks) break;
		};
		await expect(createZip(SOURCES, first, STORED)).rejects.toMatchObject({
			code: "DESTINATION_UNWRITABLE",
			message: expect.stringContaining("did not ask for the rest"),
		});
	});

	it("rejects with what it throws", async () => {
		const made = createZip(SOURCES, async () => {
			throw new Error("no room");
		});
		await expect(made).rejects.toThrow("no room");
	});
});

describe("createZip() as JavaScript calls it", () => {
	it.each<readonly [string, unknown, unknown, unknown]>([
		["destination", SOURCES, 7, {}],
		["destination", SOURCES, undefined, {}],
		["destination", SOURCES, null, {}],
		["sources[0]", undefined, "a.zip", {}],
		["sources[0]", null, "a.zip", {}],
		["options", SOURCES, "a.zip", null],
		["bucket", SOURCES, "a.zip", { bucket: "my-bucket" }],
	])("refuses a wrong value: %s", async (option, sources, destination, options) => {
		const made = createZip(sources as Source, destination as ZipDestination, options as object);
		await expect(made).rejects.toMatchObject({ code: "INVALID_OPTION", option });
	});
});
