import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { TestArchives } from "./archive.ts";
import { type MeasuredRow, measureScenario, measureStop, STOPS } from "./measure.ts";
import { renderTable } from "./render-table.ts";
import { ALL_SCENARIOS } from "./scenarios/all.ts";

// Runs all faults and writes docs/reliability.md and the verdicts behind it; with --check it compares them
// with what is written down, and fails if anything has changed.

const VERDICTS = fileURLToPath(new URL("./verdicts.json", import.meta.url));
const PAGE = fileURLToPath(new URL("../../docs/reliability.md", import.meta.url));
/** A row that differs is measured again: a busy machine is not a change. */
const ATTEMPTS = 4;

process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
const archives = await TestArchives.create();
try {
	process.exitCode = process.argv.includes("--check") ? await check() : await write();
} finally {
	await archives.remove();
}
// An upload that hangs for ever would keep the process from ending.
process.exit();

function measurements(): (() => Promise<MeasuredRow>)[] {
	return [
		...ALL_SCENARIOS.map((scenario) => () => measureScenario(scenario, archives)),
		...STOPS.map((stop) => () => measureStop(stop, archives)),
	];
}

async function write(): Promise<number> {
	const rows = await Promise.all(measurements().map((measure) => measure()));
	await writeFile(VERDICTS, `${JSON.stringify(rows, undefined, "\t")}\n`);
	await writeFile(PAGE, renderTable(rows));
	const wrong = rows.filter(({ violations }) => violations.length > 0);
	for (const { row, fault, violations } of wrong) console.error(`${row} ${fault}: ${violations.join("; ")}`);
	console.error(`${rows.length} faults, ${wrong.length} with violations; written to docs/reliability.md`);
	return wrong.length === 0 ? 0 : 1;
}

async function check(): Promise<number> {
	const recorded: MeasuredRow[] = JSON.parse(await readFile(VERDICTS, "utf8"));
	const measures = measurements();
	const rows = await Promise.all(measures.map((measure) => measure()));
	const found: string[] = [];
	for (const [index, measure] of measures.entries()) {
		const text = await difference(measure, rows[index], recorded[index]);
		if (text !== undefined) found.push(text);
	}
	if (recorded.length !== rows.length)
		found.push(`${recorded.length} rows are written down, not ${rows.length}`);
	if ((await readFile(PAGE, "utf8")) !== renderTable(recorded))
		found.push("docs/reliability.md is not made of verdicts.json");
	for (const text of found) console.error(text);
	console.error(`${rows.length} faults, ${found.length} differences`);
	return found.length === 0 ? 0 : 1;
}

/** Measures a row that differs again, alone now. @returns how it still differs, if it does */
async function difference(
	measure: () => Promise<MeasuredRow>,
	row: MeasuredRow | undefined,
	recorded: MeasuredRow | undefined,
): Promise<string | undefined> {
	const wanted = JSON.stringify(recorded);
	let now = JSON.stringify(row);
	for (let attempt = 1; now !== wanted && attempt < ATTEMPTS; attempt++) {
		console.error(`measured again, as attempt ${attempt} was different: ${now}`);
		now = JSON.stringify(await measure());
	}
	return now === wanted ? undefined : `written down: ${wanted}\n         now: ${now}`;
}
