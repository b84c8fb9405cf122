import { afterAll, beforeAll, expect, it } from "vitest";
import { TestArchives } from "./archive.ts";
import { soak } from "./soak.ts";

/** `npm run test:soak` does all of them. */
const COUNT = process.env["ZIPFERRY_TEST_SOAK"] === "full" ? 200 : 20;
const SEED = Number(process.env["ZIPFERRY_TEST_SEED"] ?? 20_261_122);

let archives: TestArchives;
beforeAll(async () => {
	archives = await TestArchives.create();
});
afterAll(() => archives?.remove());

it(`${COUNT} uploads over a network with a fault in every fifth request are complete, or leave nothing`, {
	timeout: 600_000,
	tags: "slow",
}, async () => {
	const { violations, published, failed, requests, faults } = await soak(COUNT, SEED, archives);
	console.info(
		`seed ${SEED}: ${published} published, ${failed} failed, ${faults} faults in ${requests} requests`,
	);
	expect(violations).toEqual([]);
	expect(faults / requests).toBeGreaterThan(0.15);
	expect(published).toBeGreaterThan(COUNT / 2);
});
