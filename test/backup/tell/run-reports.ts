import type { RunReport } from "../../../src/backup/run-report.ts";
import type { TellSettings } from "../../../src/backup/tell/tell-settings.ts";

/** A run that went well. */
export const SUCCESS: RunReport = {
	job: "photos",
	host: "db1",
	status: "success",
	startedAt: "2026-11-26T02:00:00.000Z",
	elapsedMs: 725_000,
	exitCode: 0,
	error: undefined,
	archive: {
		bucket: "backups",
		key: "db1/photos/2026-11-26T02-00-00Z.zip",
		versionId: undefined,
		size: 1_610_612_736,
		etag: "e",
		entryCount: 12_345,
		skippedCount: 0,
		verified: "content",
		base: undefined,
		fullStartedAt: undefined,
		copiedEntryCount: 0,
		copiedSize: 0,
	},
	retention: { keptCount: 14, removedCount: 2, removed: ["a", "b"], lockedCount: 0 },
	warnings: [],
};

export const FAILURE: RunReport = {
	...SUCCESS,
	status: "failure",
	exitCode: 5,
	error: { code: "STORAGE_REFUSED", message: "PutObject to s3://backups/k was refused: AccessDenied" },
	archive: undefined,
	retention: undefined,
};

export const RUNNING: RunReport = {
	...SUCCESS,
	status: "running",
	elapsedMs: 0,
	archive: undefined,
	retention: undefined,
};

/** Settings that tell nobody, but for what a test asks for. */
export function tellSettings(over: Partial<TellSettings>): TellSettings {
	return {
		ping: undefined,
		webhook: undefined,
		mail: undefined,
		apprise: undefined,
		metricsFile: undefined,
		...over,
	};
}

/** Tries three times, without long pauses. */
export const QUICK = { tryMs: 30_000, pausesMs: [10, 10] };

/** Tries once, for a moment: whoever says nothing is given up. */
export const IMPATIENT = { tryMs: 500, pausesMs: [] };
