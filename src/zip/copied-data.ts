import type { Entry, MethodChoice, RawData } from "./entry.ts";
import { DEFLATED } from "./format/records.ts";

/**
 * The data of an entry that is copied as it is; `undefined` if it is read and stored anew. What is deflated stays so where data may
 * be deflated, and what is stored stays stored unless all has to be deflated.
 *
 * @param archiveMethod - For entries that have no method of their own.
 */
export function copiedData(
	{ kind, raw, method }: Pick<Entry, "kind" | "raw" | "method">,
	archiveMethod: MethodChoice,
): RawData | undefined {
	if (raw === undefined || kind !== "file") return undefined;
	const choice = method ?? archiveMethod;
	const allowed = raw.method === DEFLATED ? choice === "auto" || choice === "deflate" : choice !== "deflate";
	return allowed ? raw : undefined;
}
