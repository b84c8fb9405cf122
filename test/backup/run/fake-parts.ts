import type { BackupArchive } from "../../../src/backup/archives/archive-facts.ts";
import type { BackupJob } from "../../../src/backup/job.ts";
import type { RunEvent } from "../../../src/backup/run/run-events.ts";
import type { RunParts } from "../../../src/backup/run/run-parts.ts";
import type { RunWords } from "../../../src/backup/run/run-state.ts";
import type { RunReport } from "../../../src/backup/run-report.ts";
import { parseKeyTemplate } from "../../../src/backup/template/parse-key-template.ts";
import { errorToJson } from "../../../src/cli/error-to-json.ts";
import { exitCodeOf } from "../../../src/cli/exit-codes.ts";
import { exitCodeOfRun } from "../../../src/cli/terminal/report.ts";
import type { UploadZipResult } from "../../../src/upload/attempt.ts";

export const WORDS: RunWords = {
	describeError: (error) => ({ ...errorToJson(error), exitCode: exitCodeOf(error) }),
	exitCodeOf: exitCodeOfRun,
};

const NOBODY = {
	ping: undefined,
	webhook: undefined,
	mail: undefined,
	apprise: undefined,
	metricsFile: undefined,
};

/** A job with a hook of each kind, a policy, Object Lock and a lease: it does everything that a run can do. */
export function fullJob(over: Partial<BackupJob> = {}): BackupJob {
	return {
		name: "db",
		sources: [{ path: "/srv" }],
		template: parseKeyTemplate("s3://bucket/db-%Y-%m-%dT%H-%M-%SZ.zip"),
		upload: {},
		verify: "structure",
		keep: { daily: 7, min: 1 },
		pruneVersions: false,
		requireDrill: undefined,
		objectLock: { mode: "governance", max: undefined, intervalMs: undefined },
		lockWaitMs: 0,
		lease: true,
		hooks: { before: ["b"], after: ["a"], failed: ["f"], finally: ["z"] },
		tell: NOBODY,
		skipIfUnchanged: false,
		rolling: undefined,
		schedule: undefined,
		...over,
	};
}

/** A job without anything that it can do without. */
export function plainJob(over: Partial<BackupJob> = {}): BackupJob {
	const hooks = { before: [], after: [], failed: [], finally: [] };
	return fullJob({ keep: undefined, objectLock: undefined, lease: false, hooks, ...over });
}

const RESULT: UploadZipResult = {
	bucket: "bucket",
	key: "",
	size: 100,
	etag: "etag",
	versionId: undefined,
	entryCount: 3,
	zip64: false,
	partCount: 1,
	copiedEntryCount: 0,
	copiedSize: 0,
	resumedPartCount: 0,
	resumedSize: 0,
	skippedCount: 0,
	warnings: [],
};

/** Parts that note what is asked of them, one word each, and do nothing. */
export function fakeParts(
	over: Partial<RunParts> = {},
	newest?: BackupArchive,
): { readonly parts: RunParts; readonly calls: string[]; readonly told: RunReport[] } {
	const calls: string[] = [];
	const told: RunReport[] = [];
	const note = (call: string) => {
		calls.push(call);
	};
	const held = (what: string) => ({
		release: async () => note(`release ${what}`),
		check: async () => note(`check ${what}`),
	});
	const plain: RunParts = {
		lock: async () => held("lock"),
		lease: async () => held("lease"),
		tell: async (_occasion, report) => {
			told.push(report);
			return [];
		},
		hooks: async () => {},
		fingerprint: async () => ({ value: "f", entryCount: 3, latestMs: 0 }),
		newest: async () => newest,
		sweep: async () => {},
		checkLocks: async () => {},
		base: async () => ({ type: "full", reason: "there is no archive yet" }),
		upload: async ({ key, beforeComplete }) => {
			await beforeComplete();
			return { ...RESULT, key };
		},
		record: async () => {},
		lockObjects: async () => {},
		retain: async (check) => {
			await check();
			return { keptCount: 7, removedCount: 1, removed: ["old"], lockedCount: 0 };
		},
		close: () => {},
	};
	const all = { ...plain, ...over };
	/** @param name - Gets the first argument. */
	const noted =
		<Args extends readonly unknown[], Result>(
			act: (...args: Args) => Result,
			name: (first: Args[0]) => string,
		) =>
		(...args: Args): Result => {
			note(name(args[0]));
			return act(...args);
		};
	const parts: RunParts = {
		newest: all.newest,
		lock: noted(all.lock, () => "lock"),
		lease: noted(all.lease, () => "lease"),
		tell: noted(all.tell, (occasion) => `tell ${occasion}`),
		hooks: noted(all.hooks, (name) => `hooks ${name}`),
		fingerprint: noted(all.fingerprint, () => "fingerprint"),
		checkLocks: noted(all.checkLocks, () => "checkLocks"),
		sweep: noted(all.sweep, (alone) => `sweep ${alone ? "alone" : "old"}`),
		base: noted(all.base, () => "base"),
		upload: noted(all.upload, () => "upload"),
		record: noted(all.record, () => "record"),
		lockObjects: noted(all.lockObjects, () => "lockObjects"),
		retain: noted(all.retain, () => "retain"),
		close: noted(all.close, () => "close"),
	};
	return { parts, calls, told };
}

/** The stages that were told, in order. */
export function stagesOf(events: readonly RunEvent[]): readonly string[] {
	return events.flatMap((event) => (event.type === "run-stage" ? [event.stage] : []));
}
