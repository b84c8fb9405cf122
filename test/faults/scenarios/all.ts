import type { Scenario } from "../scenario.ts";
import { ACCESS_SCENARIOS } from "./access.ts";
import { CLEANUP_SCENARIOS } from "./cleanup.ts";
import { CONNECTION_SCENARIOS } from "./connection.ts";
import { INTEGRITY_SCENARIOS } from "./integrity.ts";
import { OUTCOME_SCENARIOS } from "./outcome.ts";
import { TLS_SCENARIOS } from "./tls.ts";

/** Every fault that can happen to one upload, in the order of the rows. */
export const ALL_SCENARIOS: readonly Scenario[] = [
	...ACCESS_SCENARIOS,
	...CLEANUP_SCENARIOS,
	...CONNECTION_SCENARIOS,
	...INTEGRITY_SCENARIOS,
	...OUTCOME_SCENARIOS,
	...TLS_SCENARIOS,
].sort((a, b) => a.row.localeCompare(b.row, "en", { numeric: true }));
