import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../../src/cli/commands/all-commands.ts";
import { variableOf } from "../../../src/cli/environment/variables.ts";
import { exitCodeRows } from "../../../src/cli/exit-codes.ts";
import { commandPage, pageName } from "../../../src/cli/manual/command-page.ts";
import { programPage } from "../../../src/cli/manual/program-page.ts";
import { bold, paragraphs, prose, roff } from "../../../src/cli/manual/roff.ts";
import { errorLine, zipferry } from "../zipferry.ts";

/** Runs a program on a page; no result if it is not installed. */
function read(page: string, command: string, ...args: readonly string[]) {
	const { error, stdout, stderr } = spawnSync(command, args, { input: page, encoding: "utf8" });
	return error === undefined ? { stdout, said: `${stdout}${stderr}` } : undefined;
}

const hasGroff = read("", "groff", "-v") !== undefined;
const hasMandoc = read("", "mandoc") !== undefined;

const pages = [
	{ name: "zipferry", page: programPage(COMMANDS) },
	...COMMANDS.map((command) => ({ name: pageName(command), page: commandPage(command, COMMANDS) })),
];

/** What a reader sees, in one line. */
function shown(page: string): string {
	const { stdout = "" } = read(page, "groff", "-man", "-Tascii", "-P-cbou", "-rLL=2000n", "-rHY=0") ?? {};
	return stdout.replaceAll(/\s+/g, " ");
}

describe.each(pages)("the manual page $name", ({ name, page }) => {
	it.skipIf(!hasGroff)(hasGroff ? "has nothing that groff warns of" : "is not tried: no groff", () => {
		expect(read(page, "groff", "-man", "-ww", "-z", "-Tascii")?.said).toBe("");
	});

	// Without a date, so that the same version gives the same page.
	it.skipIf(!hasMandoc)(
		hasMandoc ? "has nothing that mandoc warns of but its date" : "is not tried: no mandoc",
		() => {
			const said = read(page, "mandoc", "-Tlint")?.said ?? "";
			expect(said.split("\n").filter((line) => !/missing date|^$/.test(line))).toEqual([]);
		},
	);

	it("is the one that zipferry man prints", async () => {
		const [, ...words] = name.split("-");
		const outcome = await zipferry(["man", ...words], { env: {}, cwd: "." });
		expect(outcome).toMatchObject({ exitCode: 0, stdout: page, stderr: "" });
	});
});

describe("the page of a command", () => {
	it.skipIf(!hasGroff)("has every option with its variable, and the exit codes", () => {
		for (const command of COMMANDS) {
			const text = shown(commandPage(command, COMMANDS));
			for (const option of Object.keys(command.options)) {
				expect(text).toContain(` --${option} `);
				expect(text).toContain(` Variable: ${variableOf(option)} `);
			}
			for (const [code, meaning] of exitCodeRows(command.exitCodes, command.success, command.endsOnSignal))
				expect(text).toContain(` ${code} ${meaning}`);
		}
	});

	it("is named in package.json, so that npm installs it", async () => {
		const { man } = JSON.parse(await readFile(new URL("../../../package.json", import.meta.url), "utf8"));
		expect(man).toEqual(pages.map(({ name }) => `dist/man/${name}.1`));
	});

	it("is not there for what is no command", async () => {
		const outcome = await zipferry(["man", "uplod"], { env: {}, cwd: "." });
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toBe('there is no command "uplod"; did you mean upload?');
	});
});

describe("roff", () => {
	it.skipIf(!hasGroff)("shows text as it is, whatever is in it", () => {
		const texts = [
			".TH at the start",
			"'quoted' at the start",
			"a \\fB back\\slash \\n(x",
			"--no-clobber",
			"100%",
		];
		const page = `.TH X 1\n.SH NAME\n${paragraphs([...texts.map(roff), ...texts.map(bold), ...texts.map(prose)])}\n`;
		const text = shown(page);
		for (const one of texts) expect(text.split(one)).toHaveLength(4);
	});
});
