import { scenarioSuite } from "./scenario-suite.ts";
import { ALL_SCENARIOS } from "./scenarios/all.ts";

const scenarios = ALL_SCENARIOS.map((scenario) => ({
	...scenario,
	args: [...(scenario.args ?? []), "--transport", "lib-storage"],
}));

/** Where this transport does something of its own: parts, their hashes, the end and what it cleans up. */
const QUICK_ROWS = ["B15", "B24", "B25", "B31", "B33"];

scenarioSuite("an upload by the other transport", scenarios, QUICK_ROWS);
