import { scenarioSuite } from "./scenario-suite.ts";
import { ALL_SCENARIOS } from "./scenarios/all.ts";

// One fault of each row; the table has all of them, by both transports and over both schemes.
const firstOfEachRow = ALL_SCENARIOS.filter(
	({ row }, index) => ALL_SCENARIOS.findIndex((other) => other.row === row) === index,
);

/** Where this transport does something of its own: parts, their hashes, the end and what it cleans up. */
const QUICK_ROWS = ["B15", "B24", "B25", "B31", "B33"];

scenarioSuite("an upload over HTTPS by the other transport", firstOfEachRow, {
	quickRows: QUICK_ROWS,
	variant: { scheme: "https", transport: "lib-storage" },
});
