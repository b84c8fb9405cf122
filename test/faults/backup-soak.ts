import { setTimeout as delay } from "node:timers/promises";
import { startZipferry } from "../cli/zipferry.ts";
import type { TestArchives } from "./archive.ts";
import type { Rule } from "./proxy/plan.ts";
import { seededRandom } from "./proxy/random.ts";
import { runZipferry, useCredentials } from "./run-zipferry.ts";
import { soakRules } from "./soak.ts";
import { KEPT, LIMIT_MS, type Run, SoakedJob } from "./soaked-job.ts";
import { FaultWorld } from "./world.ts";

const LANES = 4;
/** Of a kill, after its request. */
const LATEST_KILL_MS = 15;

export interface BackupSoakResult {
	readonly succeeded: number;
	readonly failed: number;
	readonly removed: number;
	/** What must not happen, one line each. */
	readonly violations: readonly string[];
}

interface Soak {
	readonly rules: readonly Rule[];
	readonly run: (job: SoakedJob, world: FaultWorld) => Promise<Run>;
}

/** Whole runs, four jobs at once, over a network where a fifth of all requests meets a fault. */
export function soakBackups(count: number, seed: number, archives: TestArchives): Promise<BackupSoakResult> {
	const run = ({ args }: SoakedJob) => runZipferry(args, LIMIT_MS);
	return soakJobs(count, seed, archives, { rules: soakRules(), run });
}

/** Whole runs that are killed at a random request each, or shortly after it. */
export function killBackups(count: number, seed: number, archives: TestArchives): Promise<BackupSoakResult> {
	const random = seededRandom(seed);
	const run = async (job: SoakedJob, { env }: FaultWorld): Promise<Run> => {
		const last = job.requestCount + Math.ceil(random() * job.usualRequests);
		const program = startZipferry(job.args, { env });
		await job.reaches(() => job.requestCount >= last, program.ended);
		await Promise.race([delay(random() * LATEST_KILL_MS), program.ended]);
		program.kill("SIGKILL");
		return await program.ended;
	};
	return soakJobs(count, seed, archives, { rules: [], run });
}

/** Whole runs whose lease another machine takes over: before the archive is published, or before older ones go. */
export function stealLeases(count: number, seed: number, archives: TestArchives): Promise<BackupSoakResult> {
	const random = seededRandom(seed);
	const run = async (job: SoakedJob): Promise<Run> => {
		const wanted = job.leaseWrites + (random() < 0.5 ? 1 : 2);
		const running = runZipferry(job.args, LIMIT_MS);
		await job.reaches(() => job.leaseWrites >= wanted, running);
		await job.stealLease();
		return await running;
	};
	return soakJobs(count, seed, archives, { rules: [], run });
}

async function soakJobs(
	count: number,
	seed: number,
	archives: TestArchives,
	{ rules, run }: Soak,
): Promise<BackupSoakResult> {
	const world = await FaultWorld.open({ rules, seed, previous: undefined });
	try {
		useCredentials(world);
		const jobs = Array.from({ length: LANES }, (_, lane) => new SoakedJob(world, archives, lane));
		// There has to be something to lose, and the last of them to remove something.
		if (rules.length === 0) for (const job of jobs) for (let run = 0; run <= KEPT; run++) await job.runWell();
		let left = count;
		await Promise.all(
			jobs.map(async (job) => {
				while (left-- > 0) await job.runOnce(() => run(job, world));
			}),
		);
		world.proxy.stopFaults();
		for (const job of jobs) await job.runWell();
		const uploads = await world.bucket.uploads();
		const orphans = uploads.map(({ Key }) => `an incomplete upload of ${Key} is left`);
		const sum = (of: (job: SoakedJob) => number) => jobs.reduce((total, job) => total + of(job), 0);
		return {
			succeeded: sum((job) => job.succeeded),
			failed: sum((job) => job.failed),
			removed: sum((job) => job.removed),
			violations: [...jobs.flatMap((job) => job.violations), ...orphans],
		};
	} finally {
		await world.close();
	}
}
