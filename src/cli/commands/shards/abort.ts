import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import { defineCommand } from "../command.ts";
import { PLAN_OPERAND, PLAN_WORDS } from "./plan-operand.ts";

export const shardsAbort = defineCommand({
	name: "shards abort",
	group: "workers",
	summary: "Give up an archive of shards, and leave nothing of it",
	description: `Workers that are still busy notice it and stop. An archive that is finished stays. ${PLAN_WORDS}`,
	operands: { plan: PLAN_OPERAND },
	options: { ...OUTPUT_OPTIONS, ...CONNECT_OPTIONS },
	common: ["endpoint-url", "profile", "json"],
	examples: [["zipferry shards abort plan.json", "nothing of it is left then"]],
	success: "nothing is left of it, or it was finished before",
	exitCodes: ["storage", "network"],
	run: async (given, io) => (await import("./run-abort.ts")).runAbort(given, io),
});
