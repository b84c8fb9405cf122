import { scenarioSuite } from "./scenario-suite.ts";
import { TLS_SCENARIOS } from "./scenarios/tls.ts";

scenarioSuite("an upload whose connection is damaged below TLS", TLS_SCENARIOS);
