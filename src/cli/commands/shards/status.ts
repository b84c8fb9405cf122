import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import { defineCommand } from "../command.ts";
import { PLAN_OPERAND, PLAN_WORDS } from "./plan-operand.ts";

export const shardsStatus = defineCommand({
	name: "shards status",
	group: "workers",
	summary: "Show which shards of an archive are made",
	description: `It looks into the bucket, and nowhere else: whatever has become of workers and queues, this is the truth. ${PLAN_WORDS}`,
	operands: { plan: PLAN_OPERAND },
	options: { ...OUTPUT_OPTIONS, ...CONNECT_OPTIONS },
	common: ["endpoint-url", "profile", "json"],
	examples: [
		["zipferry shards status plan.json", "how far it is"],
		["zipferry shards status --json plan.json", "for programs: state is incomplete, complete or gone"],
	],
	success: "shown, whatever the state is",
	exitCodes: ["storage", "network", ["integrity", "the manifest of the plan in the bucket is damaged"]],
	run: async (given, io) => (await import("./run-status.ts")).runStatus(given, io),
});
