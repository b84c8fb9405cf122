/** What one command prints with `--json`. */
export interface JsonOutput {
	readonly command: string;
	/** The exported type that all fields of are in it. */
	readonly type?: string;
	/** Fields besides these; `?` behind those that may be missing. A field of fields names theirs. */
	readonly fields: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

const TIME = {
	"maxMtime?": "latest time that an entry could have, ISO 8601, if `SOURCE_DATE_EPOCH` is set",
};

const FINDING = {
	name: "the operation, or a word or two",
	status: '`"pass"`, `"warn"` (uploads will succeed, with a drawback) or `"fail"`',
	message: "what was found",
	"advice?": "what to do about it",
	"facts?": "numbers and names for programs",
	"network?": "`true` if the storage could not be reached",
	"final?": "`true` if the rest was not tried",
};

const RUN_REPORT = {
	"job?": "name of the job",
	host: "name of the machine",
	status: '`"success"`, `"unchanged"` or `"failure"`',
	startedAt: "ISO 8601",
	elapsedMs: "milliseconds",
	exitCode: "exit code of the run",
	"error?": "`{ code, message }`; the message says if an archive was published all the same",
	"archive?":
		"the archive that the run has published, or found unchanged: `bucket`, `key`, `versionId`, `size`, `etag`, `entryCount`, `skippedCount`, `verified`; `copiedEntryCount` and `copiedSize` (bytes), unless it was found unchanged; `base` (key) and `fullStartedAt` (when the last run began that has made all from the sources), if parts were copied",
	"retention?": "`keptCount`, `removedCount`, `removed` (keys), `lockedCount`",
	warnings: "the first 1,000, each a `Warning`",
};

export const JSON_OUTPUTS: readonly JsonOutput[] = [
	{ command: "upload --json", type: "UploadZipResult", fields: TIME },
	{ command: "upload --dry-run --json", type: "UploadPlan", fields: TIME },
	{
		command: "create --json",
		type: "CreateZipResult",
		fields: { file: "destination, as it was given", ...TIME },
	},
	{
		command: "create --dry-run --json",
		fields: {
			entryCount: "entries found",
			sourceSize: "bytes of all files",
			"sizeBound?": "bytes the archive cannot exceed; missing if a source has no known size",
			exact: "whether the archive will have just that size",
			zip64: "whether an archive of that size needs ZIP64",
			skippedCount: "things left out",
			warnings: "the first 1,000, each a `Warning`",
			...TIME,
		},
	},
	{ command: "append --json", type: "EditZipResult", fields: TIME },
	{ command: "merge --json", type: "EditZipResult", fields: {} },
	{ command: "remove --json", type: "EditZipResult", fields: {} },
	{ command: "verify --json", type: "VerifyArchiveResult", fields: {} },
	{ command: "diff --json", type: "EntryDifference", fields: {} },
	{
		command: "extract --json",
		type: "ExtractResult",
		fields: { archive: "archive, as it was given", target: "where it was extracted to, as it was given" },
	},
	{
		command: "backups --json",
		fields: {
			key: "of an array with one object for each archive, the newest first",
			"versionId?": "version of the object, on a bucket that keeps versions",
			time: "the time in its key, ISO 8601",
			size: "bytes",
			"entryCount?": "entries; missing if its end cannot be read",
			etag: "ETag, without quotes",
			"job?": "name of the job that made it",
			"base?": "key of the archive that parts of it were copied from",
			"fullStartedAt?": "if parts were copied: when the last run began that has made all from the sources",
			"keptBy?": "rules that keep it; empty if it goes next, missing without a `--keep` option",
			"verifiedAt?": "when it was read back for the last time",
			"lockedUntil?": "the storage does not let it go before",
			"lastDrill?": "the last restore that was tried",
			"provenAt?": "when a restore succeeded for the last time",
		},
	},
	{
		command: "prune --json",
		fields: {
			template: "as it was given",
			bucket: "its bucket",
			dryRun: "whether nothing was removed",
			"refusal?": '`"none-verified"` or `"drill-required"`: why nothing is removed',
			archives: {
				key: "key",
				"versionId?": "version of the object",
				time: "the time in its key",
				size: "bytes",
				action: '`"keep"`, `"remove"`, `"locked"` or `"spare"` (replaced or locked meanwhile)',
				keptBy: "rules that keep it",
				"lockedUntil?": "the storage does not let it go before; missing for a legal hold",
			},
			strangers: "objects under keys of the template that are no archives of it: `key`, `reason`",
			"versions?": "old versions that went: `versionCount`, `size`, `lockedCount`, `deletedTooEarly` (keys)",
		},
	},
	{
		command: "drill --json",
		fields: {
			archive: "address of the archive",
			time: "the time in its key, ISO 8601",
			at: "when the drill began, ISO 8601",
			ok: "whether all was restored as it is in the archive",
			entryCount: "entries restored",
			archiveEntryCount: "entries of the archive",
			size: "bytes restored",
			sample: "share of the entries that was restored, above 0 and up to 1",
			seed: "what `--seed` takes for the same sample",
			elapsedMs: "milliseconds that restoring took, without reading back",
			bytesPerSecond: "bytes restored each second",
			"error?": "one line about what is wrong",
			differenceCount: "things that are not as in the archive",
			differences: "the first 100, each a line",
			lastProvenRestore: "when a drill of this archive passed for the last time, ISO 8601, or `null`",
		},
	},
	{
		command: "backup --json",
		fields: RUN_REPORT,
	},
	{ command: "run --json, each", fields: RUN_REPORT },
	{
		command: "backup --dry-run --json",
		type: "UploadPlan",
		fields: {
			"job?": "name of the job",
			"retention?":
				"with a policy: `kept` (each a `key` with the `rules` that keep it), `locked` (`key`, `until`) and `removed` (keys)",
			earlyDeletions:
				'archives that go before the storage has billed them for its shortest time: `key`, `at`, `days`, `leastDays`, `fee` (or `"unknown"`), `currency`',
		},
	},
	{
		command: "uploads --json",
		fields: {
			bucket: "bucket of the uploads",
			prefix: "what their keys begin with",
			uploads:
				"a list, each an `IncompleteUpload` with `initiated` as ISO 8601; with `--abort` an `AbortedUpload` whose `error` is a message",
		},
	},
	{
		command: "doctor --json",
		fields: {
			bucket: "bucket that was tried",
			prefix: "what the keys that were tried begin with",
			passedCount: "findings that pass",
			warningCount: "findings to look at",
			failedCount: "findings that fail",
			findings: FINDING,
		},
	},
	{ command: "shards plan --json", type: "ShardPlan", fields: {} },
	{ command: "shards work --json, a line for each shard", type: "MadeShard", fields: {} },
	{ command: "shards finish --json", type: "FinishedShards", fields: {} },
	{ command: "shards status --json", type: "ShardsStatus", fields: {} },
	{ command: "shards abort --json", type: "AbortedShards", fields: {} },
	{ command: "submit --json", type: "ShardPlan", fields: {} },
	{
		command: "submit --wait --json",
		type: "FinishedShards",
		fields: { id: "id of the archive in the queue" },
	},
	{ command: "status --json", type: "ZipStatus", fields: {} },
	{ command: "cancel --json", type: "CancelledZip", fields: {} },
	{
		command: "worker --json, a line each",
		fields: {
			time: "when it happened, ISO 8601",
			event:
				'`"ready"`, `"listening"`, `"started"`, `"made"`, `"finished"`, `"failed"`, `"returned"`, `"skipped"`, `"queue-problem"`, `"retry"`, `"warning"`, `"request"` or `"stopping"`; others may be added',
			"queue?": "name of the queue",
			"concurrency?": "shards at once",
			"url?": "where metrics are",
			"plan?": "id of the archive in the queue",
			"target?": "address of the archive",
			"step?": '`"shard"` or `"finish"`',
			"index?": "shard, from 0",
			"attempt?": "from 1",
			"size?": "bytes of the shard, or of the archive",
			"entryCount?": "entries in it",
			"contentSize?": "bytes of its files before compression",
			"alreadyMade?": "whether an earlier attempt had made it",
			"elapsedMs?": "milliseconds",
			"code?": "an `ErrorCode`",
			"final?": "whether the archive fails with it; otherwise it is tried again",
			"reason?": "why a step is not taken",
			"message?": "one line",
		},
	},
	{
		command: "schedule --json, a line each",
		fields: {
			time: "when it happened, ISO 8601",
			event:
				'`"config-loaded"`, `"config-warning"`, `"config-refused"`, `"listening"`, `"scheduled"`, `"started"`, `"ended"`, `"stopped"`, `"given-up"`, `"clock-put-back"`, `"state-problem"`, `"note"` or `"stopping"`; others may be added',
			"job?": "name of the job",
			"due?": "when the run was due, or the next one will be, ISO 8601",
			"late?": "whether the run was missed, and is caught up",
			"report?": "how the run went: what a webhook gets",
			"level?": '`"info"`, `"warning"` or `"debug"`, of a note',
			"message?": "one line",
			"file?": "path of the config",
			"jobs?": "names of its jobs that have a schedule",
			"url?": "where the health of the schedule can be asked",
			"from?": "time that the clock has shown before, ISO 8601",
			"to?": "time that it shows now, ISO 8601",
		},
	},
	{
		command: "serve --json, a line each",
		fields: {
			time: "when it happened, ISO 8601",
			event: '`"listening"`, `"request"`, `"failure"` or `"stopping"`; others may be added',
			"source?": "what is served, as it was given",
			"url?": "where it can be opened",
			"method?": "of a request",
			"target?": "path and query of a request, as they were sent",
			"client?": "address of whoever asked",
			"status?": "HTTP status of the answer",
			"sentSize?": "bytes of the body that were handed to the system",
			"elapsedMs?": "milliseconds from the request to the end of the answer",
			"complete?": "whether the answer went out to its end",
			"message?": "one line",
		},
	},
	{
		command: "any command that fails, with --json",
		fields: {
			error: {
				code: 'an `ErrorCode`, `"INTERRUPTED"` or `"BUG"`',
				message: "the line on stderr",
				exitCode: "exit code of the process",
				"incompleteUpload?": "what `upload --resume` leaves behind: `{ uploadId, partCount, size }`",
			},
		},
	},
];
