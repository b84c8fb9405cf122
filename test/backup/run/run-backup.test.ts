import { describe, expect, it } from "vitest";
import type { BackupArchive } from "../../../src/backup/archives/archive-facts.ts";
import type { BackupJob } from "../../../src/backup/job.ts";
import { runBackup } from "../../../src/backup/run/run-backup.ts";
import type { RunEvent } from "../../../src/backup/run/run-events.ts";
import type { RunParts } from "../../../src/backup/run/run-parts.ts";
import { Interrupted } from "../../../src/cli/terminal/signals.ts";
import { SourceError, StorageError } from "../../../src/errors.ts";
import { fakeParts, fullJob, plainJob, stagesOf, WORDS } from "./fake-parts.ts";

const NOW = new Date("2026-03-04T05:06:07Z");

interface Made {
	readonly job?: BackupJob;
	readonly over?: Partial<RunParts>;
	readonly newest?: BackupArchive;
	readonly signal?: AbortSignal;
}

async function run({ job = fullJob(), over = {}, newest, signal }: Made) {
	const { parts, calls, told } = fakeParts(over, newest);
	const events: RunEvent[] = [];
	const report = await runBackup(job, {
		...{ words: WORDS, signal, now: () => NOW, parts: async () => parts },
		onEvent: (event) => events.push(event),
	});
	return { report, calls, told, events };
}

function refusal(what: string): StorageError {
	return new StorageError("STORAGE_REFUSED", `${what} refused`);
}

const failing = (what: string) => () => Promise.reject(refusal(what));

function archive(over: Partial<BackupArchive["metadata"]> = {}): BackupArchive {
	return {
		key: "db-2026-03-03T05-06-07Z.zip",
		versionId: undefined,
		time: new Date("2026-03-03T05:06:07Z"),
		size: 100,
		etag: "e",
		metadata: {
			format: 1,
			startedNs: "1772514367000000000",
			method: "auto",
			level: 6,
			mtime: undefined,
			job: "db",
			template: "t",
			fingerprint: "f",
			...over,
		},
		record: undefined,
	};
}

describe("a run", () => {
	it("does everything in its order, and gives back what it holds", async () => {
		const { report, calls, events, told } = await run({});
		expect(calls).toEqual([
			...["lock", "lease", "tell start", "hooks before", "checkLocks", "check lease", "sweep alone"],
			...["upload"],
			...["check lease", "record"],
			...["hooks after", "lockObjects", "retain", "check lease", "tell success", "hooks finally"],
			...["release lease", "release lock", "close"],
		]);
		expect(report).toMatchObject({
			job: "db",
			status: "success",
			startedAt: NOW.toISOString(),
			exitCode: 0,
			error: undefined,
			archive: { bucket: "bucket", key: "db-2026-03-04T05-06-07Z.zip", entryCount: 3, verified: "structure" },
			retention: { keptCount: 7, removedCount: 1 },
			warnings: [],
		});
		expect(told.map(({ status }) => status)).toEqual(["running", "success"]);
		expect(stagesOf(events)).toEqual([
			...[
				"lock",
				"lease",
				"start",
				"before",
				"upload",
				"record",
				"after",
				"object-lock",
				"retention",
				"tell",
			],
			"finally",
		]);
		expect(events.at(-1)).toEqual({ type: "run-ended", report });
	});

	it("leaves out what the job does not ask for", async () => {
		const { calls } = await run({ job: plainJob() });
		expect(calls).toEqual([
			...["lock", "tell start", "sweep old", "upload", "record", "tell success", "release lock", "close"],
		]);
	});

	it("goes without a lease where the storage cannot give one", async () => {
		const { report, calls } = await run({ over: { lease: async () => undefined } });
		expect(report.status).toBe("success");
		expect(calls).toContain("sweep old");
	});
});

