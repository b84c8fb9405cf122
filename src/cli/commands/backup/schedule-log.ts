import type { RunReport } from "../../../backup/run-report.ts";
import type { ScheduleEvent } from "../../../backup/schedule/scheduled-job.ts";
import { EXIT } from "../../exit-codes.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { formatCount, formatSeconds } from "../../terminal/text.ts";
import { describeReport } from "./jobs/report-line.ts";

/** What happens in the process of a schedule. */
export type LoggedEvent =
	| ScheduleEvent
	| { readonly type: "config-loaded"; readonly file: string; readonly jobs: readonly string[] }
	| { readonly type: "config-warning"; readonly message: string }
	| { readonly type: "config-refused"; readonly message: string }
	| { readonly type: "listening"; readonly url: string }
	/** Something that is told while a run is under way. */
	| { readonly type: "note"; readonly job: string; readonly level: NoteLevel; readonly message: string }
	| { readonly type: "stopping"; readonly message: string };

type NoteLevel = "info" | "warning" | "debug";

/** Events as lines: text on stderr, or JSON on stdout. */
export interface ScheduleLog {
	readonly write: (event: LoggedEvent) => void;
	/** Resolves when all of it is written. */
	flush(): Promise<void>;
}

export function scheduleLog(
	{
		json = false,
		quiet = false,
	}: { readonly json?: boolean | undefined; readonly quiet?: boolean | undefined },
	io: Io,
	now: () => Date = () => new Date(),
): ScheduleLog {
	let written: Promise<unknown> = Promise.resolve();
	return {
		write(event) {
			if (quiet && !isLoud(event)) return;
			const { type, ...facts } = event;
			const time = now();
			if (json) {
				const line = { time: time.toISOString(), event: type, ...facts };
				// Whether somebody reads it is no matter of backups.
				written = written.then(() => io.stdout.printJson(line)).catch(() => {});
			} else writeLine(io.stderr, `${shown(time)} ${describe(event, time)}`);
		},
		async flush() {
			await written;
		},
	};
}

/** Whether somebody has to know of it who wants to hear of nothing else. */
function isLoud(event: LoggedEvent): boolean {
	switch (event.type) {
		case "ended":
			return event.report.status === "failure" || event.report.exitCode !== EXIT.ok;
		case "note":
			return event.level !== "info";
		default:
			return ["given-up", "clock-put-back", "state-problem", "config-warning", "config-refused"].includes(
				event.type,
			);
	}
}

function describe(event: LoggedEvent, now: Date): string {
	switch (event.type) {
		case "config-loaded":
			return `${event.file}: ${formatCount(event.jobs.length, "job")} with a schedule: ${event.jobs.join(", ")}`;
		case "config-refused":
			return `the new config is refused, and the old one goes on: ${event.message}`;
		case "config-warning":
			return `warning: ${event.message}`;
		case "listening":
			return `health at ${event.url}`;
		case "stopping":
			return event.message;
		case "state-problem":
			return `warning: ${event.message}; runs that are missed will not be caught up`;
		case "note":
			return `${event.job}: ${event.level === "warning" ? "warning: " : ""}${event.message}`;
		default:
			return `${event.job}: ${describeOfJob(event, now)}`;
	}
}

type JobEvent = Exclude<ScheduleEvent, { type: "state-problem" }>;

function describeOfJob(event: JobEvent, now: Date): string {
	switch (event.type) {
		case "scheduled":
			if (event.due === undefined) return "is never due again";
			return event.due > now ? `next run at ${shown(event.due)}` : `due since ${shown(event.due)}`;
		case "started":
			return event.late ? `started late, it was due at ${shown(event.due)}` : "started";
		case "ended":
			return describeEnd(event.report);
		case "stopped":
			return "was stopped and undone; it starts again with the next start of the schedule";
		case "given-up":
			return "the process ended during the run, twice; it is not tried again before it is due";
		case "clock-put-back":
			return `the clock was put back, from ${shown(event.from)} or later; due times count from now on`;
		default:
			return event satisfies never;
	}
}

function describeEnd(report: RunReport): string {
	const { status, exitCode, error, elapsedMs } = report;
	if (status === "failure") {
		const time = formatSeconds(elapsedMs / 1000);
		return `failed in ${time}, exit code ${exitCode}: ${error?.message ?? "unknown error"}`;
	}
	const incomplete = exitCode === EXIT.ok ? "" : ` but incomplete, exit code ${exitCode}`;
	return `done${incomplete}: ${describeReport(report)}`;
}

/** To the second. */
function shown(time: Date): string {
	return time.toISOString().replace(/\.\d+Z$/, "Z");
}
