import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stopPrograms } from "../support/program.ts";
import { TestArchives } from "./archive.ts";
import { type Observation, observe } from "./observe.ts";
import type { Rule } from "./proxy/plan.ts";
import { seededRandom } from "./proxy/random.ts";
import { patientTimes } from "./run-zipferry.ts";
import { ended, startUpload } from "./upload-process.ts";
import { withWorld } from "./with-world.ts";
import type { FaultWorld } from "./world.ts";

/** `npm run test:soak` kills more of them. */
const COUNT = process.env["ZIPFERRY_TEST_SOAK"] === "full" ? 50 : 8;
const SEED = Number(process.env["ZIPFERRY_TEST_SEED"] ?? 20_261_122);
/** From the first request to the end, and a little more. */
const LONGEST_MS = 1_600;

const LATE_MS = 200;

/** Makes an upload last long enough to be hit anywhere. */
const SLOW: readonly Rule[] = [
	{ operation: "CreateMultipartUpload", fault: { type: "late", delayMs: LATE_MS } },
	{ operation: "UploadPart", fault: { type: "trickle", direction: "request", bytesPerSecond: 12_000_000 } },
	{ operation: "CompleteMultipartUpload", fault: { type: "late", delayMs: LATE_MS } },
];

let archives: TestArchives;
beforeAll(async () => {
	archives = await TestArchives.create();
});
afterAll(async () => {
	await stopPrograms();
	await archives?.remove();
});

/** Kills one upload after another, each at a moment of its own. */
async function killAll(
	signal: NodeJS.Signals,
	check: (seen: Observation, world: FaultWorld) => void | Promise<void>,
): Promise<void> {
	const random = seededRandom(SEED);
	const archive = archives.of("parts");
	const moments = Array.from({ length: COUNT }, () => random() * LONGEST_MS);
	const killNext = async (): Promise<void> => {
		for (let moment = moments.shift(); moment !== undefined; moment = moments.shift()) {
			await withWorld({ rules: SLOW }, async (world) => {
				const seen = await observe(world, archive, async () => {
					const program = startUpload(world, archive);
					await Promise.race([world.proxy.reached("HeadBucket"), program.ended]);
					await Promise.race([delay(moment), program.ended]);
					program.kill(signal);
					const end = ended(await program.ended);
					// What was on its way still arrives.
					await delay(2 * LATE_MS);
					return end;
				});
				await check(seen, world);
			});
		}
	};
	await Promise.all([killNext(), killNext()]);
}

describe(`${COUNT} uploads that are killed at random moments`, { timeout: 300_000, tags: "slow" }, () => {
	it("leave nothing after SIGTERM, or have succeeded", async () => {
		await killAll("SIGTERM", ({ exitCode, object, uploads, stderr }) => {
			expect({ uploads, stderr, exitCode }).toMatchObject({ uploads: [] });
			expect({ exitCode, object, stderr }).toMatchObject(
				exitCode === 0 ? { exitCode: 0, object: "new" } : { exitCode: 143, object: "previous" },
			);
		});
	});

	it("leave one upload at most after SIGKILL, which the next run tells of, and never half an object", async () => {
		const archive = archives.of("parts");
		let left = 0;
		await killAll("SIGKILL", async ({ exitCode: killed, object, uploads, stderr: said }, world) => {
			// A program that does not even start leaves nothing either.
			expect([undefined, 0], said).toContain(killed);
			expect(uploads.length).toBeLessThanOrEqual(1);
			expect(["previous", "new"]).toContain(object);
			left += uploads.length;
			if (uploads.length === 0) return;
			const { exitCode, stderr } = await startUpload(world, archive, patientTimes()).ended;
			expect(stderr).toMatch(/^warning: an incomplete upload of this key was started/);
			expect(exitCode).toBe(0);
			expect(await world.incompleteUploads()).toEqual(uploads);
		});
		console.info(
			`seed ${SEED}: ${left} of ${COUNT} killed uploads left something, which the next run told of`,
		);
	});
});
