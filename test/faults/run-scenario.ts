import { EXIT } from "../../src/cli/exit-codes.ts";
import type { TestArchive, TestArchives } from "./archive.ts";
import { type Observation, observe } from "./observe.ts";
import { patientTimes, runZipferry, shortTimes, uploadArguments, useCredentials } from "./run-zipferry.ts";
import type { Previous, Scenario, Variant } from "./scenario.ts";
import { violations } from "./violations.ts";
import { FaultWorld, PREVIOUS } from "./world.ts";

export const PREVIOUS_OBJECT: Readonly<
	Record<Previous, (archive: TestArchive) => string | Buffer | undefined>
> = {
	other: () => PREVIOUS,
	same: ({ bytes }) => bytes,
	none: () => undefined,
};

/** Longer than the longest time for retries on the slowest machine, by the wait for Complete. */
const LIMIT_MS = 150_000;

export interface ScenarioResult {
	readonly seen: Observation;
	/** Empty if all is as it has to be. */
	readonly violations: readonly string[];
}

/** Lets a scenario happen to an upload by the command line program. */
export async function runScenario(
	scenario: Scenario,
	archives: TestArchives,
	{ scheme, transport }: Variant = variantsOf(scenario)[0],
): Promise<ScenarioResult> {
	const { rules, wire, args = [], limitMs = LIMIT_MS } = scenario;
	const times = passes(scenario) ? patientTimes() : shortTimes();
	const archive = archives.of(scenario.archive ?? "parts");
	const world = await FaultWorld.open({
		rules,
		wire,
		certificate: scheme === "https" ? await archives.certificate() : undefined,
		previous: PREVIOUS_OBJECT[scenario.previous ?? "other"](archive),
	});
	try {
		useCredentials(world);
		const seen = await observe(world, archive, () =>
			runZipferry([...uploadArguments(world, archive, times), "--transport", transport, ...args], limitMs),
		);
		const missed = world.relay?.met === false ? ["nothing has happened to any connection"] : [];
		return { seen, violations: [...missed, ...violations(seen, scenario, world.known(archive))] };
	} finally {
		await world.close();
	}
}

type Variants = readonly [Variant, ...Variant[]];

const OVER_TLS: Variants = [
	{ scheme: "https", transport: "parts" },
	{ scheme: "https", transport: "lib-storage" },
];
/** Scheme and transport know nothing of each other: three of the four tell all. */
const ALL: Variants = [{ scheme: "http", transport: "parts" }, ...OVER_TLS];

/** The ways in which a scenario can happen, the usual one first. */
export function variantsOf({ wire }: Scenario): Variants {
	return wire === undefined ? ALL : OVER_TLS;
}

/** Whether the run ends before its time for retries does: by success, or by a refusal. */
function passes({ rules, wire = [], expected, endsEarly = false, hurried = false }: Scenario): boolean {
	if (hurried) return false;
	if (expected.exitCode !== 0) return endsEarly || expected.exitCode !== EXIT.network;
	if (wire.some(({ times }) => times === undefined)) return false;
	return rules.every(({ occurrence, probability }) => occurrence !== undefined || probability !== undefined);
}
