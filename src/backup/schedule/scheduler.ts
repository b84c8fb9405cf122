import { onAbort } from "../../async/abort-listeners.ts";
import { underAnySignal } from "../../async/any-signal.ts";
import { messageOf } from "../../errors.ts";
import { type Clock, waitUntil } from "./clock.ts";
import { JobRuns, type PlannedRun } from "./job-runs.ts";
import type { ScheduledJob, ScheduleEvent } from "./scheduled-job.ts";
import type { ScheduleState } from "./state/schedule-state.ts";
import type { StateFile } from "./state/state-file.ts";

/** What a schedule needs of the world. */
export interface SchedulerOptions {
	readonly clock: Clock;
	readonly stateFile: StateFile;
	readonly onEvent: (event: ScheduleEvent) => void;
	/** From 0 up to 1. */
	readonly random: () => number;
}

/** A run that begins this much later than it was to, milliseconds, was missed and is caught up. */
const LATE_MS = 120_000;

/**
 * Runs jobs when they are due, in one long-lived process. Jobs run independently of each other, as the lines of a
 * crontab; a job never runs beside itself.
 */
export class Scheduler {
	readonly #options: SchedulerOptions;
	readonly #runs = new Map<string, JobRuns>();
	/** Aborts waits, so that they see what has changed. */
	#changed = new AbortController();
	readonly #following = new Map<JobRuns, Promise<void>>();
	/** Aborted by an error that nobody has foreseen. */
	readonly #failed = new AbortController();
	/** Of the schedule as a whole, once it runs. */
	#signal: AbortSignal | undefined;

	constructor(options: SchedulerOptions) {
		this.#options = options;
	}

	get runs(): readonly JobRuns[] {
		return [...this.#runs.values()].filter(({ removed }) => !removed);
	}

	/**
	 * Resolves when the signal has aborted and every run has ended.
	 *
	 * @throws {DestinationError} if the state cannot be written from the beginning
	 */
	async run(jobs: readonly ScheduledJob[], signal: AbortSignal): Promise<void> {
		this.#take(jobs, (await this.#readState())?.jobs);
		await this.#options.stateFile.write(this.#state());
		await underAnySignal([signal, this.#failed.signal], async (until) => {
			this.#signal = until;
			this.#followAll();
			await new Promise<void>((resolve) => onAbort(until, () => resolve()));
			await Promise.all(this.#following.values());
		});
		if (this.#failed.signal.aborted) throw this.#failed.signal.reason;
	}

	/** Takes the jobs of another config. Runs that go on are left to themselves. */
	replace(jobs: readonly ScheduledJob[]): void {
		this.#take(jobs);
		this.#changed.abort();
		this.#changed = new AbortController();
		this.#followAll();
		void this.#save();
	}

	async #readState(): Promise<ScheduleState | undefined> {
		try {
			return await this.#options.stateFile.read();
		} catch (error) {
			this.#options.onEvent({ type: "state-problem", message: messageOf(error) });
			return undefined;
		}
	}

	/** @param known - What the process before has left. */
	#take(jobs: readonly ScheduledJob[], known: ScheduleState["jobs"] = {}): void {
		const now = this.#options.clock.now();
		const names = new Set(jobs.map(({ name }) => name));
		for (const [name, runs] of this.#runs) runs.removed = !names.has(name);
		for (const job of jobs) {
			const runs = this.#runs.get(job.name);
			const state = Object.hasOwn(known, job.name) ? known[job.name] : undefined;
			if (runs === undefined) this.#runs.set(job.name, new JobRuns(job, state, now));
			else runs.replace(job, now);
		}
	}

	#followAll(): void {
		const signal = this.#signal;
		if (signal === undefined || signal.aborted) return;
		for (const runs of this.#runs.values()) {
			if (this.#following.has(runs)) continue;
			const followed = this.#follow(runs, signal)
				.catch((error: unknown) => this.#failed.abort(error))
				.finally(() => {
					this.#following.delete(runs);
					// It may have come back meanwhile.
					if (runs.removed) this.#runs.delete(runs.job.name);
					else this.#followAll();
				});
			this.#following.set(runs, followed);
		}
	}

	async #follow(runs: JobRuns, signal: AbortSignal): Promise<void> {
		const { clock, onEvent, random } = this.#options;
		const { name } = runs.job;
		const { due } = runs;
		if (due !== undefined && runs.giveUp(clock.now())) {
			onEvent({ type: "given-up", job: name, due });
			await this.#save();
		}
		while (!signal.aborted && !runs.removed) {
			const planned = runs.plan(clock.now(), random);
			onEvent({ type: "scheduled", job: name, due: planned?.due });
			if (await this.#comes(planned, runs, signal)) await this.#perform(planned, runs, signal);
		}
	}

	/** Waits for the start of a run; `false` if anything else has happened meanwhile. */
	async #comes(planned: PlannedRun | undefined, runs: JobRuns, signal: AbortSignal): Promise<boolean> {
		const { clock, onEvent } = this.#options;
		const changed = this.#changed.signal;
		return await underAnySignal([signal, changed], async (until) => {
			try {
				const time = planned?.startsAt ?? Number.POSITIVE_INFINITY;
				return await waitUntil(time, clock, until, (now) => {
					const from = new Date(runs.state.handledUpTo);
					if (!runs.wasPutBack(now)) return true;
					onEvent({ type: "clock-put-back", job: runs.job.name, from, to: new Date(now) });
					return false;
				});
			} catch (error) {
				if (until.aborted) return false;
				throw error;
			}
		});
	}

	async #perform(planned: PlannedRun | undefined, runs: JobRuns, signal: AbortSignal): Promise<void> {
		if (planned === undefined) return;
		const { clock, onEvent } = this.#options;
		const { job } = runs;
		const { due } = planned;
		runs.begin(planned, clock.now());
		await this.#save();
		const late = clock.now() - due.getTime() > job.schedule.jitterMs + LATE_MS;
		onEvent({ type: "started", job: job.name, due, late });
		const report = await job.run(signal);
		if (signal.aborted && report.status === "failure") {
			runs.undo();
			onEvent({ type: "stopped", job: job.name, due });
		} else {
			runs.end(report, clock.now());
			onEvent({ type: "ended", job: job.name, due, report });
		}
		await this.#save();
	}

	#state(): ScheduleState {
		return { version: 1, jobs: Object.fromEntries(this.runs.map(({ job, state }) => [job.name, state])) };
	}

	async #save(): Promise<void> {
		try {
			await this.#options.stateFile.write(this.#state());
		} catch (error) {
			this.#options.onEvent({ type: "state-problem", message: messageOf(error) });
		}
	}
}
