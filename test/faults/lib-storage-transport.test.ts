import { scenarioSuite } from "./scenario-suite.ts";
import { CLEANUP_SCENARIOS } from "./scenarios/cleanup.ts";
import { CONNECTION_SCENARIOS } from "./scenarios/connection.ts";
import { INTEGRITY_SCENARIOS } from "./scenarios/integrity.ts";
import { OUTCOME_SCENARIOS } from "./scenarios/outcome.ts";

/** What the part engine and `Upload` do in ways of their own: sending, stopping, cleaning up. */
const ROWS = new Set(["B14", "B19", "B23", "B24", "B25", "B31", "B33", "B34", "B35"]);

const scenarios = [CLEANUP_SCENARIOS, CONNECTION_SCENARIOS, INTEGRITY_SCENARIOS, OUTCOME_SCENARIOS]
	.flat()
	.filter(({ row }) => ROWS.has(row))
	.map((scenario) => ({ ...scenario, args: [...(scenario.args ?? []), "--transport", "lib-storage"] }));

scenarioSuite("an upload by the other transport", scenarios);
