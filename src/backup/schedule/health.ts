import type { JobRuns } from "./job-runs.ts";
import type { LastRun } from "./state/schedule-state.ts";

/** How a schedule is doing. */
export interface ScheduleHealth {
	/** Whether every job is fine. */
	readonly ok: boolean;
	readonly jobs: readonly JobHealth[];
}

interface JobHealth {
	readonly name: string;
	/** `false` if its last run has failed, or if it is overdue. */
	readonly ok: boolean;
	/** ISO 8601, when the run that goes on began. */
	readonly runningSince: string | undefined;
	/** ISO 8601, the first due time that no run has dealt with. */
	readonly due: string | undefined;
	/** It was due, and no run has begun. */
	readonly overdue: boolean;
	readonly lastRun: LastRun | undefined;
}

/** How much later than at the end of its jitter a run may begin. */
const GRACE_MS = 300_000;

export function healthOf(runs: readonly JobRuns[], now: number): ScheduleHealth {
	const jobs = runs.map(({ job, due, running, state: { lastRun } }): JobHealth => {
		const overdue = due !== undefined && now > due.getTime() + job.schedule.jitterMs + GRACE_MS;
		return {
			name: job.name,
			ok: !overdue && lastRun?.status !== "failure",
			runningSince: running?.startedAt,
			due: due?.toISOString(),
			overdue,
			lastRun,
		};
	});
	return { ok: jobs.every(({ ok }) => ok), jobs };
}
