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

/** Lets all faults happen to reading, several at once; those that go wrong again, alone. */
export async function measureReadings(): Promise<ReadingRow[]> {
	const archive = storedArchive();
	const slots = pLimit(6);
	const measured = await Promise.all(
		READING_SCENARIOS.map((scenario) => slots(() => runReading(scenario, archive))),
	);
	const rows: ReadingRow[] = [];
	for (const [index, scenario] of READING_SCENARIOS.entries()) {
		const { row, fault } = scenario;
		let result = measured[index];
		for (
			let attempt = 1;
			result === undefined || (attempt < ATTEMPTS && result.violations.length > 0);
			attempt += 1
		)
			result = await runReading(scenario, archive);
		rows.push({ row, fault, ...result });
	}
	return rows;
}
