import { createHash } from "node:crypto";
import { readdir, readFile, stat, truncate } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ProgramOptions, stopPrograms } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { zipNames } from "../../support/zip-contents.ts";
import { errorLine, shell, startZipferry, zipferry } from "../zipferry.ts";

/** Sparse; nobody waits for it to be archived. */
const ENDLESS = 1024 ** 4;

const directory = useTempDirectory();
let options: ProgramOptions;
beforeEach(async () => {
	await directory.write({ "photos/a.txt": "alpha", "photos/b/c.txt": "gamma" });
	options = { env: {}, cwd: directory.path() };
});
afterEach(stopPrograms);

const NAMES = ["a.txt", "b/", "b/c.txt"];

async function endlessFile(): Promise<string> {
	await directory.write({ endless: "" });
	await truncate(directory.path("endless"), ENDLESS);
	return "endless";
}

describe("zipferry create", () => {
	it("writes a file and says so in one line on stderr", async () => {
		const outcome = await zipferry(["create", "photos", "photos.zip"], options);
		const bytes = await readFile(directory.path("photos.zip"));
		const md5 = createHash("md5").update(bytes).digest("hex");
		expect(outcome).toMatchObject({
			exitCode: 0,
			stdout: "",
			stderr: `photos.zip: 3 entries, ${bytes.byteLength} B, md5 ${md5}\n`,
		});
		expect(await zipNames(bytes)).toEqual(NAMES);
	});

	it.each(["sha256", "none"])("reports the hash that is asked for with --hash %s", async (hash) => {
		const args = ["create", "photos", "photos.zip", "--json", "--hash", hash];
		const { stdout } = await zipferry(args, options);
		const { md5, sha256 } = JSON.parse(stdout);
		expect(md5).toBeUndefined();
		const bytes = await readFile(directory.path("photos.zip"));
		const expected = hash === "none" ? undefined : createHash("sha256").update(bytes).digest("hex");
		expect(sha256).toBe(expected);
	});

	it("prints the result as JSON on stdout with --json", async () => {
		const { exitCode, stdout, stderr } = await zipferry(
			["create", "photos", "photos.zip", "--json"],
			options,
		);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		const { size } = await stat(directory.path("photos.zip"));
		expect(JSON.parse(stdout)).toMatchObject({ file: "photos.zip", entryCount: 3, size, warnings: [] });
	});

	it("writes nothing with --dry-run", async () => {
		const { exitCode, stdout } = await zipferry(["create", "photos", "photos.zip", "--dry-run"], options);
		expect(exitCode).toBe(0);
		expect(stdout).toMatch(/^entries {5}3$/m);
		expect(await readdir(directory.path())).toEqual(["photos"]);
	});

	it("leaves the archive itself, and an incomplete one, out of the archive", async () => {
		await directory.write({ "photos/x.zip": "an older one" });
		expect(await zipferry(["create", "photos", "photos/x.zip"], options)).toMatchObject({ exitCode: 0 });
		expect(await zipNames(await readFile(directory.path("photos/x.zip")))).toEqual(NAMES);
	});

	it("leaves the archive itself out, whichever path leads to it", async () => {
		await directory.write({ "photos/x.zip": "an older one", link: { link: "photos" } });
		expect(await zipferry(["create", "link", "photos/x.zip"], options)).toMatchObject({ exitCode: 0 });
		expect(await zipNames(await readFile(directory.path("photos/x.zip")))).toEqual(NAMES);
		const { stdout } = await zipferry(["create", "link", "photos/x.zip", "--dry-run", "--json"], options);
		expect(JSON.parse(stdout)).toMatchObject({ entryCount: NAMES.length });
	});

	it("leaves no other file beside a finished archive", async () => {
		await zipferry(["create", "photos", "photos.zip"], options);
		expect(await readdir(directory.path())).toEqual(["photos", "photos.zip"]);
	});
});