describe("a run that fails", () => {
	const cases: [string, Partial<RunParts>, number, string[]][] = [
		["at its lease", { lease: failing("lease") }, 5, ["lock", "lease"]],
		[
			"in a before hook",
			{ hooks: async (name) => (name === "before" ? Promise.reject(hookFailure(name)) : undefined) },
			4,
			["lock", "lease", "tell start", "hooks before"],
		],
		[
			"in its upload",
			{ upload: failing("upload") },
			5,
			["lock", "lease", "tell start", "hooks before", "checkLocks", "check lease", "sweep alone", "upload"],
		],
	];
	it.each(cases)("%s publishes nothing and removes nothing", async (_where, over, exitCode, before) => {
		const { report, calls, told } = await run({ over });
		const release = over.lease === undefined ? ["release lease"] : [];
		expect(calls).toEqual([
			...before,
			...["hooks failed", "tell failure", "hooks finally", ...release, "release lock", "close"],
		]);
		expect(report).toMatchObject({ status: "failure", exitCode, archive: undefined, retention: undefined });
		expect(told.at(-1)).toMatchObject({ status: "failure", exitCode, error: report.error });
	});

	const later: [string, Partial<RunParts>, number, string][] = [
		["its record", { record: failing("record") }, 5, "record"],
		[
			"an after hook",
			{ hooks: async (name) => (name === "after" ? Promise.reject(hookFailure(name)) : undefined) },
			4,
			"hooks after",
		],
		["its Object Lock", { lockObjects: failing("lock") }, 5, "lockObjects"],
	];
	it.each(later)(
		"behind the upload, at %s, says that the archive is there, and removes nothing",
		async (...made) => {
			const [, over, exitCode, last] = made;
			const { report, calls } = await run({ over });
			expect(calls).not.toContain("retain");
			expect(calls[calls.indexOf("hooks failed") - 1]).toBe(last);
			expect(calls.slice(calls.indexOf("hooks failed"))).toEqual([
				...["hooks failed", "tell failure", "hooks finally", "release lease", "release lock", "close"],
			]);
			expect(report).toMatchObject({
				status: "failure",
				exitCode,
				archive: { size: 100 },
				retention: undefined,
			});
			expect(report.error?.message).toMatch(
				/; the archive s3:\/\/bucket\/db-2026-03-04T05-06-07Z\.zip is complete \(structure verified\)$/,
			);
		},
	);

	it("in retention has the exit code of the storage, and its archive", async () => {
		const network = new StorageError("NETWORK", "cannot reach the storage");
		const { report } = await run({ over: { retain: () => Promise.reject(network) } });
		expect(report).toMatchObject({ status: "failure", exitCode: 6, error: { code: "NETWORK" } });
		expect(report.error?.message).toMatch(/^cannot reach the storage; the archive s3:\/\/.* is complete/);
	});

	it("as its lease was lost before the end publishes nothing", async () => {
		let published = false;
		const { report, calls } = await run({
			over: {
				lease: async () => ({ check: failing("the lease"), release: async () => {} }),
				async upload({ beforeComplete }) {
					await beforeComplete();
					published = true;
					throw new Error("too late");
				},
			},
		});
		expect(published).toBe(false);
		expect(report).toMatchObject({ status: "failure", exitCode: 5, archive: undefined });
		// What is being sent may be that of the run that has the lease now.
		expect(calls).not.toContain("sweep alone");
		expect(calls).not.toContain("retain");
	});

	it("as another run has the lock runs no hooks, and tells it", async () => {
		const { report, calls } = await run({ over: { lock: failing("lock") } });
		expect(calls).toEqual(["lock", "tell failure", "close"]);
		expect(report.status).toBe("failure");
	});
});

