import type { BackupJob, JobSource } from "../../../backup/job.ts";
import { parseCalendarSpan } from "../../../backup/retention/calendar-span.ts";
import { lockSettingsOf } from "../../../backup/run/job-locks.ts";
import { InvalidOptionError } from "../../../errors.ts";
import type { Source } from "../../../sources/source.ts";
import type { ARCHIVE_OPTIONS } from "../../options/archive-options.ts";
import type {
	BACKUP_OPTIONS,
	BACKUP_OUTPUT_OPTIONS,
	BACKUP_PUT_OPTIONS,
	RETENTION_OPTIONS,
} from "../../options/backup/backup-options.ts";
import type { KEEP_OPTIONS } from "../../options/backup/keep-options.ts";
import { keepPolicyOf } from "../../options/backup/keep-policy-of.ts";
import type { LOCK_OPTIONS } from "../../options/backup/lock-options.ts";
import { objectLockOf } from "../../options/backup/object-lock-of.ts";
import type { TELL_OPTIONS } from "../../options/backup/tell-options.ts";
import { tellSettingsOf } from "../../options/backup/tell-settings-of.ts";
import type { TEMPLATE_OPTIONS } from "../../options/backup/template-options.ts";
import { rollingOf } from "../../options/base/rolling-of.ts";
import type { ROLLING_OPTIONS } from "../../options/base/rolling-options.ts";
import type { COMMAND_OPTIONS } from "../../options/command-options.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { REMOTE_OPTIONS } from "../../options/sources/remote-options.ts";
import type { Io } from "../../terminal/io.ts";
import { printJson } from "../../terminal/report.ts";
import { templateOf } from "../archives/given-template.ts";
import type { Given } from "../command.ts";
import { noticeCredentials } from "../connect-notices.ts";
import { archiveSettings } from "../write/archive-settings.ts";
import { namedSources, type SourceOperands } from "../write/named-sources.ts";
import { noteMaxMtime } from "../write/source-date-epoch.ts";
import { planJob } from "./jobs/plan-job.ts";
import { runJob } from "./jobs/run-job.ts";
import { RUN_WORDS } from "./run-words.ts";

type BackupOptionTable = typeof ARCHIVE_OPTIONS &
	typeof REMOTE_OPTIONS &
	typeof COMMAND_OPTIONS &
	typeof TEMPLATE_OPTIONS &
	typeof BACKUP_OPTIONS &
	typeof ROLLING_OPTIONS &
	typeof KEEP_OPTIONS &
	typeof RETENTION_OPTIONS &
	typeof LOCK_OPTIONS &
	typeof TELL_OPTIONS &
	typeof BACKUP_OUTPUT_OPTIONS &
	typeof CONNECT_OPTIONS &
	typeof BACKUP_PUT_OPTIONS;
type BackupGiven = Given<BackupOptionTable, SourceOperands & { readonly template: string }>;

export async function runBackupCommand(given: BackupGiven, io: Io): Promise<number> {
	const { values } = given;
	noticeCredentials(values, io);
	const job = await jobOf(given, io);
	lockSettingsOf(job, new Date()); // before anybody is told of a run
	noteMaxMtime(job.upload.maxMtime as Date | undefined, values.quiet, io);
	if (values["dry-run"] === true) {
		const { json, lines, exitCode } = await planJob(job, values, io);
		if (values.json === true) await printJson(io, json);
		else await io.stdout.print(`${lines.join("\n")}\n`);
		return exitCode;
	}
	const report = await runJob(job, RUN_WORDS, values, io);
	if (values.json === true) await printJson(io, report);
	return report.exitCode;
}

async function jobOf(given: BackupGiven, io: Io): Promise<BackupJob> {
	const { operands, values, settings } = given;
	const template = templateOf(operands.template, values);
	const keep = keepPolicyOf(values);
	const sources = (await namedSources(given, io)).map(jobSource);
	const { verify } = settings;
	const drillSpan = values["require-drill"];
	const {
		name,
		host: _host,
		timeZone: _zone,
		verify: _verify,
		lockWait,
		...upload
	} = {
		...settings,
		...(await archiveSettings(given, io)),
	};
	return {
		...{ name, sources, template, verify, keep, upload },
		pruneVersions: values["prune-versions"] === true,
		requireDrill: drillSpan === undefined ? undefined : parseCalendarSpan("--require-drill", drillSpan),
		objectLock: objectLockOf(values),
		lockWaitMs: lockWait,
		lease: values["no-lease"] !== true,
		hooks: { before: [], after: [], failed: [], finally: [] },
		tell: tellSettingsOf(values),
		rolling: rollingOf(values),
		skipIfUnchanged: values["skip-if-unchanged"] === true,
		schedule: undefined,
	};
}

/** @throws {InvalidOptionError} for a pipe */
function jobSource(source: Source): JobSource {
	if (typeof source === "string") return { path: source };
	if ("path" in source || "paths" in source || "command" in source) return source;
	if ("url" in source || "archive" in source) return source;
	throw new InvalidOptionError(
		"a backup reads no pipe, which cannot tell that the command behind it has failed; use --stdin-from-command … -- command",
	);
}
