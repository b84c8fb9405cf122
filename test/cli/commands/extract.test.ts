import { readdir, readFile, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contentsOf } from "../../extract/tree-of.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { DEFLATED, handMadeArchive } from "../../support/hand-made-archive.ts";
import { type ProgramOptions, stopPrograms } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { errorLine, shell, startZipferry, zipferry } from "../zipferry.ts";

const temp = useTempDirectory();
let options: ProgramOptions;
beforeEach(async () => {
	await temp.write({ "photos/a.txt": "alpha", "photos/b/c.txt": "gamma" });
	options = { env: {}, cwd: temp.path() };
	await zipferry(["create", "photos", "photos.zip"], options);
});
afterEach(stopPrograms);

const PHOTOS = { "a.txt": "alpha", b: null, "b/c.txt": "gamma" };

describe("zipferry extract", () => {
	it("extracts into a directory, and says so in one line on stderr", async () => {
		const outcome = await zipferry(["extract", "photos.zip", "-C", "new/out"], options);
		expect(outcome).toMatchObject({
			exitCode: 0,
			stdout: "",
			stderr: expect.stringMatching(/^new\/out: 3 entries, 10 B in 0:\d\d\n$/),
		});
		expect(await contentsOf(temp.path("new/out"))).toEqual(PHOTOS);
	});

	it("says that complete files stay if it fails after the first of them, and gives no half file its name", async () => {
		// More than is looked into before anything is written.
		const large = { name: "z", content: Buffer.alloc(5 * 1024 * 1024) };
		const small = [
			{ name: "a.txt", content: "alpha" },
			{ name: "b/" },
			{ name: "b/c.txt", content: "gamma" },
		];
		const bytes = handMadeArchive([...small, large]);
		bytes[bytes.indexOf("gamma")] = 0x47;
		await writeFile(temp.path("hurt.zip"), bytes);
		const outcome = await zipferry(["extract", "hurt.zip", "-C", "out"], options);
		expect(outcome.exitCode).toBe(7);
		expect(errorLine(outcome)).toMatch(
			/^hurt\.zip: the entry "b\/c\.txt" is damaged: .*CRC-32.*; files that are complete stay, and --resume goes on from there$/,
		);
		expect(await contentsOf(temp.path("out"))).toEqual({ "a.txt": "alpha", b: null });
	});

	it("extracts into the current directory by default", async () => {
		await temp.write({ here: null });
		expect(
			await zipferry(["extract", "-q", "../photos.zip"], { env: {}, cwd: temp.path("here") }),
		).toMatchObject({
			...{ exitCode: 0, stdout: "", stderr: "" },
		});
		expect(await contentsOf(temp.path("here"))).toEqual(PHOTOS);
	});

	it("prints the result as JSON with --json", async () => {
		const { exitCode, stdout, stderr } = await zipferry(
			["extract", "photos.zip", "-C", "out", "--json"],
			options,
		);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		expect(JSON.parse(stdout)).toEqual({
			...{ archive: "photos.zip", target: "out", entryCount: 3, size: 10 },
			...{ resumedCount: 0, leftOutCount: 0, warnings: [] },
		});
	});

	it("lists what it would extract with --dry-run, and writes nothing", async () => {
		const outcome = await zipferry(["extract", "photos.zip", "-C", "out", "--dry-run"], options);
		expect(outcome).toMatchObject({
			...{ exitCode: 0, stdout: "a.txt\nb/\nb/c.txt\n", stderr: "out: would extract 3 entries, 10 B\n" },
		});
		expect(await readdir(temp.path())).not.toContain("out");
	});

	it("extracts only what patterns match, and takes directories off", async () => {
		const args = ["extract", "photos.zip", "b/", "-C", "out", "--strip-components", "1"];
		expect(await zipferry(args, options)).toMatchObject({ exitCode: 0 });
		expect(await contentsOf(temp.path("out"))).toEqual({ "c.txt": "gamma" });
	});

	it.each([
		["2 without an archive", ["extract"], 2, "<archive> is needed: zipferry extract photos.zip -C restored"],
		["4 for an archive that is not there", ["extract", "gone.zip"], 4, "gone.zip does not exist"],
		[
			"4 for a pattern that matches nothing",
			["extract", "photos.zip", "*.gone"],
			4,
			'photos.zip: has no entry that the pattern "*.gone" matches',
		],
		["7 for what is no archive", ["extract", "photos/a.txt"], 7, "photos/a.txt: "],
		[
			"7 for more than --max-size",
			["extract", "photos.zip", "--max-size", "9B"],
			7,
			"photos.zip: what is to be extracted has 10 bytes, more than the limit of 9 bytes",
		],
		[
			"9 for what is there",
			["extract", "photos.zip", "-C", "photos"],
			9,
			"photos: a.txt exists already, and so do 1 more; nothing was written; use --overwrite",
		],
		[
			"2 for two targets",
			["extract", "photos.zip", "s3://b/", "-C", "out"],
			2,
			"extract to s3://b/ or into out; there can be one target only",
		],
		[
			"2 for an empty directory",
			["extract", "photos.zip", "-C", ""],
			2,
			"--directory is empty; is a variable unset?",
		],
	])("exits with %s", async (_what, args, exitCode, message) => {
		const before = await contentsOf(temp.path());
		const outcome = await zipferry(args, options);
		expect(outcome.exitCode).toBe(exitCode);
		expect(errorLine(outcome)).toContain(message);
		expect(await contentsOf(temp.path())).toEqual(before);
	});

	it("replaces with --overwrite, and goes on with --resume", async () => {
		await writeFile(temp.path("photos/a.txt"), "changed");
		expect(await zipferry(["extract", "photos.zip", "-C", "photos", "--overwrite"], options)).toMatchObject({
			exitCode: 0,
		});
		expect(await contentsOf(temp.path("photos"))).toEqual(PHOTOS);
		const outcome = await zipferry(["extract", "photos.zip", "-C", "photos", "--resume"], options);
		expect(outcome.stderr).toMatch(/^photos: 1 entry, 0 B in 0:\d\d, 2 there already\n$/);
	});

	it("exits with 3 and says what is left out, if that is not everything", async () => {
		const fifo = { name: "fifo", versionMadeBy: 3 << 8, externalAttributes: (0o010644 << 16) >>> 0 };
		await writeFile(temp.path("f.zip"), handMadeArchive([{ name: "x" }, fifo]));
		const outcome = await zipferry(["extract", "f.zip", "-C", "out"], options);
		expect(outcome).toMatchObject({
			exitCode: 3,
			stderr: expect.stringMatching(
				/^warning: the entry "fifo" is a device, a FIFO or a socket; it is left out\nout: 1 entry, 0 B in 0:\d\d, 1 left out\n$/,
			),
		});
	});

	it("waits for file descriptors where there are few, in threads as well", { tags: "slow" }, async () => {
		const entries = Array.from({ length: 3000 }, (_, index) => ({
			name: `d${index % 100}/f${index}`,
			content: "x",
		}));
		await writeFile(temp.path("many.zip"), handMadeArchive(entries));
		const outcome = await shell("ulimit -n 60; zipferry extract -q many.zip -C out", options);
		expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
		expect(Object.keys(await contentsOf(temp.path("out")))).toHaveLength(3100);
	});

	it("leaves no draft when it is stopped, and says what stays", async () => {
		const content = Buffer.alloc(64_000_000, "some text that gets small and takes a while ");
		const large = Array.from({ length: 12 }, (_, index) => ({
			name: `large-${index}`,
			content,
			method: DEFLATED,
		}));
		const small = Array.from({ length: 500 }, (_, index) => ({ name: `small/${index}`, content: "x" }));
		await writeFile(temp.path("large.zip"), handMadeArchive([...small, ...large]));
		const program = startZipferry(["extract", "large.zip", "-C", "out"], options);
		for (;;) {
			const names = await readdir(temp.path("out")).catch(() => []);
			if (names.some((name) => name.endsWith(".zipferry-part"))) break;
			await delay(5);
		}
		program.kill("SIGINT");
		const outcome = await program.ended;
		expect(outcome.exitCode).toBe(130);
		expect(errorLine(outcome)).toBe(
			"stopped by SIGINT; files that are complete stay, and --resume goes on from there",
		);
		for (const name of await readdir(temp.path("out"), { recursive: true }))
			expect(name).toMatch(/^(large-\d+|small(\/\d+)?)$/);
		expect(await zipferry(["extract", "large.zip", "-C", "out", "--resume", "-q"], options)).toMatchObject({
			exitCode: 0,
		});
		expect((await readdir(temp.path("out"))).length).toBe(13);
		expect((await readFile(temp.path("out/large-11"))).equals(content)).toBe(true);
	});
});

