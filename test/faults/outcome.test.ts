import { scenarioSuite } from "./scenario-suite.ts";
import { OUTCOME_SCENARIOS } from "./scenarios/outcome.ts";

scenarioSuite("an upload whose outcome nobody tells", OUTCOME_SCENARIOS);
