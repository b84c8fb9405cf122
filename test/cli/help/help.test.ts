import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../../src/cli/commands/all-commands.ts";
import type { Command } from "../../../src/cli/commands/command.ts";
import { helpColumns } from "../../../src/cli/help/columns.ts";
import { describeCommand, describeCommandInShort } from "../../../src/cli/help/command-help.ts";
import { describeProgram } from "../../../src/cli/help/program-help.ts";
import { TOPICS } from "../../../src/cli/help/topics.ts";
import { Program } from "../../support/program.ts";
import { errorLine, MAIN, zipferry } from "../zipferry.ts";

const [upload] = COMMANDS;
if (upload === undefined) throw new Error("there are commands");

/** More than there are today: the layout has to carry what comes. */
const MANY: readonly Command[] = Array.from({ length: 25 }, (_, index) => ({
	...upload,
	name: `command-${index}`,
	group: (["write", "read", "backup", "storage", "workers"] as const)[index % 5] ?? "write",
	options: Object.fromEntries(
		Array.from({ length: 60 }, (__, option) => [
			`option-number-${option}`,
			{ group: "Storage", kind: "text", describe: "Does what it says, at some length, as such options do" },
		]),
	),
	common: ["option-number-3"],
}));

/** Lines that are longer for one word that cannot be broken. */
function overlong(help: string, columns: number): string[] {
	return help.split("\n").filter((line) => line.length > columns && / \S+ \S/.test(line.trim()));
}

const run = (...args: readonly string[]) => zipferry(args, { env: {}, cwd: "." });

