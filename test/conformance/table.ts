import { readFile, writeFile } from "node:fs/promises";
import { casesUpTo } from "./cases/all.ts";
import { gradeOfRun } from "./grade.ts";
import { judge } from "./judge.ts";
import { openCase } from "./open-case.ts";
import { findReaders, prepareReaders } from "./readers/present.ts";
import { renderTable } from "./render-table.ts";
import { readVerdicts, type VerdictFile, writeVerdicts } from "./verdict-file.ts";

// npm run compatibility             runs the cases of the grade and writes the table
// npm run compatibility -- --check  compares the table with what it is made of

const TABLE = new URL("../../docs/compatibility.md", import.meta.url);

async function run(): Promise<VerdictFile> {
	const grade = gradeOfRun();
	const readers = await findReaders();
	const removeCompiled = await prepareReaders(readers);
	const { dates, versions, verdicts } = await readVerdicts();
	try {
		for (const one of casesUpTo(grade)) {
			const opened = await openCase(one);
			const row: VerdictFile["verdicts"][string] = {};
			try {
				for (const present of readers.present) {
					const { verdict, problems } = await judge(one, opened, present);
					row[present.reader.name] = verdict;
					if (verdict === "FAIL")
						console.error(`${one.name}, ${present.reader.name}: ${problems.join("; ")}`);
				}
			} finally {
				await opened.close();
			}
			verdicts[one.name] = row;
			console.log(one.name);
		}
	} finally {
		await removeCompiled();
	}
	for (const { reader, version } of readers.present) versions[reader.name] = version;
	return { dates: { ...dates, [grade]: new Date().toISOString().slice(0, 10) }, versions, verdicts };
}

if (process.argv.includes("--check")) {
	const expected = renderTable(await readVerdicts());
	if ((await readFile(TABLE, "utf8")) !== expected || expected.includes("**FAIL**")) {
		console.error(
			"docs/compatibility.md is not what the last run found, or has failures: npm run compatibility",
		);
		process.exit(1);
	}
} else {
	const file = await run();
	await writeVerdicts(file);
	await writeFile(TABLE, renderTable(file));
}
