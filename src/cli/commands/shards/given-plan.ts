import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { abortable } from "../../../async/abortable.ts";
import { InvalidOptionError, messageOf } from "../../../errors.ts";
import { looksLikeS3Url, parseS3Url } from "../../../s3/address.ts";
import type { ShardsOptions } from "../../../shards/options.ts";
import type { ShardPlan } from "../../../shards/shard-plan.ts";

/**
 * The plan that a word of the command line names: a file, `-` for stdin, or its manifest in a bucket.
 *
 * @param options - How to reach that bucket.
 * @throws {InvalidOptionError} if there is no plan in it
 */
export async function givenPlan(word: string, options: ShardsOptions): Promise<ShardPlan> {
	if (looksLikeS3Url(word)) {
		const { readPlan } = await import("../../../shards/finish/read-plan.ts");
		return readPlan(parseS3Url(word), options);
	}
	const json = await readText(word, options.signal);
	const { checkPlan } = await import("../../../shards/plan-schema.ts");
	let plan: unknown;
	try {
		plan = JSON.parse(json);
	} catch (error) {
		const message = `${shown(word)} is ${json.trim() === "" ? "empty" : "not JSON"}, and so no plan of shards: ${WRITES}`;
		throw new InvalidOptionError(message, { cause: error });
	}
	return checkPlan(plan);
}

const WRITES = "zipferry shards plan --plan FILE writes one";

async function readText(word: string, signal: AbortSignal | undefined): Promise<string> {
	try {
		return await abortable(word === "-" ? text(process.stdin) : readFile(word, "utf8"), signal);
	} catch (error) {
		if (signal?.aborted) throw error;
		throw new InvalidOptionError(`cannot read the plan in ${shown(word)}: ${messageOf(error)}`, {
			cause: error,
		});
	}
}

function shown(word: string): string {
	return word === "-" ? "stdin" : word;
}
