import { describeSize, formatNumber } from "../../bytes/units.ts";
import { redact } from "../../secrets/redact.ts";
import type { RunReport } from "../run-report.ts";

/** Characters of a text about a run; healthchecks.io keeps 100,000 bytes, and nobody reads as much. */
const LONGEST_TEXT = 10_000;

/** Warnings that are shown one by one. */
const SHOWN_WARNINGS = 20;

/** The run in one line, for the subject of a mail: what everybody has to see without opening it. */
export function subjectOf(report: RunReport): string {
	const { archive } = report;
	switch (report.status) {
		case "running":
			return `${whatOf(report)}: started`;
		case "unchanged":
			return `${whatOf(report)}: nothing has changed`;
		case "failure":
			return `${whatOf(report)}: FAILED (exit code ${report.exitCode})`;
		case "success": {
			if (archive === undefined) return `${whatOf(report)}: done`;
			const skipped = archive.skippedCount > 0 ? `, ${counted(archive.skippedCount, "file")} left out` : "";
			return `${whatOf(report)}: ${describeSize(archive.size)}, ${entries(archive.entryCount)}${skipped}`;
		}
		default:
			return report.status satisfies never;
	}
}

/** The run in some lines, for people: the error first, then the figures. */
export function reportText(report: RunReport): string {
	const { error, archive, retention, startedAt, elapsedMs, warnings, status } = report;
	const lines = [
		subjectOf(report),
		...(error === undefined ? [] : ["", `${error.code}: ${error.message}`]),
		"",
		`started    ${startedAt}`,
		...(status === "running" ? [] : [`took       ${describeDuration(elapsedMs)}`]),
		...(archive === undefined
			? []
			: [
					`archive    s3://${archive.bucket}/${archive.key}`,
					`size       ${describeSize(archive.size)} (${formatNumber(archive.size)} bytes)`,
					`entries    ${formatNumber(archive.entryCount)}`,
					...(archive.copiedEntryCount === undefined || archive.copiedEntryCount === 0
						? []
						: [
								`copied     ${entries(archive.copiedEntryCount)}, ${describeSize(archive.copiedSize ?? 0)}`,
								`from       s3://${archive.bucket}/${archive.base}`,
							]),
					`left out   ${formatNumber(archive.skippedCount)}`,
					`verified   ${archive.verified}`,
				]),
		...(retention === undefined
			? []
			: [
					`kept       ${formatNumber(retention.keptCount)}`,
					`removed    ${formatNumber(retention.removedCount)}`,
					...(retention.lockedCount === 0 ? [] : [`locked     ${formatNumber(retention.lockedCount)}`]),
				]),
		...warningLines(warnings.map(({ message }) => message)),
	];
	const text = redact(`${lines.join("\n")}\n`);
	return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}…\n`;
}

function warningLines(messages: readonly string[]): readonly string[] {
	if (messages.length === 0) return [];
	const more = messages.length - SHOWN_WARNINGS;
	return [
		"",
		`${counted(messages.length, "warning")}:`,
		...messages.slice(0, SHOWN_WARNINGS).map((message) => `- ${message}`),
		...(more > 0 ? [`- and ${more} more`] : []),
	];
}

function whatOf({ job, host }: RunReport): string {
	return `backup ${job === undefined ? "" : `${job} `}on ${host}`;
}

function entries(count: number): string {
	return count === 1 ? "1 entry" : `${formatNumber(count)} entries`;
}

function counted(count: number, what: string): string {
	return `${formatNumber(count)} ${what}${count === 1 ? "" : "s"}`;
}

/** `41 s`, `12 min 5 s`, `3 h 2 min`. */
function describeDuration(elapsedMs: number): string {
	const seconds = Math.round(elapsedMs / 1000);
	const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
	if (hours > 0) return `${hours} h ${minutes} min`;
	return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
