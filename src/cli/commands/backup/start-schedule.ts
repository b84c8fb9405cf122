import type { CONFIG_OPTIONS } from "../../options/backup/config-options.ts";
import type { SCHEDULE_OPTIONS } from "../../options/backup/schedule-options.ts";
import type { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import type { Io } from "../../terminal/io.ts";
import type { Given } from "../command.ts";
import { runSchedule } from "./run-schedule.ts";
import { loadScheduledJobs } from "./scheduled-jobs.ts";

type ScheduleGiven = Given<
	typeof CONFIG_OPTIONS & typeof SCHEDULE_OPTIONS & typeof OUTPUT_OPTIONS,
	{ readonly jobs: readonly string[] }
>;

export async function startSchedule({ operands, values }: ScheduleGiven, io: Io): Promise<number> {
	const { config: path, json, quiet, debug } = values;
	const names = operands.jobs;
	const cwd = process.cwd();
	const settings = {
		...{ names, json, quiet },
		stateFile: values["state-file"],
		healthPort: values["health-port"],
		healthHost: values["health-host"],
	};
	return await runSchedule(
		settings,
		(log, file = path) => loadScheduledJobs({ cwd, path: file, names, debug, signal: io.signal }, log),
		io,
	);
}