describe("zipferry create into a pipe", () => {
	it("writes the archive to stdout for -, and the result to stderr", async () => {
		const outcome = await shell("zipferry create photos - > piped.zip", options);
		expect(outcome).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/^stdout: 3 entries, /) });
		expect(await zipNames(await readFile(directory.path("piped.zip")))).toEqual(NAMES);
	});

	it("ends soon and with one line when nobody reads on", async () => {
		const source = await endlessFile();
		const { stdout, stderr } = await shell(
			`{ zipferry create ${source} - --no-progress; echo "exit $?" >&2; } | head -c 10 | wc -c`,
			options,
		);
		expect(stdout.trim()).toBe("10");
		expect(stderr).toBe(
			"zipferry: cannot write stdout: write EPIPE; an incomplete archive was written to stdout\nexit 4\n",
		);
	});

	it("tells a full device from a bug", async () => {
		const outcome = await shell("zipferry create photos - > /dev/full", options);
		expect(outcome.exitCode).toBe(4);
		expect(errorLine(outcome)).toMatch(/^cannot write stdout: ENOSPC/);
	});

	it("does not mix JSON into an archive", async () => {
		const { exitCode } = await zipferry(["create", "photos", "-", "--json"], options);
		expect(exitCode).toBe(2);
	});
});

describe("zipferry create with a source that is the destination", () => {
	it("does not replace a file by an archive of itself", async () => {
		const outcome = await zipferry(["create", "photos/a.txt", "photos/./a.txt"], options);
		expect(outcome.exitCode).toBe(4);
		expect(errorLine(outcome)).toBe("there is nothing to archive: left out photos/a.txt: the archive itself");
	});

	it("leaves it out beside others, as with a pattern of the shell", async () => {
		await directory.write({ "photos/z.zip": "old" });
		const outcome = await shell("zipferry create photos/*.* photos/z.zip", options);
		expect(outcome.exitCode).toBe(0);
		expect(await zipNames(await readFile(directory.path("photos/z.zip")))).not.toContain("z.zip");
	});
});

describe("zipferry create where it cannot write", () => {
	it.each([
		["/dev/full", /^cannot write \/dev\/full: ENOSPC/],
		["missing/photos.zip", /^cannot write missing\/photos.zip: ENOENT: no such file or directory$/],
		["photos/a.txt/photos.zip", /^cannot write photos\/a.txt\/photos.zip: ENOTDIR/],
		["photos", /^photos is a directory/],
	])("fails with one line: %s", async (target, message) => {
		const outcome = await zipferry(["create", "photos/b", target], options);
		expect(outcome).toMatchObject({ exitCode: 4, stdout: "" });
		expect(errorLine(outcome)).toMatch(message);
	});

	it("leaves an older archive as it is, and no draft, when the device is full half-way", async () => {
		await directory.write({ "old.zip": "old" });
		await directory.write({
			"noise/noise": Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * n) >> 5)),
		});
		const outcome = await shell("ulimit -f 64; zipferry create noise old.zip --method store", options);
		expect(outcome.exitCode).toBe(4);
		expect(errorLine(outcome)).toMatch(/^cannot write old.zip: EFBIG/);
		expect(await readFile(directory.path("old.zip"), "utf8")).toBe("old");
		expect(await readdir(directory.path())).toEqual(["noise", "old.zip", "photos"]);
	});

	it("archives many directories with fewer file descriptors than threads need", async () => {
		const files = Array.from({ length: 600 }, (_, n) => [`many/${n}/file`, `${n}`.repeat(99)]);
		await directory.write(Object.fromEntries(files));
		const few = await shell("ulimit -n 40; zipferry create many few.zip", options);
		expect(few).toMatchObject({ exitCode: 0 });
		await shell("zipferry create many many.zip", options);
		const made = ["few.zip", "many.zip"].map((name) => readFile(directory.path(name)));
		const [withFew, withMany] = await Promise.all(made);
		expect(withMany?.equals(withFew ?? Buffer.alloc(0))).toBe(true);
	});

	it("leaves an older archive as it is when a source is missing", async () => {
		await directory.write({ "old.zip": "old" });
		const outcome = await zipferry(["create", "missing", "old.zip"], options);
		expect(outcome.exitCode).toBe(4);
		expect(await readFile(directory.path("old.zip"), "utf8")).toBe("old");
	});

	it("leaves an older archive as it is, and no draft, when it is stopped", async () => {
		const source = await endlessFile();
		await directory.write({ "out/old.zip": "old" });
		const program = startZipferry(["create", source, "out/old.zip"], options);
		// The draft is there from the first byte on.
		while ((await readdir(directory.path("out"))).length === 1) await delay(20);
		program.kill("SIGTERM");
		const outcome = await program.ended;
		expect(outcome.exitCode).toBe(143);
		expect(errorLine(outcome)).toMatch(/^stopped by SIGTERM/);
		expect(await readdir(directory.path("out"))).toEqual(["old.zip"]);
		expect(await readFile(directory.path("out/old.zip"), "utf8")).toBe("old");
	});
});
