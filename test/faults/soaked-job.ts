import { setTimeout as delay } from "node:timers/promises";
import type { ArchiveRecord } from "../../src/backup/archives/archive-facts.ts";
import type { Lease } from "../../src/backup/lock/lease-document.ts";
import type { TestArchive, TestArchives } from "./archive.ts";
import { patientTimes, runZipferry } from "./run-zipferry.ts";
import { soakTimes } from "./soak.ts";
import type { FaultWorld } from "./world.ts";

/** Archives that the policy of every job keeps. */
export const KEPT = 2;
export const LIMIT_MS = 90_000;
const EXISTS = 9;
const LOCKED = 8;
const LEASE_SUFFIX = ".lease.json";

/** An archive as it lies in the bucket. */
interface Seen {
	readonly key: string;
	readonly verified: boolean;
	readonly complete: boolean;
}

/** How a run has ended; without an exit code, it hangs or was killed. */
export interface Run {
	readonly exitCode: number | null | undefined;
	readonly stderr: string;
}

/** A job whose bucket is looked at before and after each run, past all faults. */
export class SoakedJob {
	readonly #world: FaultWorld;
	readonly #archive: TestArchive;
	readonly prefix: string;
	readonly violations: string[] = [];
	succeeded = 0;
	failed = 0;
	removed = 0;
	/** Requests about its keys that a run makes which is well. */
	usualRequests = 0;
	/** Verified archives that there have been at least, up to those that are kept. */
	#good = 0;
	/** In which the last run has ended, since 1970. */
	#second = 0;
	/** Writes of the lease by the run that is under way, until it was stolen; `undefined` if it was not. */
	#writesBeforeTheft: number | undefined;

	constructor(world: FaultWorld, archives: TestArchives, lane: number) {
		this.#world = world;
		this.#archive = archives.of(lane % 2 === 0 ? "parts" : "small");
		this.prefix = `job-${lane}/`;
	}

	/** Requests about its keys so far. */
	get requestCount(): number {
		return this.#world.proxy.passed.filter(({ key }) => key.startsWith(this.prefix)).length;
	}

	/** Writes of its lease so far: one takes it, one each checks it, and one gives it back. */
	get leaseWrites(): number {
		const { passed } = this.#world.proxy;
		return passed.filter(
			({ key, operation }) =>
				operation === "PutObject" && key.startsWith(this.prefix) && key.endsWith(LEASE_SUFFIX),
		).length;
	}

	/** Waits until that is so, or the run has ended. */
	async reaches(isThere: () => boolean, run: Promise<unknown>): Promise<void> {
		let hasEnded = false;
		const end = () => {
			hasEnded = true;
		};
		run.then(end, end); // whoever has started it hears how
		while (!isThere() && !hasEnded) await delay(2);
	}

	/** What another machine does that has taken this one for dead. */
	async stealLease(): Promise<void> {
		const [key] = await this.#leases();
		if (key === undefined) return;
		const lease = { version: 1, id: "another", durationMs: 300_000, released: false, host: "elsewhere" };
		await this.#world.bucket.put(key, JSON.stringify(lease));
		this.#writesBeforeTheft = this.leaseWrites;
	}

	async runOnce(run: () => Promise<Run>): Promise<void> {
		await this.#nextSecond();
		const before = await this.#look();
		const writes = this.leaseWrites;
		this.#writesBeforeTheft = undefined;
		const { exitCode, stderr } = await this.#ended(run());
		const after = await this.#look();
		// Its first write takes the lease, the others check it.
		if (this.#writesBeforeTheft !== undefined) {
			this.#checkStolen(before, after, this.#writesBeforeTheft - writes - 1, { exitCode, stderr });
			for (const key of await this.#leases()) await this.#world.bucket.delete(key);
		}
		this.#good = Math.max(this.#good, Math.min(KEPT, after.filter(({ verified }) => verified).length));
		if (exitCode === 0) this.succeeded += 1;
		else this.failed += 1;
		this.#check(before, after, exitCode, stderr);
	}

	/** A run without faults is well, whatever was left to it, and leaves nothing but its archives. */
	async runWell(): Promise<void> {
		await this.#nextSecond();
		const { requestCount } = this;
		const { exitCode, stderr } = await this.#ended(runZipferry(this.#argsWith(patientTimes()), LIMIT_MS));
		this.usualRequests = this.requestCount - requestCount;
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
		for (const key of await this.#leases()) {
			const { released } = JSON.parse((await this.#world.bucket.read(key)).toString()) as Lease; // of this version
			if (!released) this.violations.push(`${key} was not given back`);
		}
	}

	get args(): readonly string[] {
		return this.#argsWith(soakTimes());
	}

	#argsWith(times: readonly string[]): readonly string[] {
		const target = `s3://${this.#world.bucket.name}/${this.prefix}%Y-%m-%dT%H-%M-%SZ.zip`;
		return [
			...["backup", this.#archive.directory, target, "--keep-last", String(KEPT), "--quiet"],
			...["--endpoint-url", this.#world.endpoint, "--part-size", "5M", ...times],
		];
	}

	#check(before: readonly Seen[], after: readonly Seen[], exitCode: Run["exitCode"], stderr: string): void {
		const say = (problem: string) =>
			this.violations.push(`${this.prefix}: ${problem}, exit code ${exitCode}: ${stderr}`);
		if (exitCode === undefined) say("a run hangs");
		const isStolen = this.#writesBeforeTheft !== undefined;
		if (exitCode === EXISTS || (exitCode === LOCKED && !isStolen)) say("a run was locked out");
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

	/** A run publishes nothing and removes nothing behind a check that has failed. */
	#checkStolen(before: readonly Seen[], after: readonly Seen[], checks: number, run: Run): void {
		const say = (problem: string) =>
			this.violations.push(`${this.prefix}: ${problem} without its lease, exit code ${run.exitCode}`);
		const had = new Set(before.map(({ key }) => key));
		const there = new Set(after.map(({ key }) => key));
		if (checks < 1 && run.exitCode !== LOCKED) say("a run went on");
		if (checks < 1 && after.some(({ key }) => !had.has(key))) say("a run has published");
		if (checks < 2 && before.some(({ key }) => !there.has(key))) say("a run has removed archives");
	}

	async #leases(): Promise<readonly string[]> {
		return (await this.#world.bucket.keys(this.prefix)).filter((key) => key.endsWith(LEASE_SUFFIX));
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
		const text = (await this.#world.bucket.read(key)).toString();
		try {
			const record = JSON.parse(text) as ArchiveRecord; // of this version
			return record.verified.length > 0;
		} catch {
			return false; // damaged on its way
		}
	}

	/** Each second has one key, and a run takes that of some time before its end. */
	async #nextSecond(): Promise<void> {
		while (Math.floor(Date.now() / 1_000) === this.#second) await delay(50);
	}

	async #ended(run: Promise<Run>): Promise<Run> {
		const ended = await run;
		this.#second = Math.floor(Date.now() / 1_000);
		return ended;
	}
}
