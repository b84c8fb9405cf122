import { scenarioSuite } from "./scenario-suite.ts";
import { ALL_SCENARIOS } from "./scenarios/all.ts";

// One fault of each row; the table has all of them, by both transports and over both schemes.
const firstOfEachRow = ALL_SCENARIOS.filter(
	({ row }, index) => ALL_SCENARIOS.findIndex((other) => other.row === row) === index,
);

scenarioSuite("an upload over HTTPS by the other transport", firstOfEachRow, {
	scheme: "https",
	transport: "lib-storage",
});
