import { hostname } from "node:os";
import { abortLater } from "../../async/abort-later.ts";
import { abortable } from "../../async/abortable.ts";
import { withOwnSignal } from "../../async/any-signal.ts";
import type { BackupArchive } from "../archives/archive-facts.ts";
import type { BackupJob } from "../job.ts";
import type { RunArchive, RunReport } from "../run-report.ts";
import type { Occasion } from "../tell/tell-settings.ts";
import { type Fingerprint, isUnchanged } from "./fingerprint.ts";
import { publishedArchive, unchangedArchive } from "./run-archive.ts";
import type { RunEventListener, RunStage } from "./run-events.ts";
import type { Held, HeldLease, RunParts } from "./run-parts.ts";
import { RunState, type RunWords } from "./run-state.ts";

/** How long telling of a run that was stopped may take. */
const LAST_TELL_MS = 10_000;
/** How long the hooks of a run that was stopped may take, and giving locks back. */
const LAST_HOOKS_MS = 60_000;

export interface RunBackupOptions {
	readonly words: RunWords;
	readonly signal?: AbortSignal | undefined;
	readonly onEvent?: RunEventListener | undefined;
	/** For the report; by default the time of the call. */
	readonly startedAt?: Date | undefined;
	/** The clock: which time the key gets when the upload begins, when the archive was verified, from when retention counts. */
	readonly now?: (() => Date) | undefined;
	/** What to do it with. */
	readonly parts: (job: BackupJob, context: RunContext) => Promise<RunParts>;
}

/** What the parts of a run need to know of it. */
export interface RunContext {
	readonly startedAt: Date;
	readonly now: () => Date;
	readonly signal: AbortSignal | undefined;
	/** Warnings become part of the report. */
	readonly onEvent: RunEventListener;
}

/**
 * Runs a job once: makes the archive, sends it, has it read back, and only then removes what the policy drops. Whatever
 * fails, nothing older is touched after it.
 *
 * @returns how it went; it does not reject
 */
export function runBackup(job: BackupJob, options: RunBackupOptions): Promise<RunReport> {
	return withOwnSignal(options, (own) => runOnce(job, own));
}

async function runOnce(job: BackupJob, options: RunBackupOptions): Promise<RunReport> {
	const { signal, words, onEvent, now = () => new Date(), startedAt = now() } = options;
	const state = new RunState({ job: job.name, host: hostname(), startedAt }, words, onEvent);
	let parts: RunParts | undefined;
	try {
		const opened = await options.parts(job, { startedAt, now, signal, onEvent: state.onEvent });
		parts = opened;
		await new Run(job, opened, state, now, signal).go();
	} catch (error) {
		state.fail(error); // nobody could be told
	} finally {
		parts?.close();
	}
	const { report } = state;
	state.onEvent({ type: "run-ended", report });
	return report;
}

/** One run, from its lock to its release. */
class Run {
	readonly #job: BackupJob;
	readonly #parts: RunParts;
	readonly #state: RunState;
	readonly #now: () => Date;
	readonly #signal: AbortSignal | undefined;

	constructor(
		job: BackupJob,
		parts: RunParts,
		state: RunState,
		now: () => Date,
		signal: AbortSignal | undefined,
	) {
		this.#job = job;
		this.#parts = parts;
		this.#state = state;
		this.#now = now;
		this.#signal = signal;
	}

	async go(): Promise<void> {
		let lock: Held;
		try {
			this.#begin("lock");
			lock = await this.#parts.lock();
		} catch (error) {
			// Hooks are for the run that has the lock: they would undo what it relies on.
			this.#state.fail(error);
			await this.#tell("failure");
			return;
		}
		try {
			await this.#locked();
		} finally {
			await lock.release();
		}
	}

	async #locked(): Promise<void> {
		let lease: HeldLease | undefined;
		try {
			this.#begin("lease");
			lease = this.#job.lease ? await this.#parts.lease() : undefined;
			await this.#backUp(lease);
			this.#state.succeed();
		} catch (error) {
			this.#state.fail(error);
			await this.#lastHooks("failed");
		}
		this.#stage("tell");
		await this.#tell(this.#state.report.status === "failure" ? "failure" : "success");
		await this.#lastHooks("finally");
		await lease
			?.release()
			.catch((error: unknown) => this.#state.warn("LEASE_LEFT", "the lease could not be given back", error));
	}

