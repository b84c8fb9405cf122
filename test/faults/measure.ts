import pLimit from "p-limit";
import type { TestArchives } from "./archive.ts";
import { runPlain } from "./run-plain.ts";
import { runScenario } from "./run-scenario.ts";
import { runStopped, type StopSignal } from "./run-stopped.ts";
import type { Scenario } from "./scenario.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** One line of the table: a fault, and what came of it. */
export interface MeasuredRow {
	readonly row: string;
	readonly fault: string;
	readonly zipferry: Verdict;
	/** `null`: it did not end. */
	readonly exitCode: number | null;
	/** The same fault, met by plain lib-storage. */
	readonly plain: Verdict;
	/** Where zipferry does not keep to what it promises. */
	readonly violations: readonly string[];
}

/** Runs at once, so that there is time for each of them on two processors. */
const zipferrySlots = pLimit(4);
/** More of these: what hangs takes nothing but time. */
const plainSlots = pLimit(8);

export async function measureScenario(scenario: Scenario, archives: TestArchives): Promise<MeasuredRow> {
	const { row, fault, previous } = scenario;
	const [{ seen, violations }, plain] = await Promise.all([
		zipferrySlots(() => runScenario(scenario, archives)),
		plainSlots(() => runPlain(scenario, archives)),
	]);
	return {
		row,
		fault,
		zipferry: verdictOf(seen, previous),
		exitCode: seen.exitCode ?? null,
		plain,
		violations,
	};
}

export interface Stop {
	readonly row: string;
	readonly signal: StopSignal;
	readonly fault: string;
}

export const STOPS: readonly Stop[] = [
	{ row: "C1", signal: "SIGINT", fault: "SIGINT while parts are sent" },
	{ row: "C3", signal: "SIGTERM", fault: "SIGTERM while parts are sent" },
	{ row: "C4", signal: "SIGHUP", fault: "SIGHUP while parts are sent" },
	{ row: "C5", signal: "SIGKILL", fault: "SIGKILL while parts are sent; the next run tells of the upload" },
];

export async function measureStop(
	{ row, signal, fault }: Stop,
	archives: TestArchives,
): Promise<MeasuredRow> {
	const seen = await zipferrySlots(() => runStopped("zipferry", signal, archives));
	const plain = await plainSlots(() => runStopped("plain", signal, archives));
	return {
		row,
		fault,
		zipferry: verdictOf(seen),
		exitCode: seen.exitCode ?? null,
		plain: verdictOf(plain),
		violations: seen.uploads.length > 0 && signal !== "SIGKILL" ? [`an upload is left: ${seen.stderr}`] : [],
	};
}