describe.each([40, 80, 100])("at %d columns", (columns) => {
	it.each([COMMANDS, MANY])("no line of a help is longer", (...commands) => {
		const helps = commands.flatMap((command) => [
			describeCommand(command, columns),
			describeCommandInShort(command, columns),
		]);
		const topics = Object.values(TOPICS).map((topic) => topic.describe(commands, columns));
		for (const help of [describeProgram(commands, columns), ...helps, ...topics])
			expect(overlong(help, columns)).toEqual([]);
	});

	it.each(COMMANDS)("the examples of $name stand apart, and a shell takes them as they are", (command) => {
		const help = describeCommand(command, columns);
		const examples = /\nExamples:\n(.*?)\n\nExit codes:/s.exec(help)?.[1] ?? "";
		const blocks = examples.split("\n\n");
		const joined = blocks.map((block) =>
			block
				.replace(/^ *#.*\n/gm, "")
				.replaceAll(/ \\\n */g, " ")
				.trim(),
		);
		expect(joined).toEqual(command.examples.map(([line]) => line));
		for (const block of blocks) expect(block).toMatch(/^ {2}# /);
	});
});

describe("the help of a command", () => {
	it("begins with what most people need, and has every option once", () => {
		const help = describeCommand(upload, 80);
		const shown = [...help.matchAll(/^ {2}(?:-\w, | {4})--([a-z0-9-]+)/gm)].map(([, name]) => name);
		expect(shown.slice(0, upload.common?.length)).toEqual(upload.common);
		expect([...shown].sort()).toEqual([...Object.keys(upload.options), "help", "version"].sort());
	});

	it("in short has only those, and says where the rest is", () => {
		const help = describeCommandInShort(upload, 80);
		const shown = [...help.matchAll(/^ {2}(?:-\w, | {4})--([a-z0-9-]+)/gm)].map(([, name]) => name);
		expect(shown).toEqual(upload.common);
		expect(help).toMatch(
			/\n\nzipferry upload --help shows all \d+ options, more examples and the exit codes\.$/,
		);
		expect(help.split("\n").length).toBeLessThan(40);
	});

	it("tells choices and defaults", () => {
		const help = describeCommand(upload, 100).replaceAll(/\s+/g, " ");
		expect(help).toContain("(store, follow, skip; default: store)");
		expect(help).toMatch(/--connect-timeout TIME [^(]*\(default: 10s\)/);
	});

	it("has the exit codes that the command can give, in words about it", () => {
		const codes = (command: Command) => describeCommand(command, 100).split("Exit codes:\n")[1] ?? "";
		expect(codes(upload)).not.toContain("local file");
		const help = COMMANDS.find(({ name }) => name === "help") ?? upload;
		expect([...codes(help).matchAll(/^ {2}(\d+)/gm)].map(([, code]) => code)).toEqual([
			"0",
			"1",
			"2",
			"10",
			"129",
		]);
	});
});

describe("the help of the program", () => {
	it("has every command in its group, an example of each group, and no group that is empty", () => {
		const moved: Command = { ...upload, name: "work", group: "workers" };
		const lines = describeProgram([...COMMANDS, moved], 80).split("\n");
		for (const { name, summary } of COMMANDS)
			expect(lines.filter((line) => line.startsWith(`  ${name} `) && line.endsWith(summary))).toHaveLength(1);
		expect(lines.indexOf("Share the work:")).toBeGreaterThan(lines.indexOf("Maintain a bucket:"));
		const withoutBackups = COMMANDS.filter(({ group }) => group !== "backup");
		expect(lines).toContain("Run backups:");
		expect(describeProgram(withoutBackups, 80)).not.toContain("Run backups:");
		expect(lines).toContain("  zipferry uploads s3://my-bucket");
	});

	it("is asked for in several ways", async () => {
		const { stdout } = await run("--help");
		expect(stdout).toBe(`${describeProgram(COMMANDS, 80)}\n`);
		for (const words of [["help"], ["-h"]])
			expect(await run(...words)).toMatchObject({ exitCode: 0, stdout });
	});
});

describe("zipferry help", () => {
	it.each(COMMANDS)("$name is what --help of it shows", async ({ name }) => {
		const { exitCode, stdout, stderr } = await run("help", name);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		for (const words of [
			[name, "--help"],
			["--help", name],
			[name, "operand", "--region", "eu", "--help"],
		])
			expect(await run(...words)).toMatchObject({ exitCode: 0, stdout });
	});

	it.each([
		["nope", 'there is no command "nope"; zipferry --help shows all'],
		["uplaod", 'there is no command "uplaod"; did you mean upload?'],
		["exitcodes", 'there is no command "exitcodes"; did you mean exit-codes?'],
		["constructor", 'there is no command "constructor"; zipferry --help shows all'],
	])("%s is wrong usage", async (topic, message) => {
		const outcome = await run("help", topic);
		expect(outcome).toMatchObject({ exitCode: 2, stdout: "" });
		expect(errorLine(outcome)).toBe(message);
	});

	it("lists all variables", async () => {
		const { stdout } = await run("help", "environment");
		expect(stdout).toMatch(/ZIPFERRY_PART_SIZE +--part-size\n/);
		expect(stdout).toMatch(/ZIPFERRY_ABORT +--abort\n/);
	});
});

describe("-h", () => {
	it("is short, also among other letters", async () => {
		const stdout = `${describeCommandInShort(upload, 80)}\n`;
		for (const letters of ["-h", "-qh"])
			expect(await run("upload", letters)).toMatchObject({ exitCode: 0, stdout });
	});

	it("is no part of a mistyped option, nor of an operand behind --", async () => {
		expect((await run("upload", "-path-style")).exitCode).toBe(2);
		expect(errorLine(await run("doctor", "--", "-h", "--help"))).toMatch(/is one too many/);
	});
});

describe("columns of a help", () => {
	it.each([
		[undefined, 80],
		[0, 80], // a terminal that does not know
		[40, 40],
		[5, 20],
		[300, 100],
	])("for a width of %s are %d", (columns, expected) => {
		expect(helpColumns({ columns })).toBe(expected);
	});

	it.skipIf(process.platform !== "linux")("are those of the terminal", async () => {
		const line = `stty cols 44; "${process.execPath}" "${MAIN}" upload --help`;
		const program = new Program("script", ["-qec", line, "/dev/null"], { env: { TERM: "xterm" } });
		const { stdout } = await program.ended;
		expect(stdout.replaceAll("\r", "")).toBe(`${describeCommand(upload, 44)}\n`);
	});
});