	/** Throws as soon as anything fails, and nothing that is behind it is done. */
	async #backUp(lease: HeldLease | undefined): Promise<void> {
		const parts = this.#parts;
		const check = async () => {
			this.#signal?.throwIfAborted();
			await lease?.check();
		};
		this.#begin("start");
		await this.#tell("start");
		await this.#hooks("before");
		const fingerprint = await this.#takeFingerprint();
		const same = await this.#findUnchanged(fingerprint);
		if (same !== undefined) this.#state.unchanged(same);
		else await this.#upload(fingerprint, check, lease !== undefined);
		await this.#hooks("after");
		if (this.#job.objectLock !== undefined) {
			this.#begin("object-lock");
			await parts.lockObjects();
		}
		await this.#retain(check);
	}

	async #takeFingerprint(): Promise<Fingerprint | undefined> {
		if (!this.#job.skipIfUnchanged) return undefined;
		this.#begin("compare");
		return await this.#parts.fingerprint();
	}

	async #findUnchanged(fingerprint: Fingerprint | undefined): Promise<RunArchive | undefined> {
		if (fingerprint === undefined) return undefined;
		const newest = await this.#parts.newest();
		if (newest === undefined || !isUnchanged(fingerprint, newest)) return undefined;
		const same = unchangedArchive(this.#job.template, newest, fingerprint);
		// A job that wants content to be read back cannot do with less.
		return this.#job.verify === "content" && same.verified !== "content" ? undefined : same;
	}

	async #upload(
		fingerprint: Fingerprint | undefined,
		check: () => Promise<void>,
		alone: boolean,
	): Promise<void> {
		this.#begin("upload");
		if (this.#job.objectLock !== undefined) await this.#parts.checkLocks();
		// Who was stopped for so long that another run has begun would remove what that one is sending.
		if (alone) await check();
		await this.#parts.sweep(alone);
		// Now, and not when the run began to wait for another one, whose archive it would stand before.
		const { bucket, keyAt } = this.#job.template;
		const key = keyAt(this.#now());
		this.#state.onEvent({ type: "run-archive", bucket, key });
		const base = await this.#findBase(alone);
		const result = await this.#parts.upload({ key, fingerprint, base, beforeComplete: check });
		const archive = publishedArchive(result, this.#job.verify, base);
		this.#state.published(archive);
		this.#begin("record");
		await this.#parts.record(archive, this.#state.isIncomplete);
	}

	/** Says why there is none, where there could be one. */
	async #findBase(alone: boolean): Promise<BackupArchive | undefined> {
		if (this.#job.rolling === undefined) return undefined;
		const choice = await this.#parts.base(alone);
		if (choice.type === "base") return choice.archive;
		const message = `${choice.reason}; all of the archive is made and sent`;
		if (choice.type === "full") this.#state.onEvent({ type: "run-note", message });
		else this.#state.warn("BASE_NOT_USED", message);
		return undefined;
	}

	async #retain(check: () => Promise<void>): Promise<void> {
		if (this.#job.keep === undefined) return;
		if (this.#state.isIncomplete) {
			this.#state.warn(
				"RETENTION_SKIPPED",
				"some sources could not be read, so no older archive was removed: it may have what this one lacks",
			);
			return;
		}
		this.#begin("retention");
		this.#state.retained(await this.#parts.retain(check));
	}

	async #hooks(name: "before" | "after"): Promise<void> {
		if (this.#job.hooks[name].length === 0) return;
		this.#begin(name);
		await this.#parts.hooks(name, this.#state.report, this.#signal);
	}

	/** Hooks that run in any case; that they fail is worth a warning. */
	async #lastHooks(name: "failed" | "finally"): Promise<void> {
		if (this.#job.hooks[name].length === 0) return;
		this.#stage(name === "finally" ? "finally" : "tell");
		try {
			await this.#parts.hooks(name, this.#state.report, abortLater(this.#signal, LAST_HOOKS_MS));
		} catch (error) {
			this.#state.warn("HOOK_FAILED", undefined, error);
		}
	}

	async #tell(occasion: Occasion): Promise<void> {
		const signal = abortLater(this.#signal, LAST_TELL_MS);
		try {
			const warnings = await abortable(this.#parts.tell(occasion, this.#state.report, signal), signal);
			for (const warning of warnings) this.#state.onEvent({ type: "warning", ...warning });
		} catch (error) {
			this.#state.warn("NOT_TOLD", `nobody could be told of the ${occasion} of the run`, error);
		}
	}

	/** A stage that a stop keeps from beginning. */
	#begin(stage: RunStage): void {
		this.#signal?.throwIfAborted();
		this.#stage(stage);
	}

	#stage(stage: RunStage): void {
		this.#state.onEvent({ type: "run-stage", stage });
	}
}
