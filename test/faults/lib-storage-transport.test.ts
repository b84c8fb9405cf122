import { scenarioSuite } from "./scenario-suite.ts";
import { ALL_SCENARIOS } from "./scenarios/all.ts";

const scenarios = ALL_SCENARIOS.map((scenario) => ({
	...scenario,
	args: [...(scenario.args ?? []), "--transport", "lib-storage"],
}));

scenarioSuite("an upload by the other transport", scenarios);
