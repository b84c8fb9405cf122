import { describe, it } from "vitest";
import { pass } from "./pass-scenario.ts";
import { COPYING_SCENARIOS, type CopyingScenario } from "./scenarios.ts";

const titled = (scenario: CopyingScenario) => [scenario.fault, scenario] as const;

describe.each([
	["is copied from its base", false],
	["takes the place of its base", true],
] as const)("an archive that %s while something goes wrong", (_how, inPlace) => {
	const scenarios = COPYING_SCENARIOS.filter((scenario) => scenario.inPlace === inPlace);
	const quick = scenarios.filter(({ isQuick = false }) => isQuick);
	const others = scenarios.filter(({ isQuick = false }) => !isQuick);
	it.each(quick.map(titled))("%s", { timeout: 120_000 }, pass);
	it.each(others.map(titled))("%s", { timeout: 120_000, tags: "slow" }, pass);
});
