import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestArchives } from "./archive.ts";
import { runScenario } from "./run-scenario.ts";
import type { Scenario, Variant } from "./scenario.ts";

/** Waits for more than a minute, however short the time-outs are. */
const LONG_ROWS: readonly string[] = ["B30"];

/**
 * One test per scenario, several at once: most of their time is waiting. The first of each row is quick and
 * stands for the others in `npm test`.
 *
 * @param options - The rows that have a quick one, where it is not all of them; how the upload is done.
 */
export function scenarioSuite(
	title: string,
	scenarios: readonly Scenario[],
	options: { readonly quickRows?: readonly string[]; readonly variant?: Variant } = {},
): void {
	const { quickRows = rowsOf(scenarios).filter((row) => !LONG_ROWS.includes(row)), variant } = options;
	const quick = quickRows.map((row) => firstOf(row, scenarios));
	const slow = scenarios.filter((scenario) => !quick.includes(scenario));
	describe(title, { timeout: 180_000 }, () => {
		let archives: TestArchives;
		beforeAll(async () => {
			archives = await TestArchives.create();
		});
		afterAll(() => archives?.remove());

		const passes = async (_title: string, scenario: Scenario) => {
			const { violations } = await runScenario(scenario, archives, variant);
			expect(violations).toEqual([]);
		};
		it.concurrent.each(quick.map(titled))("%s", passes);
		it.concurrent.each(slow.map(titled))("%s", { tags: "slow" }, passes);
	});
}

function titled(scenario: Scenario): [title: string, scenario: Scenario] {
	return [`${scenario.row} ${scenario.fault}`, scenario];
}

function rowsOf(scenarios: readonly Scenario[]): string[] {
	return [...new Set(scenarios.map(({ row }) => row))];
}

function firstOf(row: string, scenarios: readonly Scenario[]): Scenario {
	const first = scenarios.find((scenario) => scenario.row === row);
	if (first === undefined) throw new Error(`there is no scenario of row ${row}`);
	return first;
}
