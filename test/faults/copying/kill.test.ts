import { setTimeout as delay } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { startZipferry, zipferry } from "../../cli/zipferry.ts";
import { stopPrograms } from "../../support/program.ts";
import { seededRandom } from "../proxy/random.ts";
import { BASE_KEY, CopyingWorld, NEW_KEY } from "./copying-world.ts";

/** `npm run test:soak` kills more of them. */
const COUNT = process.env["ZIPFERRY_TEST_SOAK"] === "full" ? 20 : 4;
const SEED = Number(process.env["ZIPFERRY_TEST_SEED"] ?? 20_261_126);
/** Before each request that matters: an upload lasts long enough to be hit anywhere. */
const LATE_MS = 80;
/** From the first request to the end, and a little more. */
const LONGEST_MS = 2_500;
/** What is on its way when a program is killed has arrived by then. */
const ARRIVED_MS = 300;

afterAll(stopPrograms);

/** Kills an upload from a base, and runs it again. */
async function killOne(moment: number, inPlace: boolean, resume: boolean): Promise<string> {
	const world = await CopyingWorld.open("plain");
	try {
		const key = inPlace ? BASE_KEY : NEW_KEY;
		const args = ["upload", world.tree, world.url(key), "--base", world.url(BASE_KEY), "--ignore-ctime"];
		args.push("--method", "store", "--part-size", "5M", "--no-progress", ...(resume ? ["--resume"] : []));
		const { promise: reached, resolve } = deferred();
		let last = "nothing";
		world.hook = async ({ operation }) => {
			last = operation;
			resolve();
			await delay(LATE_MS);
			return undefined;
		};
		const program = startZipferry(args, { env: world.env });
		await Promise.race([reached, program.ended]);
		await Promise.race([delay(moment), program.ended]);
		program.kill("SIGKILL");
		const { exitCode: killed, stderr: said } = await program.ended;
		expect([null, 0], said).toContain(killed);
		const hit = killed === 0 ? "the end" : last;
		await delay(ARRIVED_MS);
		world.hook = () => undefined;
		const found = await world.held(BASE_KEY);
		expect(inPlace ? ["base", "archive"] : ["base"]).toContain(found);
		expect(["nothing", "base", "archive"]).toContain(await world.held(key));
		const left = await world.incompleteUploads();
		expect(left.length).toBeLessThanOrEqual(1);
		const { exitCode, stderr } = await zipferry(args, { env: world.env });
		expect(exitCode, stderr).toBe(0);
		expect(await world.held(key)).toBe("archive");
		if ((await world.incompleteUploads()).length > 0) {
			// Only what the run has told of, and not what it has resumed.
			expect(stderr).toMatch(/incomplete upload of this key was started/);
			const abort = ["uploads", world.url("night-"), "--abort", "--older-than", "0s"];
			const { exitCode: aborted, stderr: problem } = await zipferry(abort, { env: world.env });
			expect(aborted, problem).toBe(0);
		}
		expect(await world.incompleteUploads()).toEqual([]);
		expect(await world.keys()).toEqual(inPlace ? [BASE_KEY] : [BASE_KEY, NEW_KEY]);
		return hit;
	} finally {
		await world.close();
	}
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
	let resolve = () => {};
	const promise = new Promise<void>((done) => {
		resolve = done;
	});
	return { promise, resolve };
}

describe(`${COUNT} uploads from a base that are killed at random moments`, {
	timeout: 1_800_000,
	tags: "slow",
}, () => {
	it.each([
		["with --resume", true],
		["without --resume", false],
	] as const)(
		"leave the base as it was, and nothing behind the run that follows: %s",
		async (_how, resume) => {
			const random = seededRandom(SEED + Number(resume));
			const moments = Array.from({ length: COUNT }, () => random() * LONGEST_MS);
			const hits = new Map<string, number>();
			for (const [index, moment] of moments.entries()) {
				const hit = await killOne(moment, index % 2 === 1, resume);
				hits.set(hit, (hits.get(hit) ?? 0) + 1);
			}
			console.info(`seed ${SEED}, killed at ${JSON.stringify([...hits])}`);
		},
	);
});