describe("what does not fail a run", () => {
	it("is somebody who cannot be told, or says so", async () => {
		const warning = { code: "NOT_TOLD", message: "https://ping answers 500" } as const;
		for (const tell of [failing("ping"), async () => [warning]]) {
			const { report } = await run({ over: { tell } });
			expect(report).toMatchObject({ status: "success", exitCode: 0 });
			expect(report.warnings.map(({ code }) => code)).toEqual(["NOT_TOLD", "NOT_TOLD"]);
		}
	});

	it.each(["failed", "finally"] as const)("is a %s hook", async (hook) => {
		const hooks = async (name: string) => (name === hook ? Promise.reject(hookFailure(hook)) : undefined);
		const upload = failing("upload");
		const { report } = await run({ over: { hooks, ...(hook === "failed" ? { upload } : {}) } });
		expect(report.exitCode).toBe(hook === "failed" ? 5 : 0);
		expect(report.warnings).toEqual([{ code: "HOOK_FAILED", message: `the ${hook} hook x failed` }]);
	});
});

describe("a run that lacks something", () => {
	it("removes nothing, as older archives may have it", async () => {
		const { parts, calls } = fakeParts();
		const report = await runBackup(fullJob(), {
			words: WORDS,
			now: () => NOW,
			parts: async (_job, { onEvent }) => ({
				...parts,
				async upload(task) {
					onEvent({ type: "warning", code: "UNREADABLE_SKIPPED", message: "left out a.txt" });
					return await parts.upload(task);
				},
			}),
		});
		expect(report).toMatchObject({ status: "success", exitCode: 3, retention: undefined });
		expect(report.warnings.map(({ code }) => code)).toEqual(["UNREADABLE_SKIPPED", "RETENTION_SKIPPED"]);
		expect(calls).toContain("lockObjects");
		expect(calls).not.toContain("retain");
	});
});

describe("skipIfUnchanged", () => {
	const job = fullJob({ skipIfUnchanged: true });

	it("uploads nothing if the newest archive has the same, and does all the rest", async () => {
		const { report, calls } = await run({ job, newest: archive() });
		expect(calls).toEqual([
			...[
				"lock",
				"lease",
				"tell start",
				"hooks before",
				"fingerprint",
				"hooks after",
				"lockObjects",
				"retain",
			],
			...["check lease", "tell success", "hooks finally", "release lease", "release lock", "close"],
		]);
		expect(report).toMatchObject({
			status: "unchanged",
			exitCode: 0,
			archive: { key: "db-2026-03-03T05-06-07Z.zip", entryCount: 3 },
			retention: { removedCount: 1 },
		});
	});

	it.each([
		["there is no archive", undefined, "f", 0],
		["another fingerprint", archive({ fingerprint: "g" }), "f", 0],
		["no fingerprint", archive({ fingerprint: undefined }), "f", 0],
		["a file as young as that run", archive(), "f", 1_772_514_366_000],
	])("uploads with %s", async (_why, newest, value, latestMs) => {
		const fingerprint = async () => ({ value, entryCount: 3, latestMs });
		const { report, calls } = await run({
			job,
			over: { fingerprint },
			...(newest === undefined ? {} : { newest }),
		});
		expect(calls).toContain("upload");
		expect(report.status).toBe("success");
	});

	it.each([
		["structure", "success"],
		["content", "unchanged"],
	] as const)("goes by an archive whose %s was read back, if content is to be: %s", async (level, status) => {
		const verified = [{ at: "2026-03-03T05:06:07Z", level }];
		const facts = { version: 1, etag: "e", versionId: undefined, drills: [], locks: [] } as const;
		const newest = { ...archive(), record: { ...facts, verified } };
		const { report } = await run({ job: { ...job, verify: "content" }, newest });
		expect(report.status).toBe(status);
	});

	it("uploads if only reading the sources would tell", async () => {
		const { calls } = await run({ job, over: { fingerprint: async () => undefined }, newest: archive() });
		expect(calls).toContain("upload");
	});
});

