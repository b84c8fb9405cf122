import { setTimeout as delay } from "node:timers/promises";
import type { ArchiveRecord } from "../../src/backup/archives/archive-facts.ts";
import { startZipferry } from "../cli/zipferry.ts";
import type { TestArchive, TestArchives } from "./archive.ts";
import type { Rule } from "./proxy/plan.ts";
import { seededRandom } from "./proxy/random.ts";
import { runZipferry, useCredentials } from "./run-zipferry.ts";
import { SOAK_TIMES, soakRules } from "./soak.ts";
import { FaultWorld } from "./world.ts";

/** Archives that the policy of every job keeps. */
const KEPT = 2;
const LANES = 4;
const LIMIT_MS = 90_000;
const EXISTS = 9;
const LOCKED = 8;

export interface BackupSoakResult {
	readonly succeeded: number;
	readonly failed: number;
	readonly removed: number;
	/** What must not happen, one line each. */
	readonly violations: readonly string[];
}

/** An archive as it lies in the bucket. */
interface Seen {
	readonly key: string;
	readonly verified: boolean;
	readonly complete: boolean;
}

interface Run {
	readonly exitCode: number | null | undefined;
	readonly stderr: string;
}

/** Whole runs, four jobs at once, over a network where a fifth of all requests meets a fault. */
export function soakBackups(count: number, seed: number, archives: TestArchives): Promise<BackupSoakResult> {
	return soakJobs(
		count,
		{ rules: soakRules(), seed },
		archives,
		async (args) => await runZipferry(args, LIMIT_MS),
	);
}

/** Whole runs that are killed at a random moment each. */
export function killBackups(count: number, seed: number, archives: TestArchives): Promise<BackupSoakResult> {
	const random = seededRandom(seed);
	return soakJobs(count, { rules: [], seed }, archives, async (args, world, { prefix, usualMs }) => {
		const requests = () => world.proxy.passed.filter(({ key }) => key.startsWith(prefix)).length;
		const before = requests();
		let hasEnded = false;
		const program = startZipferry(args, { env: world.env });
		void program.ended.then(() => {
			hasEnded = true;
		});
		while (requests() === before && !hasEnded) await delay(10);
		await Promise.race([delay(random() * 2 * usualMs), program.ended]);
		program.kill("SIGKILL");
		return await program.ended;
	});
}

async function soakJobs(
	count: number,
	{ rules, seed }: { readonly rules: readonly Rule[]; readonly seed: number },
	archives: TestArchives,
	run: (args: readonly string[], world: FaultWorld, job: SoakedJob) => Promise<Run>,
): Promise<BackupSoakResult> {
	const world = await FaultWorld.open({ rules, seed, previous: undefined });
	try {
		useCredentials(world);
		const jobs = Array.from({ length: LANES }, (_, lane) => new SoakedJob(world, archives, lane));
		// There has to be something to lose.
		if (rules.length === 0) for (const job of jobs) for (let run = 0; run < KEPT; run++) await job.runWell();
		let left = count;
		await Promise.all(
			jobs.map(async (job) => {
				while (left-- > 0) await job.runOnce((args) => run(args, world, job));
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

/** A job whose bucket is looked at before and after each run, past all faults. */
class SoakedJob {
	readonly #world: FaultWorld;
	readonly #archive: TestArchive;
	readonly prefix: string;
	readonly violations: string[] = [];
	succeeded = 0;
	failed = 0;
	removed = 0;
	/** How long a run takes that is well. */
	usualMs = 0;
	/** Verified archives that there have been at least, up to those that are kept. */
	#good = 0;
	#second = 0;

	constructor(world: FaultWorld, archives: TestArchives, lane: number) {
		this.#world = world;
		this.#archive = archives.of(lane % 2 === 0 ? "parts" : "small");
		this.prefix = `job-${lane}/`;
	}

	async runOnce(run: (args: readonly string[]) => Promise<Run>): Promise<void> {
		await this.#nextSecond();
		const before = await this.#look();
		const { exitCode, stderr } = await run(this.#arguments());
		const after = await this.#look();
		this.#good = Math.max(this.#good, Math.min(KEPT, after.filter(({ verified }) => verified).length));
		if (exitCode === 0) this.succeeded += 1;
		else this.failed += 1;
		this.#check(before, after, exitCode, stderr);
	}

	/** A run without faults is well, whatever was left to it, and leaves nothing but its archives. */
	async runWell(): Promise<void> {
		await this.#nextSecond();
		const start = performance.now();
		const { exitCode, stderr } = await runZipferry(this.#arguments(), LIMIT_MS);
		this.usualMs = performance.now() - start;
		if (exitCode !== 0) this.violations.push(`${this.prefix}: exit code ${exitCode} at last: ${stderr}`);
		const archives = await this.#look();
		const good = archives.filter(({ verified }) => verified);
		this.#good = Math.min(KEPT, Math.max(this.#good + 1, good.length));
		if (good.length < this.#good)
			this.violations.push(`${this.prefix}: only ${good.length} verified archives are left`);
		const keys = await this.#world.bucket.keys(this.prefix);
		for (const key of keys.filter((one) => one.endsWith(".record.json"))) {
			if (!keys.includes(key.replace(/\.record\.json$/, ""))) this.violations.push(`${key} is left alone`);
		}
	}

	#arguments(): readonly string[] {
		const target = `s3://${this.#world.bucket.name}/${this.prefix}%Y-%m-%dT%H-%M-%SZ.zip`;
		return [
			...["backup", this.#archive.directory, target, "--keep-last", String(KEPT), "--quiet"],
			...["--endpoint-url", this.#world.endpoint, "--part-size", "5M", ...SOAK_TIMES],
		];
	}

	#check(before: readonly Seen[], after: readonly Seen[], exitCode: Run["exitCode"], stderr: string): void {
		const say = (problem: string) =>
			this.violations.push(`${this.prefix}: ${problem}, exit code ${exitCode}: ${stderr}`);
		if (exitCode === undefined) say("a run hangs");
		if (exitCode === LOCKED || exitCode === EXISTS) say("a run was locked out");
		for (const { key, complete } of after) if (!complete) say(`${key} is not complete`);
		const there = new Set(after.map(({ key }) => key));
		for (const { key } of before.filter((archive) => !there.has(archive.key))) {
			this.removed += 1;
			const newer = after.filter((archive) => archive.verified && archive.key > key);
			if (newer.length < KEPT)
				say(`${key} was removed, and only ${newer.length} newer verified ones are there`);
		}
		if (exitCode === 0 && !after.at(-1)?.verified) say("a run has succeeded without a verified archive");
	}

	/** The archives of the job, the oldest first. */
	async #look(): Promise<readonly Seen[]> {
		const { bucket } = this.#world;
		const keys = await bucket.keys(this.prefix);
		const archives = keys.filter((key) => key.endsWith(".zip")).sort();
		return await Promise.all(
			archives.map(async (key) => ({
				key,
				complete: (await this.#world.storedObject(this.#archive, key)) === "new",
				verified: keys.includes(`${key}.record.json`) && (await this.#isVerified(`${key}.record.json`)),
			})),
		);
	}

	async #isVerified(key: string): Promise<boolean> {
		const record = JSON.parse((await this.#world.bucket.read(key)).toString()) as ArchiveRecord; // of this version
		return record.verified.length > 0;
	}

	/** Each second has one key. */
	async #nextSecond(): Promise<void> {
		while (Math.floor(Date.now() / 1_000) === this.#second) await delay(50);
		this.#second = Math.floor(Date.now() / 1_000);
	}
}
