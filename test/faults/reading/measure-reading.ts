import pLimit from "p-limit";
import { type ReadingVerdict, runReading } from "./run-reading.ts";
import { READING_SCENARIOS } from "./scenarios.ts";
import { storedArchive } from "./stored-archive.ts";

/** One line of the table on reading. */
export interface ReadingRow {
	readonly row: string;
	readonly fault: string;
	readonly verdict: ReadingVerdict;
	/** `null`: it did not end. */
	readonly exitCode: number | null;
	readonly violations: readonly string[];
}

/** A busy machine is not a fault of the program. */
const ATTEMPTS = 3;

/**
 * Lets all faults happen to reading, several at once; those that go wrong again, alone.
 *
 * @param recorded - What came of them before: others are measured again as well.
 */
export async function measureReadings(recorded: readonly ReadingRow[] = []): Promise<ReadingRow[]> {
	const archive = storedArchive();
	const slots = pLimit(6);
	const measured = await Promise.all(
		READING_SCENARIOS.map((scenario) => slots(() => runReading(scenario, archive))),
	);
	const rows: ReadingRow[] = [];
	for (const [index, scenario] of READING_SCENARIOS.entries()) {
		const { row, fault } = scenario;
		const before = recorded.find((other) => other.row === row && other.fault === fault);
		const measure = async (): Promise<ReadingRow> => ({
			...{ row, fault },
			...(await runReading(scenario, archive)),
		});
		const first = measured[index];
		let now = first === undefined ? await measure() : { row, fault, ...first };
		for (let attempt = 1; attempt < ATTEMPTS && !isUsual(now, before); attempt += 1) now = await measure();
		rows.push(now);
	}
	return rows;
}

function isUsual(now: ReadingRow, before: ReadingRow | undefined): boolean {
	if (before === undefined) return now.violations.length === 0;
	return JSON.stringify(now) === JSON.stringify(before);
}
