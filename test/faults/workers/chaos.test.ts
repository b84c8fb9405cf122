import { afterAll, describe, expect, it } from "vitest";
import { stopPrograms } from "../../support/program.ts";
import { hasRedis } from "../../support/redis.ts";
import { chaos } from "./chaos.ts";

/** `npm run test:soak` does all of them. */
const RUNS = process.env["ZIPFERRY_TEST_SOAK"] === "full" ? 30 : 2;
const SEED = Number(process.env["ZIPFERRY_TEST_SEED"] ?? 20_261_119);

afterAll(stopPrograms);

describe.skipIf(!hasRedis("one archive by many workers in chaos"))("archives by many workers", () => {
	it(`are right or fail cleanly, ${RUNS} times, whoever is killed, frozen or restarted, with a fault in every tenth request`, {
		timeout: 1_800_000 + RUNS * 60_000,
		tags: "slow",
	}, async () => {
		const { violations, right, wrong, orphans, cleanFailures, done } = await chaos(RUNS, SEED, console.info);
		console.info(
			`seed ${SEED}: ${right} right, ${cleanFailures} clean failures, ${wrong} wrong, ${orphans} orphans; ${JSON.stringify(done)}`,
		);
		expect(violations).toEqual([]);
		expect({ wrong, orphans, ended: right + cleanFailures }).toEqual({ wrong: 0, orphans: 0, ended: RUNS });
		expect(right).toBeGreaterThan(RUNS / 3);
	});
});
