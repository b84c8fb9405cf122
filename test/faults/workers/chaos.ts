import { setTimeout as delay } from "node:timers/promises";
import type { Outcome } from "../../support/program.ts";
import { errorAnswer, htmlAnswer } from "../proxy/answer.ts";
import { answer, answerWhenDone, close, type Fault, hang, reset } from "../proxy/fault.ts";
import type { Rule } from "../proxy/plan.ts";
import { seededRandom } from "../proxy/random.ts";
import { ChaosCluster } from "./chaos-cluster.ts";

/** What a tenth of all requests to the storage meets. */
const FAULTS: readonly Fault[] = [
	reset("head"),
	reset("body"),
	reset("done"),
	reset("answer"),
	close("body"),
	hang("done"),
	answer(errorAnswer("InternalError")),
	answer(errorAnswer("SlowDown")),
	answer(htmlAnswer()),
	answerWhenDone(errorAnswer("InternalError")),
	{ type: "flip" },
	{ type: "late", delayMs: 300 },
];
const FAULT_RATE = 0.1;
/** A refusal that is final, so that some runs fail. */
const REFUSED: Rule = {
	operation: "UploadPart",
	probability: 0.003,
	fault: answer(errorAnswer("AccessDenied")),
};

const WORKERS = 3;
/** What is done to workers in a run, at most. */
const MAX_BLOWS = 4;
/** Of the blows, so many freeze a worker; others kill one. */
const FREEZE_RATE = 0.4;
/** Runs in which Redis is restarted. */
const RESTART_RATE = 0.4;
/** What a worker has that wakes up after the end, before it is dismissed. */
const AWAKE_MS = 3_000;
/** A run that takes longer hangs. */
const LIMIT_MS = 600_000;
/** Exit codes of failures that are told: by the storage, the network, the queue. */
const CLEAN_EXITS: readonly (number | null)[] = [4, 5, 6, 7];

export interface ChaosResult {
	readonly right: number;
	/** With one line, nothing published, and nothing left after an abort. */
	readonly cleanFailures: number;
	readonly wrong: number;
	readonly orphans: number;
	/** What was done, in numbers. */
	readonly done: Readonly<Record<"kills" | "freezes" | "restarts" | "requests" | "faults", number>>;
	/** What must not happen, one line each. */
	readonly violations: readonly string[];
}

/** Archives made by workers that are killed and frozen, of a storage that fails, with a queue that is restarted. */
export async function chaos(
	runs: number,
	seed: number,
	tell: (line: string) => void = () => {},
): Promise<ChaosResult> {
	const share = FAULT_RATE / FAULTS.length;
	const faults = FAULTS.map((fault, index) => ({ fault, probability: share / (1 - index * share) }));
	const cluster = await ChaosCluster.start({ rules: [REFUSED, ...faults], seed });
	const run = new ChaosRuns(cluster, seed, tell);
	try {
		await run.makeReference();
		for (let index = 0; index < runs; index++) await run.runOnce(index);
		return run.result;
	} finally {
		await cluster.close();
	}
}

class ChaosRuns {
	readonly #cluster: ChaosCluster;
	readonly #random: () => number;
	readonly #tell: (line: string) => void;
	readonly #violations: string[] = [];
	readonly #done = { kills: 0, freezes: 0, restarts: 0 };
	#right = 0;
	#cleanFailures = 0;
	#wrong = 0;
	#orphans = 0;
	/** Of the archive that nothing was done to. */
	#reference = "";
	#usualMs = 0;

	constructor(cluster: ChaosCluster, seed: number, tell: (line: string) => void) {
		this.#cluster = cluster;
		this.#random = seededRandom(seed + 1);
		this.#tell = tell;
	}

