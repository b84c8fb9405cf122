import * as v from "valibot";
import { parseIsoTime } from "../../../options/iso-time.ts";

/** A time as ISO 8601 writes it. */
const time = v.pipe(
	v.string(),
	v.check((text) => parseIsoTime(text) !== undefined),
);

const LAST_RUN = v.object({
	due: time,
	startedAt: time,
	endedAt: time,
	status: v.picklist(["success", "unchanged", "failure"]),
	exitCode: v.number(),
	error: v.optional(v.object({ code: v.string(), message: v.string() })),
});

const JOB_STATE = v.object({
	/** The schedule that all of this is about. */
	cron: v.string(),
	timeZone: v.string(),
	/** Due times up to then are dealt with. */
	handledUpTo: time,
	/** A run under way; in a new process, one that the process before did not survive. */
	running: v.optional(v.object({ due: time, startedAt: time, repeated: v.boolean() })),
	lastRun: v.optional(LAST_RUN),
});

export const SCHEDULE_STATE = v.object({ version: v.literal(1), jobs: v.record(v.string(), JOB_STATE) });

/** How a run has ended. */
export type LastRun = v.InferOutput<typeof LAST_RUN>;

/** What is known of the runs of a job. */
export type JobState = v.InferOutput<typeof JOB_STATE>;

/** What the next process has to know. */
export type ScheduleState = v.InferOutput<typeof SCHEDULE_STATE>;
