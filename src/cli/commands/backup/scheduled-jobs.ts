import { loadConfig } from "../../../backup/config/load-config.ts";
import { openParts } from "../../../backup/run/real-parts.ts";
import { runBackup } from "../../../backup/run/run-backup.ts";
import type { RunEvent } from "../../../backup/run/run-events.ts";
import type { ScheduledJob } from "../../../backup/schedule/scheduled-job.ts";
import { InvalidOptionError } from "../../../errors.ts";
import { warningInCommands } from "../../terminal/command-words.ts";
import { describeRetry } from "../../terminal/progress/progress.ts";
import { stackLines } from "../../terminal/stack.ts";
import { describeRequest } from "../../terminal/storage-events.ts";
import { chosenJobs } from "./jobs/chosen-jobs.ts";
import type { ScheduledConfig } from "./run-schedule.ts";
import { JOB_WORDS } from "./run-words.ts";
import type { LoggedEvent } from "./schedule-log.ts";

/** Which jobs of which config are meant. */
export interface WantedJobs {
	readonly cwd: string;
	readonly path: string | undefined;
	/** All that have a schedule if there are none. */
	readonly names: readonly string[];
	/** Whether requests are told. */
	readonly debug: boolean | undefined;
	/** Gives up reading it. */
	readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the config: its jobs that have a schedule, ready to run.
 *
 * @throws {ConfigError} if it is wrong
 * @throws {InvalidOptionError} if there is no such job, or none has a schedule
 */
export async function loadScheduledJobs(
	{ cwd, path, names, debug = false, signal }: WantedJobs,
	log: (event: LoggedEvent) => void,
): Promise<ScheduledConfig> {
	const { file, jobs, warnings } = await loadConfig({ cwd, path, env: process.env, signal });
	const wanted = chosenJobs(jobs, names, names.length === 0, file);
	const unscheduled = names.length > 0 && wanted.find(({ schedule }) => schedule === undefined);
	if (unscheduled)
		throw new InvalidOptionError(`the job ${JSON.stringify(unscheduled.name)} in ${file} has no schedule`);
	const scheduled = wanted.flatMap((job): ScheduledJob[] => {
		const { name, schedule } = job;
		if (schedule === undefined) return [];
		const onEvent = (event: RunEvent) => {
			for (const note of notesOf(event, debug)) log({ type: "note", job: name, ...note });
		};
		const run = (stop: AbortSignal) =>
			runBackup(job, { words: JOB_WORDS, parts: openParts, signal: stop, onEvent });
		return [{ name, schedule, run }];
	});
	if (scheduled.length === 0)
		throw new InvalidOptionError(`no job in ${file} has a schedule, such as schedule: "30 2 * * *"`);
	return { file, jobs: scheduled, warnings };
}

type Note = Omit<Extract<LoggedEvent, { type: "note" }>, "type" | "job">;

/** What is worth a line while a run is under way. */
function notesOf(event: RunEvent, debug: boolean): readonly Note[] {
	switch (event.type) {
		case "warning":
			return [{ level: "warning", message: warningInCommands(event).message }];
		case "retry":
			return [{ level: "info", message: describeRetry(event) }];
		case "run-note":
			return [{ level: "info", message: event.message }];
		case "command-output":
			return [{ level: "info", message: `${event.name}: ${event.line}` }];
		case "hook-output":
			return [{ level: "info", message: `${event.hook} hook: ${event.line}` }];
		case "request":
			return debug ? [{ level: "debug", message: describeRequest(event) }] : [];
		case "run-failed":
			return debug ? [...stackLines(event.error)].map((message) => ({ level: "debug", message })) : [];
		default:
			return [];
	}
}
