import { RUN_OPTIONS } from "../../options/output-options.ts";
import { SUBMIT_OPTIONS } from "../../options/queue/queue-options.ts";
import { PLAN_TABLE } from "../../options/shards/plan-table.ts";

const { plan: _plan, ...PLANNING } = PLAN_TABLE;

/** Everything that can be said of an archive that is put into a queue. */
export const SUBMIT_TABLE = { ...SUBMIT_OPTIONS, ...PLANNING, "no-progress": RUN_OPTIONS["no-progress"] };
