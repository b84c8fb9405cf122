import { expect } from "vitest";
import { exitCodeOf } from "../../../src/cli/exit-codes.ts";
import { BASE_KEY, CopyingWorld, NEW_KEY } from "./copying-world.ts";
import type { CopyingScenario } from "./scenarios.ts";

/** What is copied of the tree, and read back of that. */
const COPIED = { verifiedEntryCount: 14, copiedEntryCount: 14 };
/** With short runs, which are joined. */
const JOINED = { verifiedEntryCount: 16, copiedEntryCount: 19 };

/** Passes a scenario, and looks at what is there afterwards. */
export async function pass(
	_title: string,
	{ bucket, habits, hook, inPlace, joins = false, expected }: CopyingScenario,
): Promise<void> {
	const world = await CopyingWorld.open(bucket ?? "plain", habits, joins);
	try {
		const key = inPlace ? BASE_KEY : NEW_KEY;
		world.hook = hook(world);
		const { outcome, events } = await world.uploadWithBase(key, { joinRuns: joins });
		const error: unknown = outcome.status === "rejected" ? outcome.reason : undefined;
		const keys = await world.keys();
		const warnings = events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
		const said = error instanceof Error ? error.message : warnings.join("\n");
		expect([outcome.status === "fulfilled" ? 0 : exitCodeOf(error), said]).toEqual([
			expected.exitCode,
			expect.stringMatching(expected.says ?? /^$/),
		]);
		expect(await world.incompleteUploads()).toEqual([]);
		expect(await world.temporary()).toHaveLength(expected.temporary ?? 0);
		expect(world.hasDraft(keys)).toBe(expected.draft ?? false);
		expect(await world.held(BASE_KEY)).toBe(expected.base);
		if (!inPlace) {
			const target = expected.exitCode === 0 ? "archive" : "nothing";
			expect(await world.held(NEW_KEY)).toBe(expected.target ?? target);
		}
		if (expected.versions !== undefined) expect(await world.versionCount(key)).toBe(expected.versions);
		if (outcome.status === "fulfilled" && !expected.end.includes("all of it sent"))
			expect(outcome.value).toMatchObject({
				verified: "structure",
				...(joins ? JOINED : COPIED),
			});
	} finally {
		await world.close();
	}
}
