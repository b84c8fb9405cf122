import { scenarioSuite } from "./scenario-suite.ts";
import { CLEANUP_SCENARIOS } from "./scenarios/cleanup.ts";

scenarioSuite("an upload that cannot clean up easily", CLEANUP_SCENARIOS);
