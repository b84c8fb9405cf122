import type { BackupArchive } from "../../../backup/archives/archive-facts.ts";
import type { PrunePlan, PruneRefusal } from "../../../backup/archives/plan-prune.ts";
import type { PruneReport } from "../../../backup/archives/prune-job.ts";
import type { KeyTemplate } from "../../../backup/template/key-template.ts";
import { InvalidOptionError } from "../../../errors.ts";
import { EXIT } from "../../exit-codes.ts";
import type { KEEP_OPTIONS } from "../../options/backup/keep-options.ts";
import { keepPolicyOf } from "../../options/backup/keep-policy-of.ts";
import type { PRUNE_OPTIONS } from "../../options/backup/prune-options.ts";
import type { TEMPLATE_OPTIONS } from "../../options/backup/template-options.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { printJson } from "../../terminal/report.ts";
import { Interrupted } from "../../terminal/signals.ts";
import { type TableColumn, tableLines } from "../../terminal/table.ts";
import { formatBytes, formatCount, printable } from "../../terminal/text.ts";
import type { Given } from "../command.ts";
import { noticeArchives } from "../connect-notices.ts";
import { archiveColumns, dayOf, stdoutWidth } from "./archive-columns.ts";
import { backupsOptions } from "./given-backups.ts";
import { templateOf } from "./given-template.ts";

type PruneCommandOptions = typeof KEEP_OPTIONS &
	typeof PRUNE_OPTIONS &
	typeof TEMPLATE_OPTIONS &
	typeof OUTPUT_OPTIONS &
	typeof CONNECT_OPTIONS;
type PruneGiven = Given<PruneCommandOptions, { readonly template: string }>;

export async function runPrune({ operands, values }: PruneGiven, io: Io): Promise<number> {
	const policy = keepPolicyOf(values);
	if (policy === undefined)
		throw new InvalidOptionError(
			"say which archives are kept, for instance with --keep-daily 7 --keep-monthly 12; all others are removed",
		);
	const template = templateOf(operands.template, values);
	const requireDrill = await spanOf(values["require-drill"]);
	const { "dry-run": dryRun = false, json = false, quiet = false } = values;
	noticeArchives([operands.template], values, io);
	const options = backupsOptions(values, io);
	const order = {
		...{ policy, requireDrill, dryRun, job: values.name, now: new Date() },
		pruneVersions: values["prune-versions"] ?? false,
	};
	const { withBackups } = await import("../../../backup/archives/with-backups.ts");
	const { pruneJob } = await import("../../../backup/archives/prune-job.ts");
	const { whileLocked } = await import("./while-locked.ts");
	let removedCount = 0;
	const onRemoved = ({ key }: BackupArchive) => {
		removedCount++;
		if (!json && !quiet) writeLine(io.stderr, `removed ${printable(key)}`);
	};
	try {
		const report = await withBackups(template.bucket, options, (connection, requests) => {
			if (dryRun) return pruneJob(connection, template, order, requests);
			return whileLocked(connection, template, values, io, (beforeDelete) =>
				pruneJob(connection, template, order, { ...requests, beforeDelete, onRemoved }),
			);
		});
		const done = dryRun ? undefined : removedWords(removedCount);
		if (json) await printJson(io, toJson(report, template, dryRun), done);
		else if (dryRun) await io.stdout.print(linesOf(report, template, order.now, stdoutWidth(io)));
		tell(report, template, { dryRun, quiet: quiet || json }, io);
		return report.plan.refusal === "drill-required" ? EXIT.integrity : EXIT.ok;
	} catch (error) {
		throw error instanceof Interrupted ? error.saying(removedWords(removedCount)) : error;
	}
}

async function spanOf(text: string | undefined) {
	if (text === undefined) return undefined;
	const { parseCalendarSpan } = await import("../../../backup/retention/calendar-span.ts");
	return parseCalendarSpan("--require-drill", text);
}

function removedWords(count: number): string {
	return count === 0 ? "no archive was removed" : `${formatCount(count, "archive")} removed`;
}

/** What becomes of an archive. */
interface Fate {
	readonly archive: BackupArchive;
	readonly action: "keep" | "remove" | "locked" | "spare";
	readonly keptBy: readonly string[];
	readonly lockedUntil: Date | undefined;
}

