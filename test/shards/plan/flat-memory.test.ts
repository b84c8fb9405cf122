import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { MiB } from "../../../src/bytes/units.ts";
import type { PlanMeasured } from "./measure-plan.ts";

const SCRIPT = fileURLToPath(new URL("./measure-plan.ts", import.meta.url));
/** Little enough that the garbage collector cannot put its work off. */
const HEAP = ["--max-old-space-size=64", "--max-semi-space-size=1"];

async function measure(entryCount: number): Promise<PlanMeasured> {
	const node = [...HEAP, "--import", "tsx", SCRIPT, String(entryCount)];
	const { stdout } = await promisify(execFile)(process.execPath, node);
	return JSON.parse(stdout) as PlanMeasured; // written by measure-plan.ts
}

describe("planning", () => {
	it("takes the same memory for 300,000 entries of several sources as for a fraction of them", {
		tags: "slow",
	}, async () => {
		const { growth, ...measured } = await measure(300_000);
		expect(measured).toMatchObject({ entryCount: 300_000 });
		expect(measured.pagesSize).toBeGreaterThan(30 * MiB);
		// Names alone would take 40 MiB and more.
		expect(growth).toBeLessThan(30 * MiB);
	});
});
