import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createZip } from "../../src/archive/create-zip.ts";
import { COMMANDS } from "../../src/cli/commands/all-commands.ts";
import { zipferry } from "../cli/zipferry.ts";
import { BUCKET } from "../support/demo-server.ts";
import { AgedServer, DAY_MS } from "../support/incomplete-uploads.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { JSON_OUTPUTS } from "./json-outputs.ts";
import { type PublicMember, publicNames } from "./public-names.ts";
import { renderOptions } from "./render-options.ts";
import { renderReference } from "./render-reference.ts";

const NAMES = publicNames();

it("docs/api.md is what the sources say: npm run api-report writes it", async () => {
	expect(await readFile(new URL("../../docs/api.md", import.meta.url), "utf8")).toBe(renderReference());
});

it("docs/options.md has the options as they are: npm run api-report writes it", async () => {
	expect(await readFile(new URL("../../docs/options.md", import.meta.url), "utf8")).toBe(renderOptions());
});

describe("pages for users", () => {
	const OWN = new Set(COMMANDS.flatMap(({ options }) => Object.keys(options)));
	/** Of zipferry's parser, and of other programs. */
	const OTHERS = new Set(["help", "version", "omit", "global", "silent", "sse", "bucket", "external"]);

	it.each(["README.md", "docs/command.md", "docs/library.md", "docs/limits.md"])(
		"%s names no option that is not there",
		async (page) => {
			const text = await readFile(new URL(`../../${page}`, import.meta.url), "utf8");
			const named = [...text.matchAll(/(?<=[\s`])--([a-z][a-z-]+)/g)].map(([, name = ""]) => name);
			const known = (name: string) => OWN.has(name) || OTHERS.has(name) || OWN.has(name.replace(/^no-/, ""));
			expect(named.filter((name) => !known(name))).toEqual([]);
		},
	);

	it("README.md has the groups of the help, in its order", async () => {
		const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
		const groups = new Set(
			COMMANDS.flatMap(({ options }) => Object.values(options).map(({ group }) => group)),
		);
		const rows = readme.slice(readme.indexOf("\n## Reference"), readme.indexOf("\n## Limits"));
		expect([...rows.matchAll(/^\| ([A-Z][a-z ]+) \|/gm)].map(([, group]) => group)).toEqual([...groups]);
	});

	it("README.md has the exit codes of the command", async () => {
		const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
		const codesIn = (page: string) => [...page.matchAll(/^\| (\d[\d, ]*) \|/gm)].map(([, code]) => code);
		expect(codesIn(readme).length).toBeGreaterThan(9);
		expect(codesIn(readme)).toEqual(codesIn(renderReference()));
	});
});

it("says of every field and code what it means", () => {
	const silent = NAMES.flatMap(({ name, members }) =>
		members.filter(({ type, summary }) => summary === "" && type !== "").map((member) => [name, member.name]),
	);
	const codes = NAMES.filter(({ name }) => name.endsWith("Code")).flatMap(({ members }) => members);
	expect(codes.length).toBeGreaterThan(20);
	expect([...silent, ...codes.filter(({ summary }) => summary === "")]).toEqual([]);
});

/** All fields of an exported type; those that JSON may leave out end in `?`. */
function fieldsOf(typeName: string | undefined): string[] {
	const found = NAMES.find(({ name }) => name === typeName);
	if (found === undefined) return [];
	const field = ({ name, type }: PublicMember) => (/\b(undefined|unknown)\b/.test(type) ? `${name}?` : name);
	return [...found.parents.flatMap(fieldsOf), ...found.members.map(field)];
}

function expectFields(value: unknown, documented: readonly string[]): void {
	const given = Object.keys(value as object);
	const known = documented.map((name) => name.replace(/\?+$/, ""));
	expect(given.filter((name) => !known.includes(name))).toEqual([]);
	const needed = documented.filter((name) => !name.endsWith("?"));
	expect(needed.filter((name) => !given.includes(name))).toEqual([]);
}

describe("what the command prints with --json has the fields that docs/api.md names", () => {
	const directory = useTempDirectory();
	let server: AgedServer;
	beforeEach(async () => {
		server = await AgedServer.start({});
		await directory.write({ "src/a.txt": "alpha" });
		await createZip(directory.path("src"), directory.path("src.zip"));
	});
	afterEach(() => server.demo.close());

	it.each([
		["upload --json", ["upload", "src", `s3://${BUCKET}/a.zip`, "--json"]],
		["upload --dry-run --json", ["upload", "src", `s3://${BUCKET}/a.zip`, "--json", "--dry-run"]],
		["create --json", ["create", "src", "a.zip", "--json"]],
		["create --dry-run --json", ["create", "src", "a.zip", "--json", "--dry-run"]],
		["extract --json", ["extract", "src.zip", "-C", "out", "--json"]],
		["uploads --json", ["uploads", `s3://${BUCKET}`, "--json"]],
		["doctor --json", ["doctor", `s3://${BUCKET}`, "--json"]],
		["any command that fails, with --json", ["upload", "missing", `s3://${BUCKET}/a.zip`, "--json"]],
	])("%s", async (command, args) => {
		const output = JSON_OUTPUTS.find((candidate) => candidate.command === command);
		const { stdout } = await zipferry(args, { env: server.demo.env, cwd: directory.path() });
		const printed: Record<string, unknown> = JSON.parse(stdout);
		expectFields(printed, [...fieldsOf(output?.type), ...Object.keys(output?.fields ?? { missing: "" })]);
		for (const [name, told] of Object.entries(output?.fields ?? {})) {
			if (typeof told === "string") continue;
			for (const value of [printed[name]].flat()) expectFields(value, Object.keys(told));
		}
	});

	it.each([
		["uploads --json", "IncompleteUpload", ["--json"]],
		["uploads --abort --json", "AbortedUpload", ["--json", "--abort"]],
	])("each upload of %s", async (_command, typeName, args) => {
		await server.begin("a.zip", 2 * DAY_MS, [10]);
		const { stdout } = await zipferry(["uploads", `s3://${BUCKET}`, ...args], { env: server.demo.env });
		const [upload] = JSON.parse(stdout).uploads;
		expectFields(upload, fieldsOf(typeName));
	});
});
