import { setTimeout as delay } from "node:timers/promises";
import type { TestArchive, TestArchives } from "./archive.ts";
import { type Ended, observe } from "./observe.ts";
import { type PlainTarget, plainUpload } from "./plain-upload.ts";
import { PREVIOUS_OBJECT, variantsOf } from "./run-scenario.ts";
import type { Scenario } from "./scenario.ts";
import { type Verdict, verdictOf } from "./verdict.ts";
import { withWorld } from "./with-world.ts";
import { type FaultWorld, KEY } from "./world.ts";

/** The world, as plain lib-storage has to know it. */
export function plainTarget({ server, endpoint, bucket, caFile }: FaultWorld): PlainTarget {
	const { region, credentials } = server;
	return { endpoint, region, credentials, bucket: bucket.name, key: KEY, caFile };
}

/** Without an end by then it counts as hung; its own retries take seconds. */
const LIMIT_MS = 20_000;

/** Lets a scenario happen to an upload by plain `@aws-sdk/lib-storage`. */
export async function runPlain(scenario: Scenario, archives: TestArchives): Promise<Verdict> {
	const { rules, wire, previous = "other", args = [] } = scenario;
	const archive = archives.of(scenario.archive ?? "parts");
	const { scheme } = variantsOf(scenario)[0];
	const certificate = scheme === "https" ? await archives.certificate() : undefined;
	const options = { rules, wire, certificate, previous: PREVIOUS_OBJECT[previous](archive) };
	return withWorld(options, async (world) => {
		const noClobber = args.includes("--no-clobber");
		const seen = await observe(world, archive, () => upload(world, archive, noClobber));
		const met = world.relay?.met === true || seen.passed.some(({ fault }) => fault !== undefined);
		return met || noClobber ? verdictOf(seen, previous) : "is not concerned";
	});
}

async function upload(world: FaultWorld, archive: TestArchive, noClobber: boolean): Promise<Ended> {
	const ended = plainUpload({ ...plainTarget(world), noClobber }, archive.bytes).then(
		(): Ended => ({ exitCode: 0, stdout: "", stderr: "" }),
		(error: unknown): Ended => ({ exitCode: 1, stdout: "", stderr: String(error) }),
	);
	const timeout = new AbortController();
	const tooLate = delay(LIMIT_MS, undefined, { signal: timeout.signal }).catch(() => undefined);
	const end = await Promise.race([ended, tooLate]);
	timeout.abort();
	return end ?? { exitCode: undefined, stdout: "", stderr: "" };
}
