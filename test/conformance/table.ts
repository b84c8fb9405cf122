import { readFile, writeFile } from "node:fs/promises";
import { CASES, canMake, casesUpTo } from "./cases/all.ts";
import type { Case } from "./cases/case.ts";
import { gradeOfRun } from "./grade.ts";
import { judge, type Verdict } from "./judge.ts";
import { openCase } from "./open-case.ts";
import { findReaders, prepareReaders } from "./readers/present.ts";
import { renderSummary, renderTable } from "./render-table.ts";
import { readVerdicts, type VerdictFile, writeVerdicts } from "./verdict-file.ts";

// npm run compatibility             runs the cases of the grade and writes the tables
// npm run compatibility -- PATTERN  runs the cases whose names match, whatever their grade
// npm run compatibility -- --check  compares the tables with what they are made of

const TABLE = new URL("../../docs/compatibility.md", import.meta.url);
const README = new URL("../../README.md", import.meta.url);
const BEGIN = "<!-- made by npm run compatibility -->\n";
const END = "<!-- end of what is made -->\n";

/** What is found is written case by case: a run of hours may be stopped. */
async function run(cases: readonly Case[]): Promise<void> {
	const readers = await findReaders();
	const removeCompiled = await prepareReaders(readers);
	const file = await readVerdicts();
	for (const { reader, version } of readers.present) file.versions[reader.name] = version;
	try {
		for (const one of cases) {
			const begin = Date.now();
			const verdicts = await show(one, readers);
			file.cases[one.name] = { date: new Date().toISOString().slice(0, 10), verdicts };
			await writeVerdicts(file);
			await write(file);
			console.log(`${one.name} (${Math.round((Date.now() - begin) / 1000)} s)`);
		}
	} finally {
		await removeCompiled();
	}
}

async function show(
	one: Case,
	{ present }: Awaited<ReturnType<typeof findReaders>>,
): Promise<Record<string, Verdict>> {
	const verdicts: Record<string, Verdict> = {};
	const opened = await openCase(one);
	try {
		for (const reader of present) {
			const { verdict, problems } = await judge(one, opened, reader);
			verdicts[reader.reader.name] = verdict;
			if (verdict === "FAIL") console.error(`${one.name}, ${reader.reader.name}: ${problems.join("; ")}`);
		}
	} finally {
		await opened.close();
	}
	return verdicts;
}

async function write(file: VerdictFile): Promise<void> {
	await writeFile(TABLE, renderTable(file));
	await writeFile(README, await readmeWith(renderSummary(file)));
}

async function readmeWith(summary: string): Promise<string> {
	const text = await readFile(README, "utf8");
	const begin = text.indexOf(BEGIN);
	const end = text.indexOf(END, begin);
	if (begin < 0 || end < 0) throw new Error("README.md has no place for the summary");
	return text.slice(0, begin + BEGIN.length) + summary + text.slice(end);
}

async function check(): Promise<void> {
	const file = await readVerdicts();
	const table = renderTable(file);
	const current =
		(await readFile(TABLE, "utf8")) === table &&
		(await readFile(README, "utf8")) === (await readmeWith(renderSummary(file)));
	if (current && !table.includes("**FAIL**")) return;
	console.error(
		"docs/compatibility.md or README.md is not what the last run found, or has failures: npm run compatibility",
	);
	process.exitCode = 1;
}

const [argument] = process.argv.slice(2);
if (argument === "--check") await check();
else if (argument === undefined) await run(casesUpTo(gradeOfRun()).filter(canMake));
else await run(CASES.filter((one) => canMake(one) && new RegExp(argument).test(one.name)));
