import { scenarioSuite } from "./scenario-suite.ts";
import { ACCESS_SCENARIOS } from "./scenarios/access.ts";

scenarioSuite("an upload that is refused", ACCESS_SCENARIOS);