	/** Makes the archive while nobody is hurt; the storage fails as always, so it is tried a few times. */
	async makeReference(): Promise<void> {
		for (let attempt = 0; this.#reference === "" && attempt < 10; attempt++) {
			const startedAt = Date.now();
			this.#cluster.startWorker();
			const { exitCode } = await this.#cluster.submit(REFERENCE).ended;
			this.#usualMs = Date.now() - startedAt;
			await this.#cluster.dismiss();
			if (exitCode === 0) this.#reference = await this.#cluster.digestOf(REFERENCE);
			await this.#clear("the reference");
		}
		if (this.#reference === "") throw new Error("no archive can be made even while nobody is hurt");
	}

	async runOnce(index: number): Promise<void> {
		const key = `run-${index}.zip`;
		for (let worker = 0; worker < WORKERS; worker++) this.#cluster.startWorker();
		const submit = this.#cluster.submit(key);
		const stop = new AbortController();
		const hurting = this.#hurt(stop.signal);
		const tooLate = delay(LIMIT_MS, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
		const outcome = await Promise.race([submit.ended, tooLate]);
		stop.abort();
		await hurting;
		if (outcome === undefined) await submit.destroy();
		// Those who were frozen wake up now, long after the end of what they were doing, and go on with it.
		if (this.#cluster.thaw() > 0) await delay(AWAKE_MS);
		await this.#cluster.dismiss();
		const verdict = await this.#judge(key, outcome);
		this.#tell(`run ${index}: ${verdict}`);
	}

	get result(): ChaosResult {
		const { passed } = this.#cluster.world.proxy;
		const faults = passed.filter(({ fault }) => fault !== undefined).length;
		return {
			right: this.#right,
			cleanFailures: this.#cleanFailures,
			wrong: this.#wrong,
			orphans: this.#orphans,
			done: { ...this.#done, requests: passed.length, faults },
			violations: this.#violations,
		};
	}

	/** Kills and freezes workers, and restarts Redis, at random moments while a run is under way. */
	async #hurt(signal: AbortSignal): Promise<void> {
		const blows = Array.from({ length: 1 + Math.floor(this.#random() * MAX_BLOWS) }, () => ({
			atMs: this.#random() * this.#usualMs,
			act: this.#random() < FREEZE_RATE ? this.#freeze : this.#kill,
		}));
		if (this.#random() < RESTART_RATE)
			blows.push({ atMs: this.#random() * this.#usualMs, act: this.#restart });
		let now = 0;
		for (const { atMs, act } of blows.sort((a, b) => a.atMs - b.atMs)) {
			await delay(atMs - now, undefined, { signal }).catch(() => undefined); // the run is over
			if (signal.aborted) return;
			now = atMs;
			await act.call(this);
		}
	}

	async #kill(): Promise<void> {
		const victim = this.#victim();
		if (victim === undefined) return;
		victim.kill("SIGKILL");
		await victim.ended;
		this.#done.kills += 1;
		this.#cluster.startWorker();
	}

	async #freeze(): Promise<void> {
		const victim = this.#victim();
		if (victim === undefined) return;
		this.#cluster.freeze(victim);
		this.#done.freezes += 1;
		this.#cluster.startWorker();
	}

	async #restart(): Promise<void> {
		await this.#cluster.redis.restart("kept");
		this.#done.restarts += 1;
	}

	#victim() {
		const { awake } = this.#cluster;
		return awake[Math.floor(this.#random() * awake.length)];
	}

	async #judge(key: string, outcome: Outcome | undefined): Promise<string> {
		const { bucket } = this.#cluster.world;
		const isThere = (await bucket.keys()).includes(key);
		const isRight = isThere && (await this.#cluster.digestOf(key)) === this.#reference;
		if (isThere && !isRight) this.#wrong += 1;
		const said =
			outcome === undefined ? "it hangs" : `exit code ${outcome.exitCode}: ${outcome.stderr.trim()}`;
		if (outcome?.exitCode === 0) {
			if (isRight) this.#right += 1;
			else this.#violations.push(`${key}: success, but the archive is ${isThere ? "wrong" : "missing"}`);
			const left = (await bucket.keys()).filter((name) => name.startsWith(`${key}.`));
			if (left.length > 0) this.#violations.push(`${key}: success leaves ${left.join(" ")}`);
		} else {
			const isClean = outcome !== undefined && CLEAN_EXITS.includes(outcome.exitCode) && !isThere;
			if (isClean) this.#cleanFailures += 1;
			else this.#violations.push(`${key}: ${said}`);
		}
		await this.#clear(key);
		return said;
	}

	/** Aborts what is left of all plans; what is there afterwards is an orphan. */
	async #clear(what: string): Promise<void> {
		const { bucket } = this.#cluster.world;
		for (const manifest of (await bucket.keys()).filter((key) => key.endsWith("/manifest.json"))) {
			const { exitCode, stderr } = await this.#cluster.abort(manifest);
			if (exitCode !== 0) this.#violations.push(`${what}: abort ended with ${exitCode}: ${stderr}`);
		}
		for (const { Key, UploadId } of await bucket.uploads()) {
			this.#orphans += 1;
			this.#violations.push(`${what}: an upload of ${Key} is left, ${UploadId}`);
		}
		for (const key of (await bucket.keys()).filter((name) => name.includes(".zipferry-shards/"))) {
			this.#orphans += 1;
			this.#violations.push(`${what}: ${key} is left`);
		}
	}
}

const REFERENCE = "reference.zip";
