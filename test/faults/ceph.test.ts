import { describe } from "vitest";
import { serverName } from "../storage/servers.ts";
import { failsWith, type Scenario } from "./scenario.ts";
import { scenarioSuite } from "./scenario-suite.ts";
import { CLEANUP_SCENARIOS } from "./scenarios/cleanup.ts";
import { CONNECTION_SCENARIOS } from "./scenarios/connection.ts";
import { INTEGRITY_SCENARIOS } from "./scenarios/integrity.ts";
import { OUTCOME_SCENARIOS } from "./scenarios/outcome.ts";

/** What depends on the server behind the proxy: unknown outcomes, cleaning up, damaged parts. */
const ROWS = new Set(["B14", "B23", "B25", "B27", "B31", "B32", "B33", "B35"]);
const FAULTS = [/^RST at the body/, /^500 at UploadPart/, /^the server hangs at a part: body/];

const scenarios = [CLEANUP_SCENARIOS, CONNECTION_SCENARIOS, INTEGRITY_SCENARIOS, OUTCOME_SCENARIOS]
	.flat()
	.filter(({ row, fault }) => ROWS.has(row) || FAULTS.some((pattern) => pattern.test(fault)))
	.map((scenario): Scenario => {
		// Ceph answers InternalError to a Complete of an upload that is not there; nothing is left either way.
		const other = scenario.row === "B14" && /before Complete/.test(scenario.fault);
		return other ? { ...scenario, expected: failsWith(6, /InternalError/) } : scenario;
	});

/** Only where `ZIPFERRY_TEST_S3=ceph` says that there is one. */
describe.skipIf(serverName() !== "ceph")("Ceph RGW", () => {
	scenarioSuite("an upload to Ceph RGW on a bad day", scenarios);
});
