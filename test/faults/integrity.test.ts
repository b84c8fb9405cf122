import { scenarioSuite } from "./scenario-suite.ts";
import { INTEGRITY_SCENARIOS } from "./scenarios/integrity.ts";

scenarioSuite("an upload whose bytes change on the way", INTEGRITY_SCENARIOS);