describe("rolling", () => {
	const job = fullJob({ rolling: { fullEvery: undefined } });
	const base = archive({ fullStartedNs: "1771000000000000000" });

	it("looks for a base when nobody else can remove it, and removes it only when the new archive is verified", async () => {
		const tasks: unknown[] = [];
		const { parts } = fakeParts();
		const over: Partial<RunParts> = {
			base: async () => ({ type: "base", archive: base }),
			async upload(task) {
				tasks.push(task.base);
				return { ...(await parts.upload(task)), copiedEntryCount: 2, copiedSize: 90 };
			},
		};
		const { report, calls } = await run({ job, over });
		expect(calls.filter((call) => !call.startsWith("hooks") && !call.startsWith("tell"))).toEqual([
			...[
				"lock",
				"lease",
				"checkLocks",
				"check lease",
				"sweep alone",
				"base",
				"upload",
				"check lease",
				"record",
			],
			...["lockObjects", "retain", "check lease", "release lease", "release lock", "close"],
		]);
		expect(tasks).toEqual([base]);
		expect(report.archive).toMatchObject({
			base: base.key,
			fullStartedAt: "2026-02-13T16:26:40.000Z",
			copiedEntryCount: 2,
			copiedSize: 90,
		});
	});

	it("names no base if nothing was copied from it", async () => {
		const { report } = await run({ job, over: { base: async () => ({ type: "base", archive: base }) } });
		expect(report.archive).toMatchObject({ base: undefined, fullStartedAt: undefined, copiedSize: 0 });
	});

	it("makes all where a base was not to be expected, and does not warn", async () => {
		const { report, events } = await run({
			job,
			over: { base: async () => ({ type: "full", reason: "there is no archive yet" }) },
		});
		expect(events).toContainEqual({
			type: "run-note",
			message: "there is no archive yet; all of the archive is made and sent",
		});
		expect(report).toMatchObject({ status: "success", exitCode: 0, warnings: [] });
	});

	it("makes all where no archive will do, and warns", async () => {
		const { report } = await run({
			job,
			over: { base: async () => ({ type: "unfit", reason: "s3://b/k was never verified" }) },
		});
		const message = "s3://b/k was never verified; all of the archive is made and sent";
		expect(report).toMatchObject({
			status: "success",
			exitCode: 0,
			warnings: [{ code: "BASE_NOT_USED", message }],
		});
	});

	it("fails if the archives cannot be looked at, with nothing sent or removed", async () => {
		const { report, calls } = await run({ job, over: { base: failing("listing") } });
		expect(report).toMatchObject({ status: "failure", exitCode: 5 });
		expect(calls).not.toContain("upload");
		expect(calls).not.toContain("retain");
	});

	it("is not asked for a base if nothing has changed", async () => {
		const { calls } = await run({ job: { ...job, skipIfUnchanged: true }, newest: archive() });
		expect(calls).not.toContain("base");
	});
});

describe("a run that is stopped", () => {
	const stages = ["lease", "before", "upload", "record", "after", "retention"] as const;
	it.each(stages)(
		"at its stage %s has the exit code of the signal, and ends as one that failed",
		async (stage) => {
			const stop = new AbortController();
			const { parts, calls, told } = fakeParts();
			const report = await runBackup(fullJob(), {
				words: WORDS,
				now: () => NOW,
				signal: stop.signal,
				parts: async () => parts,
				onEvent(event) {
					if (event.type === "run-stage" && event.stage === stage) stop.abort(new Interrupted("SIGTERM"));
				},
			});
			expect(report).toMatchObject({
				status: "failure",
				exitCode: 143,
				retention: undefined,
			});
			expect(calls.slice(calls.indexOf("hooks failed"))).toEqual([
				...["hooks failed", "tell failure", "hooks finally"],
				...(calls.includes("lease") ? ["release lease"] : []),
				...["release lock", "close"],
			]);
			expect(told.at(-1)).toMatchObject({ status: "failure", exitCode: 143 });
			expect(report.archive === undefined).toBe(["lease", "before", "upload"].includes(stage));
		},
	);
});

function hookFailure(name: string): SourceError {
	return new SourceError("COMMAND_FAILED", `the ${name} hook x failed`);
}
