import type { RunReport } from "../run-report.ts";
import { nextDue } from "./due-times.ts";
import type { ScheduledJob } from "./scheduled-job.ts";
import type { JobState, LastRun } from "./state/schedule-state.ts";

const HOUR_MS = 3_600_000;

/** The next run of a job. */
export interface PlannedRun {
	/** The first due time that no run has dealt with. */
	readonly due: Date;
	/** When it begins, milliseconds since 1970. */
	readonly startsAt: number;
}

/**
 * The runs of one job, past and future. A run deals with all due times that have passed when it begins, so that those
 * that were missed are caught up once.
 */
export class JobRuns {
	job: ScheduledJob;
	/** Set when the config has it no longer. */
	removed = false;
	/** Whether a run goes on. A state that has one without that is of a process that has not survived it. */
	#active = false;
	#state: JobState;
	#planned: PlannedRun | undefined;

	/** @param known - From the process before, if there is anything. */
	constructor(job: ScheduledJob, known: JobState | undefined, now: number) {
		this.job = job;
		this.#state = known ?? stateOf(job, now);
		this.#countAnew(now);
	}

	get state(): JobState {
		return this.#state;
	}

	/** Takes the job as another config has it. */
	replace(job: ScheduledJob, now: number): void {
		// A run that waits for its place in the jitter keeps it.
		if (job.schedule.jitterMs !== this.job.schedule.jitterMs) this.#planned = undefined;
		this.job = job;
		this.removed = false;
		this.#countAnew(now);
	}

	/** Due times of another schedule were never missed. */
	#countAnew(now: number): void {
		const { cron, timeZone } = this.job.schedule;
		if (cron === this.#state.cron && timeZone === this.#state.timeZone) return;
		this.#planned = undefined;
		const { running, ...rest } = this.#state;
		const kept = this.#active && running !== undefined ? { running } : {};
		this.#state = { ...rest, ...kept, cron, timeZone, handledUpTo: isoTime(now) };
	}

	/**
	 * The next run; `undefined` if there will be none.
	 *
	 * @param random - From 0 up to 1, where in the jitter it begins.
	 */
	plan(now: number, random: () => number): PlannedRun | undefined {
		const due = this.due;
		if (due === undefined) return undefined;
		if (this.#planned?.due.getTime() === due.getTime()) return this.#planned;
		const startsAt = Math.max(due.getTime(), now) + random() * this.job.schedule.jitterMs;
		this.#planned = { due, startsAt };
		return this.#planned;
	}

	/** The run that goes on. */
	get running(): JobState["running"] {
		return this.#active ? this.#state.running : undefined;
	}

	/** The first due time that no run has dealt with; a run that goes on has dealt with those before it. */
	get due(): Date | undefined {
		const { handledUpTo } = this.#state;
		const from = Math.max(Date.parse(handledUpTo), Date.parse(this.running?.startedAt ?? handledUpTo));
		return nextDue(this.job.schedule, new Date(from));
	}

	/**
	 * Whether the clock was put back by more than an hour since the last run. Due times count from now on again then;
	 * after less than that they wait for the clock, so that nothing runs twice.
	 */
	wasPutBack(now: number): boolean {
		if (now >= Date.parse(this.#state.handledUpTo) - HOUR_MS) return false;
		this.#state = { ...this.#state, handledUpTo: isoTime(now) };
		this.#planned = undefined;
		return true;
	}

	/** @returns whether the process before ended during the same run, and the one before that as well */
	giveUp(now: number): boolean {
		const { running } = this.#state;
		if (running?.repeated !== true) return false;
		const error = { code: "INTERRUPTED", message: "the process ended during the run, twice" };
		this.#end(now, { status: "failure", exitCode: 1, error });
		return true;
	}

	begin({ due }: PlannedRun, now: number): void {
		this.#active = true;
		const repeated = this.#state.running !== undefined;
		this.#state = { ...this.#state, running: { due: due.toISOString(), startedAt: isoTime(now), repeated } };
	}

	end({ status, exitCode, error }: RunReport, now: number): void {
		this.#end(now, { status: status === "running" ? "failure" : status, exitCode, error });
	}

	#end(now: number, { error, ...run }: Pick<LastRun, "status" | "exitCode" | "error">): void {
		const { running, handledUpTo, ...rest } = this.#state;
		this.#active = false;
		if (running === undefined) return;
		const { due, startedAt } = running;
		const reached = Math.max(Date.parse(handledUpTo), Date.parse(due), Date.parse(startedAt));
		const lastRun = {
			due,
			startedAt,
			endedAt: isoTime(now),
			...run,
			...(error === undefined ? {} : { error }),
		};
		this.#state = { ...rest, handledUpTo: isoTime(reached), lastRun };
		this.#planned = undefined;
	}

	/** The run was undone: it is due as before. */
	undo(): void {
		const { running: _, ...rest } = this.#state;
		this.#active = false;
		this.#state = rest;
		this.#planned = undefined;
	}
}

function stateOf({ schedule: { cron, timeZone } }: ScheduledJob, now: number): JobState {
	return { cron, timeZone, handledUpTo: isoTime(now) };
}

function isoTime(ms: number): string {
	return new Date(ms).toISOString();
}
