import * as v from "valibot";
import { InvalidOptionError } from "../errors.ts";
import { isObject } from "../options/kinds.ts";
import type { ShardPlan } from "./shard-plan.ts";

export const Count: v.GenericSchema<number> = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Name: v.GenericSchema<string> = v.pipe(v.string(), v.nonEmpty());

/** Each shard has the number of a part at least, and no storage takes more of them. */
const MAX_SHARD_COUNT = 10_000;

export const PLAN_ENTRIES: { readonly [Field in keyof ShardPlan]: v.GenericSchema<ShardPlan[Field]> } = {
	version: v.picklist([1, 2]),
	id: v.pipe(v.string(), v.regex(/^[\da-f]{32}$/)),
	bucket: Name,
	key: Name,
	uploadId: Name,
	shardCount: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_SHARD_COUNT)),
	entryCount: Count,
	sourceSize: Count,
};

const PLAN = v.object(PLAN_ENTRIES);

/**
 * Checks a plan that comes from elsewhere; what else it has, as a manifest does, is left out.
 *
 * @throws {InvalidOptionError} if it is none, or of another version.
 */
export function checkPlan(given: unknown): ShardPlan {
	checkVersion(given);
	const result = v.safeParse(PLAN, given, { abortEarly: true });
	if (result.success) return result.output;
	const field = v.getDotPath(result.issues[0]);
	const where = field === null ? "" : `: its ${field} is missing or wrong`;
	throw new InvalidOptionError(`this is no plan of shards${where}`, { option: "plan" });
}

/**
 * Checks the version of a plan, or of its manifest; what has none passes.
 *
 * @throws {InvalidOptionError} if it is another one than is known here.
 */
export function checkVersion(given: unknown): void {
	const version = isObject(given) ? given["version"] : undefined;
	if (typeof version !== "number" || version === 1 || version === 2) return;
	throw new InvalidOptionError(
		`the plan has version ${version} of its format, and this zipferry knows versions 1 and 2: use the one that has planned`,
		{ option: "plan" },
	);
}
