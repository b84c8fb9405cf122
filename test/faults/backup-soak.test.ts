import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stopPrograms } from "../support/program.ts";
import { TestArchives } from "./archive.ts";
import { killBackups, soakBackups, stealLeases } from "./backup-soak.ts";

/** `npm run test:soak` does all of them. */
const FULL = process.env["ZIPFERRY_TEST_SOAK"] === "full";
const [RUNS, KILLS, THEFTS] = FULL ? [200, 50, 50] : [12, 8, 8];
const SEED = Number(process.env["ZIPFERRY_TEST_SEED"] ?? 20_261_126);

let archives: TestArchives;
beforeAll(async () => {
	archives = await TestArchives.create();
});
afterAll(async () => {
	await stopPrograms();
	await archives?.remove();
});

describe("whole backups", { timeout: 900_000, tags: "slow" }, () => {
	it(`remove nothing wrongly in ${RUNS} runs over a network with a fault in every fifth request`, async () => {
		const { violations, succeeded, failed, removed } = await soakBackups(RUNS, SEED, archives);
		console.info(`seed ${SEED}: ${succeeded} succeeded, ${failed} failed, ${removed} archives removed`);
		expect(violations).toEqual([]);
		expect(succeeded).toBeGreaterThan(RUNS / 4);
	});

	it(`leave neither locks nor parts to the next one if they are killed, ${KILLS} times`, async () => {
		const { violations, succeeded, failed, removed } = await killBackups(KILLS, SEED, archives);
		console.info(
			`seed ${SEED}: ${succeeded} ended before, ${failed} were killed, ${removed} archives removed`,
		);
		expect(violations).toEqual([]);
		expect(failed).toBeGreaterThan(0);
	});

	it(`publish and remove nothing if another machine has taken over their lease, ${THEFTS} times`, async () => {
		const { violations, failed, removed } = await stealLeases(THEFTS, SEED, archives);
		console.info(`seed ${SEED}: ${failed} gave up, ${removed} archives removed`);
		expect(violations).toEqual([]);
		expect(failed).toBeGreaterThan(THEFTS / 4);
	});
});
