import { randomBytes } from "node:crypto";
import { chmod, chown, lstat, readdir, readFile, readlink, stat, symlink, truncate } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hasOpen } from "../../support/has-open.ts";
import { Program, type ProgramOptions, stopPrograms } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { until } from "../../support/until.ts";
import { zipNames } from "../../support/zip-contents.ts";
import { errorLine, MAIN, shell, startZipferry, zipferry } from "../zipferry.ts";

const IS_ROOT = process.getuid?.() === 0;
const IS_LINUX = process.platform === "linux";

const directory = useTempDirectory();
let options: ProgramOptions;
beforeEach(async () => {
	await directory.write({ "src/a.txt": "alpha", "real/old.zip": "old" });
	options = { env: {}, cwd: directory.path() };
});
afterEach(stopPrograms);

async function expectArchive(file: string): Promise<void> {
	expect(await zipNames(await readFile(directory.path(file)))).toEqual(["a.txt"]);
}

async function modeOf(file: string): Promise<string> {
	return ((await stat(directory.path(file))).mode & 0o777).toString(8);
}

async function fifo(name: string): Promise<string> {
	await new Program("mkfifo", [directory.path(name)], { env: {} }).ended;
	return name;
}

describe("zipferry create to a link", () => {
	it.each([
		["to a file", "real/old.zip", "real/old.zip"],
		["to a link to a file", "real/link.zip", "real/old.zip"],
		["to what is not there yet", "real/new.zip", "real/new.zip"],
		["through a directory that is a link", "deep/../old.zip", "real/old.zip"],
	])("%s writes what it points to, and keeps the link", async (_, link, written) => {
		await directory.write({ "real/link.zip": { link: "old.zip" }, "real/x": null, deep: { link: "real/x" } });
		await directory.write({ "l.zip": { link } });
		expect(await zipferry(["create", "src", "l.zip"], options)).toMatchObject({ exitCode: 0 });
		await expectArchive(written);
		expect(await readlink(directory.path("l.zip"))).toBe(link);
		expect((await readdir(directory.path("real"))).filter((name) => name.endsWith("part"))).toEqual([]);
	});

	it("has its draft where the file is", async () => {
		await directory.write({ endless: "", "l.zip": { link: "real/old.zip" } });
		await truncate(directory.path("endless"), 1024 ** 4);
		startZipferry(["create", "endless", "l.zip"], options);
		while ((await readdir(directory.path("real"))).length === 1) await delay(20);
		expect(await readdir(directory.path("real"))).toContainEqual(
			expect.stringMatching(/^\.old\.zip\..*part$/),
		);
	});

	it("leaves the file it points to out of the archive", async () => {
		await directory.write({ "src/old.zip": "old", "l.zip": { link: "src/old.zip" } });
		expect(await zipferry(["create", "src", "l.zip"], options)).toMatchObject({ exitCode: 0 });
		await expectArchive("src/old.zip");
	});

	it.each([
		["loop", /^cannot write loop: ELOOP/],
		["nowhere", /^cannot write nowhere \(a link to .*missing\/x\.zip\): ENOENT/],
		["folder", /^folder \(a link to .*real\) is a directory; add the name of the archive$/],
		["real/", /^real\/ is a directory; add the name of the archive$/],
		["fresh/", /^fresh\/ would be a directory, and is not there; add the name of the archive$/],
	])("fails with one line where that is no place for an archive: %s", async (target, message) => {
		await directory.write({ loop: { link: "pool" }, pool: { link: "loop" } });
		await directory.write({ nowhere: { link: "missing/x.zip" }, folder: { link: "real" } });
		const outcome = await zipferry(["create", "src", target], options);
		expect(outcome.exitCode).toBe(4);
		expect(errorLine(outcome)).toMatch(message);
		expect((await readdir(directory.path())).sort()).toEqual(
			["folder", "loop", "nowhere", "pool", "real", "src"].sort(),
		);
	});
});

