import { describe, expect, it } from "vitest";
import { exitCodeOf } from "../../../src/cli/exit-codes.ts";
import { BASE_KEY, CopyingWorld, NEW_KEY } from "./copying-world.ts";
import { COPYING_SCENARIOS, type CopyingScenario } from "./scenarios.ts";

async function pass(_title: string, { bucket, habits, hook, inPlace, expected }: CopyingScenario) {
	const world = await CopyingWorld.open(bucket ?? "plain", habits);
	try {
		const key = inPlace ? BASE_KEY : NEW_KEY;
		world.hook = hook(world);
		const { outcome, events } = await world.uploadWithBase(key);
		const error: unknown = outcome.status === "rejected" ? outcome.reason : undefined;
		const keys = await world.keys();
		const warnings = events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
		const said = error instanceof Error ? error.message : warnings.join("\n");
		expect([outcome.status === "fulfilled" ? 0 : exitCodeOf(error), said]).toEqual([
			expected.exitCode,
			expect.stringMatching(expected.says ?? /^$/),
		]);
		expect(await world.incompleteUploads()).toEqual([]);
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
				verifiedEntryCount: 14,
				copiedEntryCount: 14,
			});
	} finally {
		await world.close();
	}
}

const titled = (scenario: CopyingScenario) => [scenario.fault, scenario] as const;

describe.each([
	["is copied from its base", false],
	["takes the place of its base", true],
] as const)("an archive that %s while something goes wrong", (_how, inPlace) => {
	const scenarios = COPYING_SCENARIOS.filter((scenario) => scenario.inPlace === inPlace);
	const quick = scenarios.filter(({ isQuick = false }) => isQuick);
	const others = scenarios.filter(({ isQuick = false }) => !isQuick);
	it.each(quick.map(titled))("%s", { timeout: 120_000 }, pass);
	it.each(others.map(titled))("%s", { timeout: 120_000, tags: "slow" }, pass);
});
