import { describe, expect, it } from "vitest";

interface Costs {
	readonly startMs: number;
	readonly mainMs: number;
	readonly threadsMs: number;
	readonly friction?: number;
}

interface Model {
	modelWall(cores: number, costs: Costs): number;
	frictionOf(measuredMs: number, cores: number, costs: Costs): number;
	coresThatHelp(costs: Costs): number;
}

const { modelWall, frictionOf, coresThatHelp }: Model = await import(
	new URL("../../bench/model.mjs", import.meta.url).href
);
const COSTS = { startMs: 100, mainMs: 200, threadsMs: 1_800 };

describe("the model of more cores", () => {
	it("divides the work among the cores while the main thread keeps up", () => {
		expect([1, 2, 4].map((cores) => modelWall(cores, COSTS))).toEqual([2_100, 1_100, 600]);
	});

	it("ends at what the main thread takes by itself", () => {
		expect(coresThatHelp(COSTS)).toBe(10);
		expect([10, 16, 1_000].map((cores) => modelWall(cores, COSTS))).toEqual([300, 300, 300]);
	});

	it("gives back what was measured, on as many cores as it was measured on", () => {
		const friction = frictionOf(1_350, 2, COSTS);
		expect(friction).toBe(1.25);
		expect(modelWall(2, { ...COSTS, friction })).toBe(1_350);
	});

	it("promises nothing from a run that was faster than the model", () => {
		expect(frictionOf(900, 2, COSTS)).toBe(1);
	});
});
