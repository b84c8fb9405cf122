import pLimit from "p-limit";
import type { TestArchives } from "./archive.ts";
import { runPlain } from "./run-plain.ts";
import { runScenario, variantsOf } from "./run-scenario.ts";
import { runStopped, type StopSignal } from "./run-stopped.ts";
import type { Scenario, Variant } from "./scenario.ts";
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
	/** Where it ends otherwise over HTTPS, or with the other transport. */
	readonly differences: readonly string[];
	/** Where zipferry does not keep to what it promises. */
	readonly violations: readonly string[];
}

/** How zipferry ended in one of the ways in which a fault can happen. */
interface Outcome {
	/** The scheme, and the transport if it is a matter of that. */
	readonly way: string;
	readonly zipferry: Verdict;
	readonly exitCode: number | null;
	readonly violations: readonly string[];
}

/** Runs at once, so that there is time for each of them on two processors. */
const zipferrySlots = pLimit(4);
/** More of these: what hangs takes nothing but time. */
const plainSlots = pLimit(8);

export async function measureScenario(scenario: Scenario, archives: TestArchives): Promise<MeasuredRow> {
	const { row, fault, previous } = scenario;
	const measure = async (variant: Variant): Promise<Outcome> => {
		const { seen, violations } = await runScenario(scenario, archives, variant);
		const way = `${variant.scheme}, ${variant.transport}`;
		return { way, zipferry: verdictOf(seen, previous), exitCode: seen.exitCode ?? null, violations };
	};
	const [plain, ...outcomes] = await Promise.all([
		plainSlots(() => runPlain(scenario, archives)),
		...variantsOf(scenario).map((variant) => zipferrySlots(() => measure(variant))),
	]);
	return { row, fault, ...sumUp(outcomes), plain };
}

/** The usual outcome, and which of the others differ from it. */
function sumUp([usual, ...others]: readonly Outcome[]) {
	if (usual === undefined) throw new Error("nothing was measured");
	const different = others.filter(
		({ zipferry, exitCode }) => zipferry !== usual.zipferry || exitCode !== usual.exitCode,
	);
	return {
		zipferry: usual.zipferry,
		exitCode: usual.exitCode,
		differences: different.map(({ way, zipferry, exitCode }) => `${way}: ${zipferry} (${exitCode})`),
		violations: [usual, ...others].flatMap(({ way, violations }) =>
			violations.map((violation) => `${way}: ${violation}`),
		),
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
	const measure = async (scheme: Variant["scheme"]): Promise<Outcome> => {
		const seen = await zipferrySlots(() => runStopped("zipferry", signal, archives, scheme));
		const left = seen.uploads.length > 0 && signal !== "SIGKILL";
		return {
			way: scheme,
			zipferry: verdictOf(seen),
			exitCode: seen.exitCode ?? null,
			violations: left ? [`an upload is left: ${seen.stderr}`] : [],
		};
	};
	const outcomes = [await measure("http"), await measure("https")];
	const plain = await plainSlots(() => runStopped("plain", signal, archives));
	return { row, fault, ...sumUp(outcomes), plain: verdictOf(plain) };
}
