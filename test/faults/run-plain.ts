import { setTimeout as delay } from "node:timers/promises";
import type { TestArchive, TestArchives } from "./archive.ts";
import { type Ended, observe } from "./observe.ts";
import { plainUpload } from "./plain-upload.ts";
import { PREVIOUS_OBJECT } from "./run-scenario.ts";
import type { Scenario } from "./scenario.ts";
import { type Verdict, verdictOf } from "./verdict.ts";
import { withWorld } from "./with-world.ts";
import { type FaultWorld, KEY } from "./world.ts";

/** Without an end by then it counts as hung; its own retries take seconds. */
const LIMIT_MS = 20_000;

/** Lets a scenario happen to an upload by plain `@aws-sdk/lib-storage`. */
export async function runPlain(scenario: Scenario, archives: TestArchives): Promise<Verdict> {
	const { rules, previous = "other", args = [] } = scenario;
	const archive = archives.of(scenario.archive ?? "parts");
	return withWorld({ rules, previous: PREVIOUS_OBJECT[previous](archive) }, async (world) => {
		const noClobber = args.includes("--no-clobber");
		const seen = await observe(world, archive, () => upload(world, archive, noClobber));
		const met = seen.passed.some(({ fault }) => fault !== undefined);
		return met || noClobber ? verdictOf(seen, previous) : "is not concerned";
	});
}

async function upload(world: FaultWorld, archive: TestArchive, noClobber: boolean): Promise<Ended> {
	const { region, credentials } = world.server;
	const target = { endpoint: world.proxy.endpoint, region, credentials, bucket: world.bucket.name, key: KEY };
	const ended = plainUpload({ ...target, noClobber }, archive.bytes).then(
		(): Ended => ({ exitCode: 0, stdout: "", stderr: "" }),
		(error: unknown): Ended => ({ exitCode: 1, stdout: "", stderr: String(error) }),
	);
	const timeout = new AbortController();
	const tooLate = delay(LIMIT_MS, undefined, { signal: timeout.signal }).catch(() => undefined);
	const end = await Promise.race([ended, tooLate]);
	timeout.abort();
	return end ?? { exitCode: undefined, stdout: "", stderr: "" };
}
