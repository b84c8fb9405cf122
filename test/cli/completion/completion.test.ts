import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { COMMANDS } from "../../../src/cli/commands/all-commands.ts";
import type { Command } from "../../../src/cli/commands/command.ts";
import { firstWords } from "../../../src/cli/commands/families.ts";
import { bashScript } from "../../../src/cli/completion/bash.ts";
import { fishScript } from "../../../src/cli/completion/fish.ts";
import { SHELLS } from "../../../src/cli/completion/shells.ts";
import { zshScript } from "../../../src/cli/completion/zsh.ts";
import { stopPrograms } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { errorLine, zipferry } from "../zipferry.ts";
import { completeIn, hasShell } from "./complete-in.ts";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

const directory = useTempDirectory();
beforeEach(() => directory.write({ "pack one": "", "pack-two": "", other: "" }));
afterAll(() => stopPrograms());

const names = [...firstWords(COMMANDS)].sort();

describe.each(SHELLS)("completion in %s", (shell) => {
	const complete = (commands: readonly Command[], ...words: readonly string[]) =>
		completeIn(shell, SCRIPTS[shell](commands), directory.path(), ...words);
	const offered = (...words: readonly string[]) => complete(COMMANDS, ...words);

	const title = hasShell(shell) ? "offers" : `is not tried: ${shell} is not installed`;
	const tags = shell === "zsh" ? ["slow"] : []; // it reads a thousand functions before the first word
	describe.skipIf(!hasShell(shell))(title, { tags }, () => {
		it("commands, and those that begin with what is typed", async () => {
			expect(await offered("")).toEqual(names);
			expect(await offered("up")).toEqual(["upload", "uploads"]);
			expect(await offered("--ver")).toEqual(["--version"]);
		});

		it("the second word of a command that has two, and what stands behind it", async () => {
			const seconds = COMMANDS.flatMap(({ name }) => (name.startsWith("shards ") ? [name.slice(7)] : []));
			expect(await offered("shards", "")).toEqual(seconds.sort());
			expect(await offered("shards", "fin")).toEqual(["finish"]);
			expect(await offered("shards", "status", "pack")).toEqual(["pack one", "pack-two"]);
			const options = (await offered("shards", "finish", "--ma")).map((word) => word.replace(/=$/, ""));
			expect(options).toEqual(["--make-missing"]);
			expect(await offered("shards", "status", "--ma")).toEqual([]);
			expect(await offered("shards", "finish", "--provider", "c")).toEqual(["ceph"]);
			expect(await offered("help", "shards", "fi")).toEqual(["finish"]);
		});

		it("the options of the command, and of no other", async () => {
			const options = (await offered("doctor", "--")).map((word) => word.replace(/=$/, ""));
			const doctor = COMMANDS.find(({ name }) => name === "doctor");
			const all = [...Object.keys(doctor?.options ?? {}), "help", "version"].map((name) => `--${name}`);
			expect(options.filter((word) => word.startsWith("--"))).toEqual(all.sort());
		});

		it("the values of an option that has a few", async () => {
			expect(await offered("upload", "--symlinks", "")).toEqual(["follow", "skip", "store"]);
			const joined = await offered("upload", "-q", "--symlinks=s");
			expect(joined.map((word) => word.replace("--symlinks=", ""))).toEqual(["skip", "store"]);
		});

		it("files where an option or an operand is one", async () => {
			for (const words of [
				["upload", "pack"],
				["create", "--level", "3", "other", "pack"],
				["upload", "--exclude-from", "pack"],
			])
				expect(await offered(...words)).toEqual(["pack one", "pack-two"]);
			// Bash completes what stands behind the = only.
			if (shell === "bash") expect(await offered("upload", "2026=pack")).toEqual(["pack one", "pack-two"]);
		});

		it("nothing where only a storage or the user can know it", async () => {
			expect(await offered("upload", "--region", "")).toEqual([]);
			expect(await offered("upload", "--exclude", "")).toEqual([]);
			const behind = await offered("doctor", "s");
			expect(behind).toEqual([]);
		});

		it("what help tells, and shells, in their place", async () => {
			expect(await offered("completion", "z")).toEqual(["zsh"]);
			expect(await offered("help", "e")).toEqual(["environment", "exit-codes", "extract"]);
			expect(await offered("completion", "bash", "z")).toEqual([]);
		});

		it("options with any sign in their description", async () => {
			const [upload, ...rest] = COMMANDS;
			if (upload === undefined) throw new Error("there are commands");
			const options = {
				odd: {
					group: "Output",
					kind: "text",
					alias: "o",
					value: "A:B",
					describe: `it's [a] "b" $(c) \`d\` \\ 5% : *`,
				},
			} as const;
			const odd = [{ ...upload, summary: `it's "b" $(c) [d] \\ %`, options, common: [] }, ...rest];
			expect((await complete(odd, "upload", "--o")).map((word) => word.replace(/=$/, ""))).toEqual(["--odd"]);
			expect(await complete(odd, "uploa")).toEqual(["upload", "uploads"]);
		});
	});
});

describe("zipferry completion", () => {
	it.each(SHELLS)("prints the script for %s", async (shell) => {
		const outcome = await zipferry(["completion", shell], { env: {}, cwd: "." });
		expect(outcome).toMatchObject({ exitCode: 0, stdout: SCRIPTS[shell](COMMANDS), stderr: "" });
	});

	it("says which shells there are", async () => {
		const outcome = await zipferry(["completion", "tcsh"], { env: {}, cwd: "." });
		expect(outcome).toMatchObject({ exitCode: 2, stdout: "" });
		expect(errorLine(outcome)).toBe('there is completion for bash, zsh, fish, not for "tcsh"');
	});
});
