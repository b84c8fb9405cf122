import type { TestArchive, TestArchives } from "./archive.ts";
import { type Observation, observe } from "./observe.ts";
import { runZipferry, uploadArguments, useCredentials } from "./run-zipferry.ts";
import type { Previous, Scenario } from "./scenario.ts";
import { violations } from "./violations.ts";
import { FaultWorld, PREVIOUS } from "./world.ts";

export const PREVIOUS_OBJECT: Readonly<
	Record<Previous, (archive: TestArchive) => string | Buffer | undefined>
> = {
	other: () => PREVIOUS,
	same: ({ bytes }) => bytes,
	none: () => undefined,
};

const LIMIT_MS = 30_000;

export interface ScenarioResult {
	readonly seen: Observation;
	/** Empty if all is as it has to be. */
	readonly violations: readonly string[];
}

/** Lets a scenario happen to an upload by the command line program. */
export async function runScenario(scenario: Scenario, archives: TestArchives): Promise<ScenarioResult> {
	const { rules, args = [], limitMs = LIMIT_MS } = scenario;
	const archive = archives.of(scenario.archive ?? "parts");
	const world = await FaultWorld.open({
		rules,
		previous: PREVIOUS_OBJECT[scenario.previous ?? "other"](archive),
	});
	try {
		useCredentials(world);
		const seen = await observe(world, archive, () =>
			runZipferry([...uploadArguments(world, archive), ...args], limitMs),
		);
		return { seen, violations: violations(seen, scenario, world.known(archive)) };
	} finally {
		await world.close();
	}
}
