import { InvalidOptionError } from "../../../errors.ts";
import { shownValue } from "../../../options/shown-value.ts";

/** Variables in which engines tell a worker which of many it is. */
const VARIABLES = ["JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX"] as const;

/** Shards that a worker is to make. */
export interface GivenIndexes {
	/** In their order, each once. */
	readonly indexes: readonly number[];
	/** The index that an engine has given, where the plan has no such shard: more workers were started than there are shards. */
	readonly spare?: number | undefined;
}

/**
 * The shards that the command line names, or else the engine that has started the process.
 *
 * @param words - Of `--index`: `3`, `3-7`, `2,5-7`.
 * @throws {InvalidOptionError} for what is no index, or none of this plan; or if nobody names one
 */
export function givenIndexes(
	words: readonly string[],
	shardCount: number,
	environment: NodeJS.ProcessEnv = process.env,
): GivenIndexes {
	if (words.length > 0) {
		const indexes = new Set(
			words.flatMap((word) => word.split(",")).flatMap((range) => readRange(range, shardCount)),
		);
		return { indexes: [...indexes].sort((a, b) => a - b) };
	}
	const variable = VARIABLES.find((name) => environment[name]);
	if (variable === undefined)
		throw new InvalidOptionError(
			`say which shards to make, such as --index 0; the plan has ${shardCount} (0 to ${shardCount - 1}), and zipferry shards status shows which are missing`,
		);
	const text = environment[variable] ?? "";
	if (!/^\d{1,9}$/.test(text))
		throw new InvalidOptionError(`${variable} must be the index of a shard, not ${shownValue(text)}`);
	const index = Number(text);
	return index < shardCount ? { indexes: [index] } : { indexes: [], spare: index };
}

function readRange(text: string, shardCount: number): number[] {
	const [, from, to = from] = /^\s*(\d{1,9})(?:-(\d{1,9}))?\s*$/.exec(text) ?? [];
	if (from === undefined)
		throw new InvalidOptionError(
			`--index is a number, or several as in 3-7 or 2,5-7, not ${shownValue(text)}`,
		);
	const [first, last] = [Number(from), Number(to)];
	if (last < first) throw new InvalidOptionError(`--index ${text.trim()} ends before it begins`);
	if (last >= shardCount)
		throw new InvalidOptionError(
			`there is no shard ${last}: the plan has ${shardCount} (0 to ${shardCount - 1})`,
		);
	return Array.from({ length: last - first + 1 }, (_, step) => first + step);
}
