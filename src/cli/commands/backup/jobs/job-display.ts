import type { RunEvent, RunEventListener } from "../../../../backup/run/run-events.ts";
import type { RunReport } from "../../../../backup/run-report.ts";
import type { Warning } from "../../../../events.ts";
import type { BACKUP_OUTPUT_OPTIONS } from "../../../options/backup/backup-options.ts";
import type { Values } from "../../../options/option.ts";
import { messageInCommands, warningInCommands } from "../../../terminal/command-words.ts";
import { type Io, writeLine } from "../../../terminal/io.ts";
import { showProgress } from "../../../terminal/progress/progress.ts";
import { stackLines } from "../../../terminal/stack.ts";
import { describeRequest } from "../../../terminal/storage-events.ts";
import { printable } from "../../../terminal/text.ts";
import { progressStyle } from "../../write/progress-style.ts";
import { describeReport } from "./report-line.ts";

export type OutputValues = Values<typeof BACKUP_OUTPUT_OPTIONS>;

/** What is shown of one run on stderr. */
export interface JobDisplay {
	readonly onEvent: RunEventListener;
	/** Takes away what it has drawn. */
	end(): void;
}

export function displayJob(job: string | undefined, values: OutputValues, io: Io): JobDisplay {
	return values["log-json"] === true ? logAsJson(job, values, io) : showLines(job, values, io);
}

function showLines(job: string | undefined, values: OutputValues, io: Io): JobDisplay {
	const style = progressStyle(values, io);
	const progress = showProgress(style, io);
	const say = (line: string) => writeLine(io.stderr, printable(line));
	const about = job === undefined ? "" : `${job}: `;
	return {
		onEvent(event) {
			switch (event.type) {
				case "run-stage":
					return values.verbose === true ? say(`${about}${event.stage}`) : undefined;
				case "run-archive":
					return undefined;
				case "run-note":
					return style.notes ? say(`${about}${event.message}`) : undefined;
				case "hook-output":
					return style.notes ? say(`${about}${event.hook} hook: ${event.line}`) : undefined;
				case "warning":
					return progress.onEvent({ ...event, ...namingJob(event, about) });
				case "run-failed":
					return values.debug === true ? sayStack(event.error, io) : undefined;
				case "run-ended":
					progress.end();
					return sayEnd(event.report, values, about, io);
				case "request":
					return values.debug === true ? writeLine(io.stderr, describeRequest(event)) : undefined;
				default:
					return progress.onEvent(event);
			}
		},
		end: () => progress.end(),
	};
}

/** Of several jobs, it says which one it is about. */
function namingJob({ message, problem }: Warning, about: string): Partial<Warning> {
	return { message: `${about}${message}`, problem: problem && `${about}${problem}` };
}

function sayEnd(report: RunReport, { quiet }: OutputValues, about: string, { stderr }: Io): void {
	if (report.error !== undefined) writeLine(stderr, `zipferry: ${about}${report.error.message}`);
	else if (quiet !== true) writeLine(stderr, `${about}${describeReport(report)}`);
}

function sayStack(error: unknown, { stderr }: Io): void {
	for (const line of stackLines(error)) writeLine(stderr, line);
}

/** Events that come by the thousand, and who wants them. */
const MANY: Readonly<Partial<Record<RunEvent["type"], "verbose" | "debug" | "nobody">>> = {
	entry: "verbose",
	found: "verbose",
	skipped: "verbose",
	renamed: "verbose",
	request: "debug",
	progress: "nobody",
};

function logAsJson(job: string | undefined, values: OutputValues, { stderr }: Io): JobDisplay {
	return {
		onEvent(event) {
			const wanted = MANY[event.type];
			if (wanted !== undefined && (wanted === "nobody" || values[wanted] !== true)) return;
			if (values.quiet === true && !isLoud(event)) return;
			const { type, ...facts } = event;
			const line = { time: new Date().toISOString(), event: type, job, ...(loggable(event) ?? facts) };
			writeLine(stderr, JSON.stringify(line));
		},
		end: () => {},
	};
}

function isLoud(event: RunEvent): boolean {
	return event.type === "warning" || (event.type === "run-ended" && event.report.exitCode !== 0);
}

/** What is logged of events whose facts are for the library. */
function loggable(event: RunEvent): object | undefined {
	if (event.type === "run-failed") return { message: messageInCommands(event.error) };
	if (event.type !== "warning") return undefined;
	const { code, message, origin } = warningInCommands(event);
	return { code, message, origin };
}
