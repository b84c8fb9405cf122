import type { Case } from "./cases/case.ts";
import { expectedDeviation } from "./expected.ts";
import type { OpenCase } from "./open-case.ts";
import type { Reader } from "./readers/reader.ts";

/**
 * What came of showing a case to a reader: all well; as known, and not our fault; not shown, as it would
 * take too long; or a failure nobody has explained.
 */
export type Verdict = "ok" | "deviation" | "not shown" | "FAIL";

export interface Judgement {
	readonly verdict: Verdict;
	/** What is wrong, for a failure. */
	readonly problems: readonly string[];
}

/** Shows an open case to a reader, and holds what comes of it against what is expected. */
export async function judge(
	one: Case,
	opened: OpenCase,
	{ reader, version }: { readonly reader: Reader; readonly version: string },
): Promise<Judgement> {
	if ((one.entryCount ?? 0) > (reader.maxEntries ?? Number.POSITIVE_INFINITY)) {
		return { verdict: "not shown", problems: [] };
	}
	const problems = await opened.show(reader);
	const deviation = expectedDeviation(reader.name, version, one.name);
	if (deviation === undefined) return { verdict: problems.length === 0 ? "ok" : "FAIL", problems };
	if (problems.length === 0) {
		return { verdict: "FAIL", problems: [`no deviation any more, although expected: ${deviation.reason}`] };
	}
	const others = problems.filter((problem) => !deviation.problem.test(problem));
	return { verdict: others.length === 0 ? "deviation" : "FAIL", problems: others };
}
