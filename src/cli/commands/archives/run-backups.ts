import type { BackupRow } from "../../../backup/archives/archive-rows.ts";
import type { StrangeObject } from "../../../backup/archives/list-archives.ts";
import { fullStart, fullStartedAt } from "../../../backup/rolling/full-start.ts";
import type { KeyTemplate } from "../../../backup/template/key-template.ts";
import { EXIT } from "../../exit-codes.ts";
import type { KEEP_OPTIONS } from "../../options/backup/keep-options.ts";
import { keepPolicyOf } from "../../options/backup/keep-policy-of.ts";
import type { BACKUPS_OPTIONS } from "../../options/backup/prune-options.ts";
import type { TEMPLATE_OPTIONS } from "../../options/backup/template-options.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { printJson } from "../../terminal/report.ts";
import { type TableColumn, tableLines } from "../../terminal/table.ts";
import { formatBytes, formatCount, printable } from "../../terminal/text.ts";
import type { Given } from "../command.ts";
import { noticeArchives } from "../connect-notices.ts";
import { archiveColumns, dayOf, stdoutWidth } from "./archive-columns.ts";
import { backupsOptions } from "./given-backups.ts";
import { templateOf } from "./given-template.ts";
import { openPage } from "./write-page.ts";

type BackupsCommandOptions = typeof KEEP_OPTIONS &
	typeof TEMPLATE_OPTIONS &
	typeof BACKUPS_OPTIONS &
	typeof OUTPUT_OPTIONS &
	typeof CONNECT_OPTIONS;
type BackupsGiven = Given<BackupsCommandOptions, { readonly template: string }>;

export async function runBackups({ operands, values }: BackupsGiven, io: Io): Promise<number> {
	const policy = keepPolicyOf(values);
	const template = templateOf(operands.template, values);
	const now = new Date();
	const { json = false, quiet = false, verbose = false, name: job, html } = values;
	const page = html === undefined ? undefined : await openPage(html, values, io);
	const { withBackups } = await import("../../../backup/archives/with-backups.ts");
	const { archiveRows } = await import("../../../backup/archives/archive-rows.ts");
	const { surveyArchives } = await import("../../../backup/archives/list-archives.ts");
	noticeArchives([operands.template], values, io);
	const options = backupsOptions(values, io);
	const { rows, strangers } = await withBackups(template.bucket, options, async (connection, requests) => {
		const survey = await surveyArchives(connection, template, { ...requests, job });
		const { archives, strangers } = survey;
		return { rows: await archiveRows(connection, template, archives, { policy, now }, requests), strangers };
	});
	await page?.write(rows, { now, job, template: template.text, timeZone: template.timeZone, policy });
	if (json) await printJson(io, rows.map(toJson));
	else if (page === undefined) await io.stdout.print(linesOf(rows, template, now, stdoutWidth(io)));
	if (verbose) for (const stranger of strangers) writeLine(io.stderr, strangeLine(stranger));
	if (!json && !quiet) writeLine(io.stderr, summary(rows, strangers.length, template, verbose));
	return EXIT.ok;
}

function strangeLine({ key, reason }: StrangeObject): string {
	return printable(`not listed: ${key} ${reason}`);
}

function toJson({ archive, ...facts }: BackupRow): unknown {
	const { key, versionId, time, size, etag, metadata } = archive;
	const { entryCount, keptBy, verifiedAt, lockedUntil, lastDrill, provenAt } = facts;
	return {
		...{ key, versionId, time, size, entryCount, etag, job: metadata.job },
		...{ base: metadata.base, fullStartedAt: fullStartedAt(metadata) },
		...{ keptBy, verifiedAt, lockedUntil, lastDrill, provenAt },
	};
}

function linesOf(
	rows: readonly BackupRow[],
	{ timeZone }: KeyTemplate,
	now: Date,
	width: number | undefined,
): string {
	if (rows.length === 0) return "";
	const archives = rows.map(({ archive }) => archive);
	const { time, age, size, key } = archiveColumns(archives, timeZone, now);
	const cells = (text: (row: BackupRow) => string) => rows.map(text);
	const columns: readonly (TableColumn | false)[] = [
		...[time, age, size],
		{
			title: "ENTRIES",
			cells: cells(({ entryCount }) => String(entryCount ?? "?")),
			alignRight: true,
			dispensable: 2,
		},
		rows.some(({ archive }) => archive.metadata.fullStartedNs !== undefined) && {
			title: "FULL",
			cells: cells(({ archive }) => dayOf(fullStart(archive.metadata), timeZone)),
			dispensable: 3,
		},
		{ title: "VERIFIED", cells: cells(({ verifiedAt }) => dayOf(verifiedAt, timeZone)) },
		rows.some(({ lastDrill }) => lastDrill !== undefined) && {
			title: "DRILL",
			cells: cells(({ lastDrill }) => drillWords(lastDrill, timeZone)),
			dispensable: 4,
		},
		rows.some(({ lockedUntil }) => lockedUntil !== undefined) && {
			title: "LOCKED UNTIL",
			cells: cells(({ lockedUntil }) => dayOf(lockedUntil, timeZone)),
			dispensable: 2,
		},
		rows.some(({ keptBy }) => keptBy !== undefined) && {
			title: "KEPT BY",
			cells: cells(({ keptBy = [] }) => (keptBy.length === 0 ? "-" : keptBy.join(", "))),
			dispensable: 1,
		},
		key,
	];
	const shown = columns.filter((column) => column !== false);
	return tableLines(shown, width)
		.map((line) => `${line}\n`)
		.join("");
}

function drillWords(drill: BackupRow["lastDrill"], timeZone: string): string {
	if (drill === undefined) return "-";
	return `${dayOf(new Date(drill.at), timeZone)}${drill.ok ? "" : " FAILED"}`;
}

function summary(
	rows: readonly BackupRow[],
	strangerCount: number,
	{ text, bucket, prefix }: KeyTemplate,
	verbose: boolean,
): string {
	const size = rows.reduce((sum, { archive }) => sum + archive.size, 0);
	const others =
		strangerCount === 0
			? ""
			: `; ${formatCount(strangerCount, "object")} of others under such keys${verbose ? "" : " (--verbose lists them)"}`;
	// Where it has looked tells a name that is wrong.
	if (rows.length === 0) return printable(`no archives of ${text} in s3://${bucket}/${prefix}${others}`);
	return printable(`${formatCount(rows.length, "archive")} of ${text}, ${formatBytes(size)}${others}`);
}
