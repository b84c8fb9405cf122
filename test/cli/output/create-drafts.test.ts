import { spawnSync } from "node:child_process";
import { readdir, readFile, truncate } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { draftName } from "../../../src/sources/files/drafts/drafts.ts";
import { hasEnded, markOfThisProcess } from "../../../src/sources/files/drafts/process-mark.ts";
import { Program, type ProgramOptions, stopPrograms } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { zipNames } from "../../support/zip-contents.ts";
import { startZipferry, zipferry } from "../zipferry.ts";

const IS_LINUX = process.platform === "linux";

const directory = useTempDirectory();
let options: ProgramOptions;
beforeEach(async () => {
	await directory.write({ "src/a.txt": "alpha", "out/old.zip": "old", endless: "" });
	await truncate(directory.path("endless"), 1024 ** 4); // sparse
	options = { env: {}, cwd: directory.path() };
});
afterEach(stopPrograms);

async function drafts(): Promise<string[]> {
	return (await readdir(directory.path("out"))).filter((name) => name.endsWith("part"));
}

/** A run that is writing its draft. */
async function writing(): Promise<Program> {
	const program = startZipferry(["create", "endless", "out/old.zip", "--no-progress"], options);
	while ((await drafts()).length === 0) await delay(20);
	return program;
}

async function leaveDraft(): Promise<string> {
	const program = await writing();
	program.kill("SIGKILL");
	await program.ended;
	const [draft = ""] = await drafts();
	return draft;
}

describe("the draft of a run that was killed", () => {
	it("is removed by the next one of the same destination, which says so", async () => {
		const draft = await leaveDraft();
		const { stderr } = await zipferry(["create", "src", "out/old.zip"], options);
		expect(stderr).toMatch(`removed out/${draft}, left by a run that was killed\nout/old.zip: 1 entry`);
		expect(await readdir(directory.path("out"))).toEqual(["old.zip"]);
	});

	it("stays where another destination is written, and gets into no archive, which is said", async () => {
		const draft = await leaveDraft();
		const args = ["create", "out", "src", "out/new.zip"];
		const { exitCode, stderr } = await zipferry(args, options);
		expect(exitCode).toBe(0);
		expect(stderr).toMatch(`warning: left out out/${draft}: the draft of an archive that`);
		const names = await zipNames(await readFile(directory.path("out/new.zip")));
		expect(names).toEqual(["out/", "out/old.zip", "src/", "src/a.txt"]);
		expect(await drafts()).toEqual([draft]);
	});
});

describe("the draft of another run", () => {
	it("stays while that writes it, and gets into no archive", async () => {
		const program = await writing();
		const before = await drafts();
		const outcome = await zipferry(["create", "out", "out/old.zip", "--allow-empty", "--quiet"], options);
		expect(outcome.exitCode).toBe(0);
		expect(await drafts()).toEqual(before);
		expect(await zipNames(await readFile(directory.path("out/old.zip")))).toEqual([]);
		program.kill("SIGTERM");
		expect(await program.ended).toMatchObject({ exitCode: 143 });
		expect(await drafts()).toEqual([]);
	});

	it("stays where the run is of another container, with a warning", async () => {
		const draft = draftName("old.zip", { ...markOfThisProcess(), namespace: "1", pid: 5 });
		await directory.write({ [`out/${draft}`]: "" });
		const { exitCode, stderr } = await zipferry(["create", "src", "out/old.zip", "-q"], options);
		expect({ exitCode, stderr }).toEqual({
			exitCode: 0,
			stderr: `warning: out/${draft} belongs to another machine or container; remove it if nothing writes to it any more\n`,
		});
		expect(await drafts()).toEqual([draft]);
	});
});

describe("a name that leaves no room for that of a draft", () => {
	it("is taken all the same", async () => {
		const name = `${"ü".repeat(125)}.zip`;
		expect(await zipferry(["create", "src", `out/${name}`], options)).toMatchObject({ exitCode: 0 });
		expect(await readdir(directory.path("out"))).toEqual(["old.zip", name]);
	});
});

describe("hasEnded", () => {
	const own = markOfThisProcess();
	const gone = { ...own, pid: spawnSync("true").pid };

	it.each([
		["this process", own, false],
		["a process that has ended", gone, true],
		["one of another container, with a number that nobody has here", { ...gone, namespace: "1" }, false],
		["one of another machine", { ...gone, boot: "00000000" }, false],
	])("knows %s", (_, mark, ended) => {
		expect(hasEnded(mark, own, false)).toBe(ended);
	});

	it("knows that nothing has outlived the start of the machine whose disk it is", () => {
		const host = { ...own, namespace: "4026531836" };
		expect(hasEnded({ ...host, boot: "00000000" }, host, true)).toBe(true);
		expect(hasEnded({ ...host, boot: "00000000" }, host, false)).toBe(false);
	});

	it("does not take a container that was given an id of its own for another start of the machine", () => {
		const inside = { ...own, namespace: "4026532000" };
		expect(hasEnded({ ...inside, boot: "00000000" }, inside, true)).toBe(false);
	});

	it.skipIf(!IS_LINUX)("does not take a process for the one that had its number before", () => {
		expect(hasEnded({ ...own, startedAt: "1" }, own, true)).toBe(true);
	});

	it.skipIf(!IS_LINUX)("knows a process that was killed and whose end nobody has asked for", async () => {
		const program = new Program("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"], { env: {} });
		const pid = Number((await program.says(/\d+/))[0]);
		const stat = async () => (await readFile(`/proc/${pid}/stat`, "utf8")).split(" ");
		while ((await stat())[2] !== "Z") await delay(10);
		expect(hasEnded({ ...own, pid, startedAt: (await stat())[21] ?? "" }, own, true)).toBe(true);
	});
});
