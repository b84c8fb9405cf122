import type { JobSchedule } from "../job.ts";
import type { RunReport } from "../run-report.ts";

/** A job with a schedule, and what its runs do. */
export interface ScheduledJob {
	readonly name: string;
	readonly schedule: JobSchedule;
	/** Resolves however the run has ended; if it was stopped, once everything is undone. */
	run(signal: AbortSignal): Promise<RunReport>;
}

/** What happens in a schedule; each has a line in the log. */
export type ScheduleEvent =
	/** Somebody waits for that time now: at the start, after a run, after a new config. */
	| { readonly type: "scheduled"; readonly job: string; readonly due: Date | undefined }
	| {
			readonly type: "started";
			readonly job: string;
			/** The first due time since the last run. */
			readonly due: Date;
			/** Whether it was due while nobody was there: the process did not run, the machine slept, a run went on. */
			readonly late: boolean;
	  }
	| { readonly type: "ended"; readonly job: string; readonly due: Date; readonly report: RunReport }
	/** A stop has ended the run; it is due again when the schedule starts the next time. */
	| { readonly type: "stopped"; readonly job: string; readonly due: Date }
	/** The process ended twice during the run: it is not tried a third time. */
	| { readonly type: "given-up"; readonly job: string; readonly due: Date }
	/** The clock was put back by more than an hour: due times count from there again. */
	| { readonly type: "clock-put-back"; readonly job: string; readonly from: Date; readonly to: Date }
	/** What is known of the last runs cannot be read or written: missed runs will not be noticed. */
	| { readonly type: "state-problem"; readonly message: string };