/** From the newest on. */
function fatesOf({ plan, outcome }: PruneReport): readonly Fate[] {
	const spared = new Set(outcome?.spared);
	const fates: Fate[] = [
		...plan.kept.map(({ archive, rules }) => ({ archive, action: "keep" as const, keptBy: rules })),
		...plan.locked.map(({ archive, until }) => ({ archive, action: "locked" as const, lockedUntil: until })),
		...plan.removed.map(
			(archive) => ({ archive, action: spared.has(archive) ? "spare" : "remove" }) as const,
		),
	].map((fate) => ({ keptBy: [], lockedUntil: undefined, ...fate }));
	return fates.sort((a, b) => b.archive.time.getTime() - a.archive.time.getTime());
}

function linesOf(report: PruneReport, template: KeyTemplate, now: Date, width: number | undefined): string {
	const fates = fatesOf(report);
	if (fates.length === 0) return "";
	const { timeZone } = template;
	const { time, age, size, key } = archiveColumns(
		fates.map(({ archive }) => archive),
		timeZone,
		now,
	);
	const action: TableColumn = { title: "ACTION", cells: fates.map((fate) => fate.action) };
	const why: TableColumn = {
		title: "WHY",
		cells: fates.map(({ action, keptBy, lockedUntil }) => {
			if (action !== "locked") return keptBy.length === 0 ? "-" : keptBy.join(", ");
			return lockedUntil === undefined ? "legal hold" : `until ${dayOf(lockedUntil, timeZone)}`;
		}),
	};
	const columns = [action, time, age, { ...size, dispensable: 4 }, why, key];
	return tableLines(columns, width)
		.map((line) => `${line}\n`)
		.join("");
}

function toJson(report: PruneReport, template: KeyTemplate, dryRun: boolean): unknown {
	const { survey, plan, versions } = report;
	return {
		template: template.text,
		bucket: template.bucket,
		dryRun,
		refusal: plan.refusal,
		archives: fatesOf(report).map(({ archive, action, keptBy, lockedUntil }) => ({
			...{ key: archive.key, versionId: archive.versionId, time: archive.time, size: archive.size },
			...{ action, keptBy, lockedUntil },
		})),
		strangers: survey.strangers,
		versions,
	};
}

const REFUSALS: Readonly<Record<PruneRefusal, string>> = {
	"none-verified":
		"none of the archives was verified, so none is removed; the next zipferry backup verifies its own",
	"drill-required":
		"no restore drill has proven an archive in the time of --require-drill, so nothing is removed; run zipferry drill",
};

function tell(
	{ survey, plan, outcome, versions }: PruneReport,
	{ timeZone }: KeyTemplate,
	{ dryRun, quiet }: { readonly dryRun: boolean; readonly quiet: boolean },
	{ stderr }: Io,
): void {
	const warn = (message: string) => writeLine(stderr, `warning: ${message}`);
	if (plan.refusal !== undefined) warn(REFUSALS[plan.refusal]);
	const spared = outcome?.spared.length ?? 0;
	if (spared > 0) warn(`${formatCount(spared, "archive")} left alone: replaced or locked meanwhile`);
	if (outcome?.keepsVersions === true && versions === undefined)
		warn(
			"the bucket keeps what was removed as old versions, which take space; --prune-versions removes them",
		);
	const early = versions?.deletedTooEarly.length ?? 0;
	if (early > 0)
		warn(
			`${formatCount(early, "archive")} deleted by somebody else, that a rule would keep: left as old versions`,
		);
	if (quiet) return;
	const removed = outcome === undefined ? plan.removed : outcome.removed;
	const size = removed.reduce((sum, archive) => sum + archive.size, 0);
	const facts = [
		`${formatCount(plan.kept.length + spared, "archive")} kept`,
		`${removed.length} ${dryRun ? "would be removed" : "removed"}${removed.length === 0 ? "" : ` (${formatBytes(size)})`}`,
		...(plan.locked.length === 0 ? [] : [`${plan.locked.length} locked${untilWords(plan, timeZone)}`]),
		...(versions === undefined || versions.versionCount === 0
			? []
			: [`${formatCount(versions.versionCount, "old version")} ${dryRun ? "would go" : "removed"} as well`]),
		...(survey.strangers.length === 0
			? []
			: [`${formatCount(survey.strangers.length, "object")} of others left alone`]),
	];
	writeLine(stderr, facts.join(", "));
}

/** When the storage lets go of the first of them, where it has a date for that. */
function untilWords({ locked }: PrunePlan, timeZone: string): string {
	const dates = locked.flatMap(({ until }) => (until === undefined ? [] : [until.getTime()]));
	if (dates.length === 0) return "";
	const first = dayOf(new Date(Math.min(...dates)), timeZone);
	return locked.length === 1 ? ` until ${first}` : `, the first until ${first}`;
}