describe("zipferry extract with a bucket", () => {
	it("extracts from it, to it, and between", async () => {
		const server = await DemoServer.start();
		try {
			const inBucket = { env: server.env, cwd: temp.path() };
			await zipferry(["upload", "-q", "photos", `s3://${BUCKET}/photos.zip`], inBucket);
			const runs = [
				["extract", "-q", `s3://${BUCKET}/photos.zip`, "-C", "out"],
				["extract", "-q", "photos.zip", `s3://${BUCKET}/one/`],
				["extract", "-q", `s3://${BUCKET}/photos.zip`, `s3://${BUCKET}/two`, "*.txt"],
				["extract", "-q", `s3://${BUCKET}/photos.zip`, "-C", `s3://${BUCKET}/three/`],
			];
			for (const args of runs)
				expect(await zipferry(args, inBucket)).toMatchObject({ exitCode: 0, stderr: "" });
			expect(await contentsOf(temp.path("out"))).toEqual(PHOTOS);
			const keys = ["one", "three", "two"].flatMap((prefix) => [`${prefix}/a.txt`, `${prefix}/b/c.txt`]);
			expect(await server.keys()).toEqual([...keys.slice(0, 2), "photos.zip", ...keys.slice(2)]);
			const outcome = await zipferry(["extract", "photos.zip", `s3://${BUCKET}/one/`], inBucket);
			expect(outcome.exitCode).toBe(9);
			expect(errorLine(outcome)).toContain(
				`s3://${BUCKET}/one/a.txt exists already, and so do 1 more; nothing was written; use --overwrite`,
			);
		} finally {
			await server.close();
		}
	});
});
