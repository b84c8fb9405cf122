import fc from "fast-check";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import { ConfigError } from "../../../src/backup/config/config-error.ts";
import { loadConfig } from "../../../src/backup/config/load-config.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const directory = useTempDirectory();
const RUNS = 300;

/** Loads, or is told in lines that all say where. */
async function expectAnswer(text: string): Promise<void> {
	await directory.write({ "zipferry.config.yaml": text });
	const error = await loadConfig({ cwd: directory.path(), env: { A: "1" } }).then(
		() => undefined,
		(error: unknown) => error,
	);
	if (error === undefined) return;
	expect(error).toBeInstanceOf(ConfigError);
	const { lines } = error as ConfigError;
	expect(lines.length).toBeGreaterThan(0);
	expect(lines.length).toBeLessThanOrEqual(11);
	const last = text.split("\n").length;
	for (const line of lines.slice(0, 10)) {
		const [, at] = /^zipferry\.config\.yaml:(\d+): \S/.exec(line) ?? [];
		expect(Number(at), line).toBeGreaterThan(0);
		expect(Number(at), line).toBeLessThanOrEqual(last);
	}
}

const NAMES = [
	..."defaults jobs sources target keep daily within hooks before command name path as ping webhook url on".split(
		" ",
	),
	..."mail from to headers schedule cron jitter object-lock mode max level part-size exclude credentials".split(
		" ",
	),
	..."__proto__ constructor toString region tags lock-wait verify lease time-zone mtime bwlimit $schema".split(
		" ",
	),
];
const WORDS = [
	..."s3://my-bucket/{name}/%Y-%m-%d.zip ${A} ${B} ${ $$ file:x 7 7d 10m 16M all @daily true governance UTC".split(
		" ",
	),
	..."https://a.example/x smtp://u:p@h start content 2026-01-31".split(" "),
];

it("every YAML of known words gets an answer, and every problem its line", { tags: "slow" }, async () => {
	const value = fc.letrec((tie) => ({
		any: fc.oneof(
			{ depthSize: "small", withCrossShrink: true },
			fc.constantFrom<unknown>(...WORDS, null, true, 0, -1, 3.5, ""),
			fc.array(tie("any"), { maxLength: 3 }),
			fc
				.array(fc.tuple(fc.constantFrom(...NAMES), tie("any")), { maxLength: 4 })
				.map((entries) => Object.fromEntries(entries)),
		),
	})).any;
	await fc.assert(
		fc.asyncProperty(
			fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 5 }),
			value,
			async (job, other) => {
				await expectAnswer(stringify({ jobs: { a: job, b: other }, defaults: other }));
			},
		),
		{ numRuns: RUNS },
	);
});

it("every text gets an answer", { tags: "slow" }, async () => {
	const scraps = fc.constantFrom(
		..."jobs:|\n|  |a|: |- |[|]|{|}|&x |*x|!!map |\"|'|#|\t|---\n|? |<<: |${A}|%YAML 9\n||>-\n|\u0000|\ufeff|€".split(
			"|",
		),
	);
	await fc.assert(
		fc.asyncProperty(fc.array(scraps, { maxLength: 25 }), async (pieces) => expectAnswer(pieces.join(""))),
		{ numRuns: RUNS },
	);
});

it.each([
	["brackets", "[".repeat(100_000)],
	["mappings", "{a: ".repeat(20_000)],
	["dashes", `${"- ".repeat(20_000)}a`],
	["levels", Array.from({ length: 400 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
	[
		"aliases",
		`a: &a [x,x,x,x,x,x,x,x,x]\n${[..."bcdefghij"].map((name, index) => `${name}: &${name} [${`*${"abcdefghi"[index]},`.repeat(9)}]`).join("\n")}`,
	],
	["an alias of itself", "jobs: &a\n  b: *a"],
	["letters", `jobs: ${"a".repeat(900_000)}`],
	["addresses", `jobs: "${"://a:".repeat(150_000)}"`],
	["variables", `jobs: "${"${".repeat(300_000)}"`],
])("gets an answer for very many %s", { timeout: 120_000 }, async (_what, text) => expectAnswer(text));
