/** A plan, as `zipferry shards plan` prints it, or where it is kept. */
export const PLAN_OPERAND = { shown: "<plan>", completes: "files" } as const;

/** What a plan can be, for descriptions. */
export const PLAN_WORDS =
	"The plan is a file with what zipferry shards plan --json prints, - for stdin, or the address of the manifest in the bucket.";
