import type { Entry, MethodChoice, RawData } from "./entry.ts";
import { DEFLATED, type Method, STORED } from "./format/records.ts";

/**
 * The data of an entry that is copied as it is; `undefined` if it is read and stored anew. What is compressed stays so where its
 * method may be used, and what is stored stays stored unless all has to be compressed.
 *
 * @param archiveMethod - For entries that have no method of their own.
 */
export function copiedData(
	{ kind, raw, method }: Pick<Entry, "kind" | "raw" | "method">,
	archiveMethod: MethodChoice,
): RawData | undefined {
	if (raw === undefined || kind !== "file") return undefined;
	const choice = method ?? archiveMethod;
	return isAllowed(raw.method, choice) ? raw : undefined;
}

function isAllowed(method: Method, choice: MethodChoice): boolean {
	if (method === STORED) return choice !== "deflate" && choice !== "zstd";
	return method === DEFLATED ? choice === "auto" || choice === "deflate" : choice === "zstd";
}
