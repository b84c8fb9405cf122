import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestArchives } from "./archive.ts";
import { runScenario } from "./run-scenario.ts";
import type { Scenario, Variant } from "./scenario.ts";

/** One test per scenario, several at once: most of their time is waiting. */
export function scenarioSuite(title: string, scenarios: readonly Scenario[], variant?: Variant): void {
	describe(title, { timeout: 180_000 }, () => {
		let archives: TestArchives;
		beforeAll(async () => {
			archives = await TestArchives.create();
		});
		afterAll(() => archives?.remove());

		const titled = scenarios.map((scenario) => [`${scenario.row} ${scenario.fault}`, scenario] as const);
		it.concurrent.each(titled)("%s", async (_title, scenario) => {
			const { violations } = await runScenario(scenario, archives, variant);
			expect(violations).toEqual([]);
		});
	});
}
