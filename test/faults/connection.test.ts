import { scenarioSuite } from "./scenario-suite.ts";
import { CONNECTION_SCENARIOS } from "./scenarios/connection.ts";

scenarioSuite("an upload over a bad connection", CONNECTION_SCENARIOS);