describe.skipIf(!IS_LINUX)("zipferry create to what is open already", () => {
	// A link of the test's own: what goes wrong here must not befall /dev/stdout.
	beforeEach(() => symlink("/proc/self/fd/1", directory.path("stdout")));

	it("is stdout under another name, as a pipe and as a file", async () => {
		expect(await shell("zipferry create src stdout | cat > piped.zip", options)).toMatchObject({
			exitCode: 0,
		});
		await expectArchive("piped.zip");
		await shell("{ printf abc; zipferry create src stdout; printf xyz; } > among.txt", options);
		const bytes = await readFile(directory.path("among.txt"));
		expect([bytes.subarray(0, 5).toString(), bytes.subarray(-3).toString()]).toEqual(["abcPK", "xyz"]);
		expect((await lstat(directory.path("stdout"))).isSymbolicLink()).toBe(true);
	});

	it("does not mix it with JSON", async () => {
		const outcome = await shell("zipferry create src stdout --json --quiet | tail -1", options);
		expect(JSON.parse(outcome.stdout)).toMatchObject({ error: { exitCode: 2 } });
	});

	it.each(["/dev/fd/3", "/proc/self/fd/3"])("writes to a descriptor: %s", async (target) => {
		const line = `zipferry create src ${target} 3> file.zip && { zipferry create src ${target} 3>&1 >&2; } | cat > pipe.zip`;
		expect(await shell(line, options)).toMatchObject({ exitCode: 0 });
		await expectArchive("file.zip");
		await expectArchive("pipe.zip");
	});

	it("leaves the file behind stdout out of the archive", async () => {
		expect(await shell("zipferry create src - > src/own.zip", options)).toMatchObject({ exitCode: 0 });
		await expectArchive("src/own.zip");
	});

	it("does not touch the pipes of the program itself", async () => {
		for (let fd = 3; fd < 24; fd += 1) {
			const outcome = await zipferry(["create", "src", `/dev/fd/${fd}`], options);
			expect({ fd, exitCode: outcome.exitCode }).toEqual({ fd, exitCode: 4 });
			expect(errorLine(outcome)).toMatch(/^cannot write \/dev\/fd\//);
		}
	});
});

describe("zipferry create to a FIFO", () => {
	it("waits for a reader, and writes to it", async () => {
		await fifo("pipe");
		const program = startZipferry(["create", "src", "pipe"], options);
		await delay(600);
		await shell("cat pipe > read.zip", options);
		expect(await program.ended).toMatchObject({ exitCode: 0 });
		await expectArchive("read.zip");
		expect((await lstat(directory.path("pipe"))).isFIFO()).toBe(true);
	});

	it("can be stopped while it waits for one", async () => {
		await fifo("pipe");
		const program = startZipferry(["create", "src", "pipe"], options);
		await program.handles("SIGHUP"); // as it does all signals, from its first line on
		await delay(500);
		program.kill("SIGINT");
		const outcome = await program.ended;
		expect(outcome.exitCode).toBe(130);
		expect(errorLine(outcome)).toMatch(/^stopped by SIGINT/);
	});

	it.each([
		[
			"head -c 10 pipe > /dev/null",
			"",
			4,
			/^cannot write pipe: write EPIPE; an incomplete archive was written to pipe$/,
		],
		["sleep 60 < pipe", "SIGTERM", 143, /^stopped by SIGTERM; an incomplete archive was written to pipe$/],
	] as const)("ends when its reader does not read on: %s", async (reader, signal, exitCode, message) => {
		await fifo("pipe");
		await directory.write({ noise: randomBytes(1024 * 1024) });
		const program = startZipferry(["create", "noise", "pipe", "--no-progress"], options);
		const reading = new Program("sh", ["-c", reader], options);
		if (signal !== "") {
			await until(() => hasOpen(program.pid, directory.path("pipe")));
			await delay(1_000); // by then it has filled the pipe
			program.kill(signal);
		}
		const outcome = await program.ended;
		expect(outcome.exitCode).toBe(exitCode);
		expect(errorLine(outcome)).toMatch(message);
		await reading.destroy();
	});
});

describe("the mode of an archive", () => {
	it.each(["600", "640", "604"])("is that of the file it replaces: %s", async (mode) => {
		await chmod(directory.path("real/old.zip"), Number.parseInt(mode, 8));
		await zipferry(["create", "src", "real/old.zip"], options);
		await expectArchive("real/old.zip");
		expect(await modeOf("real/old.zip")).toBe(mode);
	});

	it("is that of its draft", async () => {
		await directory.write({ endless: "" });
		await truncate(directory.path("endless"), 1024 ** 4);
		await chmod(directory.path("real/old.zip"), 0o600);
		startZipferry(["create", "endless", "real/old.zip"], options);
		const draft = async () => (await readdir(directory.path("real"))).find((name) => name !== "old.zip");
		while ((await draft()) === undefined) await delay(20);
		expect(await modeOf(`real/${await draft()}`)).toBe("600");
	});

	it.each([
		["077", "600"],
		["002", "664"],
	])("honours the umask of a new one: %s", async (umask, mode) => {
		await shell(`umask ${umask}; zipferry create src new.zip`, options);
		expect(await modeOf("new.zip")).toBe(mode);
	});

	it.skipIf(!IS_ROOT)("comes with its owner", async () => {
		await chown(directory.path("real/old.zip"), 1234, 2345);
		await zipferry(["create", "src", "real/old.zip"], options);
		expect(await stat(directory.path("real/old.zip"))).toMatchObject({ uid: 1234, gid: 2345 });
	});

	it.skipIf(!IS_ROOT || !IS_LINUX)(
		"gives a group that cannot be kept nothing that others have not",
		async () => {
			await chmod(directory.path("real/old.zip"), 0o640);
			for (const path of ["", "real"]) await chmod(directory.path(path), 0o777);
			const nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
			const words = [...nobody, process.execPath, MAIN, "create", "src", "real/old.zip"];
			expect(await new Program("setpriv", words, options).ended).toMatchObject({ exitCode: 0 });
			expect(await modeOf("real/old.zip")).toBe("600");
		},
	);
});
