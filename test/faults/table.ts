import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { TestArchives } from "./archive.ts";
import { type MeasuredRow, measureScenario, measureStop, STOPS } from "./measure.ts";
import { measureReadings, type ReadingRow } from "./reading/measure-reading.ts";
import { renderTable } from "./render-table.ts";
import { ALL_SCENARIOS } from "./scenarios/all.ts";

// Runs all faults and writes docs/reliability.md and the verdicts behind it; with --check it compares them
// with what is written down, and fails if anything has changed. With --reading it runs those of reading only.

const VERDICTS = fileURLToPath(new URL("./verdicts.json", import.meta.url));
const READING_VERDICTS = fileURLToPath(new URL("./reading/verdicts.json", import.meta.url));
const PAGE = fileURLToPath(new URL("../../docs/reliability.md", import.meta.url));
/** A row that differs is measured again: a busy machine is not a change. */
const ATTEMPTS = 4;

process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
const readingOnly = process.argv.includes("--reading");
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
	const recorded = await readVerdicts();
	const rows = readingOnly ? recorded : await measureAll(recorded);
	const readings = await measureReadings();
	await writeFile(VERDICTS, `${JSON.stringify(rows, undefined, "\t")}\n`);
	await writeFile(READING_VERDICTS, `${JSON.stringify(readings, undefined, "\t")}\n`);
	await writeFile(PAGE, renderTable(rows, readings));
	const all = [...rows, ...readings];
	const wrong = all.filter(({ violations }) => violations.length > 0);
	for (const { row, fault, violations } of wrong) console.error(`${row} ${fault}: ${violations.join("; ")}`);
	console.error(`${all.length} faults, ${wrong.length} with violations; written to docs/reliability.md`);
	return wrong.length === 0 ? 0 : 1;
}

async function check(): Promise<number> {
	const recorded = await readVerdicts();
	const recordedReadings = await readReadingVerdicts();
	const rows = readingOnly ? recorded : await measureAll(recorded);
	const readings = await measureReadings(recordedReadings);
	const found = rows.flatMap((row, index) =>
		same(row, recorded[index])
			? []
			: [`written down: ${JSON.stringify(recorded[index])}\n         now: ${JSON.stringify(row)}`],
	);
	if (recorded.length !== rows.length)
		found.push(`${recorded.length} rows are written down, not ${rows.length}`);
	if (JSON.stringify(readings) !== JSON.stringify(recordedReadings))
		found.push(`reading is written down otherwise: ${JSON.stringify(readings)}`);
	if ((await readFile(PAGE, "utf8")) !== renderTable(recorded, recordedReadings))
		found.push("docs/reliability.md is not made of verdicts.json");
	for (const text of found) console.error(text);
	console.error(`${rows.length + readings.length} faults, ${found.length} differences`);
	return found.length === 0 ? 0 : 1;
}

async function readVerdicts(): Promise<MeasuredRow[]> {
	return JSON.parse(await readFile(VERDICTS, "utf8"));
}

async function readReadingVerdicts(): Promise<ReadingRow[]> {
	return JSON.parse(await readFile(READING_VERDICTS, "utf8"));
}

/** Measures all rows, several at once; those that are not as they were again, one after the other. */
async function measureAll(recorded: readonly MeasuredRow[]): Promise<MeasuredRow[]> {
	const measures = measurements();
	const rows = await Promise.all(measures.map((measure) => measure()));
	const settled: MeasuredRow[] = [];
	for (const [index, row] of rows.entries()) {
		const before = recorded.find((other) => other.row === row.row && other.fault === row.fault);
		settled.push(await settle(measures[index] ?? (async () => row), row, before));
	}
	return settled;
}

/** What a row comes to: what it was before, or what it is when it is measured alone. */
async function settle(
	measure: () => Promise<MeasuredRow>,
	first: MeasuredRow,
	before: MeasuredRow | undefined,
): Promise<MeasuredRow> {
	let row = first;
	for (let attempt = 1; attempt < ATTEMPTS && !same(row, before); attempt++) {
		console.error(`measured again, as attempt ${attempt} was different: ${JSON.stringify(row)}`);
		const next = await measure();
		if (before === undefined && same(next, row)) return next;
		row = next;
	}
	return row;
}

function same(row: MeasuredRow, other: MeasuredRow | undefined): boolean {
	return JSON.stringify(row) === JSON.stringify(other);
}
