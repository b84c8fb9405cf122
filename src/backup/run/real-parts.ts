import { problemOf, SourceError } from "../../errors.ts";
import { resolveOptions } from "../../options/resolve-options.ts";
import type { Connection } from "../../s3/connection.ts";
import { openConnection } from "../../s3/open-connection.ts";
import { leftUpload } from "../../upload/incomplete/left-upload.ts";
import { UPLOAD_SCHEMA, type UploadSettings } from "../../upload/options.ts";
import { uploadBackup } from "../../upload/upload-backup.ts";
import type { ArchiveRecord } from "../archives/archive-facts.ts";
import { isComplete, isVerified } from "../archives/archive-state.ts";
import { findArchive } from "../archives/find-archive.ts";
import { readRecord, updateRecord } from "../archives/record.ts";
import type { BackupJob } from "../job.ts";
import { takeLease } from "../lock/lease.ts";
import { type JobLock, lockJob } from "../lock/lock-job.ts";
import type { LockHolder } from "../lock/locked-error.ts";
import { backupBase, baseOptions } from "../rolling/base-options.ts";
import { findBase } from "../rolling/find-base.ts";
import { sourcesMark } from "../rolling/sources-mark.ts";
import { sweepTemporary } from "../rolling/sweep-temporary.ts";
import { createTeller } from "../tell/tell.ts";
import { takeFingerprint } from "./fingerprint.ts";
import { hookEnvironment } from "./hook-environment.ts";
import { runHooks } from "./hooks.ts";
import { checkJobLocks, lockJobArchives } from "./job-locks.ts";
import { connectOptions, sourcesOf } from "./job-options.ts";
import { retain } from "./retain.ts";
import type { RunContext } from "./run-backup.ts";
import type { RunParts } from "./run-parts.ts";
import { sweepUploads } from "./sweep-uploads.ts";

/** Requests at once, beside those of the upload, which has a connection of its own. */
const CONCURRENCY = 16;

/** What a run does its work with: the storage, the machine, and those who are told. */
export async function openParts(job: BackupJob, context: RunContext): Promise<RunParts> {
	const { template } = job;
	const { bucket } = template;
	const { signal, onEvent, now } = context;
	const storage = new LazyStorage(job, context);
	const requests = { signal };
	const teller = createTeller(job.tell, { caFile: job.upload.caFile });
	let lock: JobLock | undefined;
	const onWait = (holder: LockHolder) => onEvent({ type: "run-note", message: waitingFor(holder) });
	return {
		async lock() {
			const { endpoint } = (await storage.get()).connection;
			lock = await lockJob(template, { waitMs: job.lockWaitMs, endpoint, signal, onWait });
			return lock;
		},
		async lease() {
			const { connection } = await storage.get();
			return await takeLease(connection, template, {
				...{ waitMs: job.lockWaitMs, scope: lock?.scope, signal, onWait },
				onNone: (reason) => onEvent({ type: "run-note", message: `no lease: ${reason}` }),
			});
		},
		tell: (occasion, report, until) => teller.tell(occasion, report, until),
		async hooks(name, report, until) {
			const env = { ...process.env, ...hookEnvironment(name, report) };
			const onLine = (line: string) => onEvent({ type: "hook-output", hook: name, line });
			await runHooks(name, job.hooks[name], { env, onLine, signal: until });
		},
		async fingerprint() {
			return await takeFingerprint(job.sources, (await storage.get()).settings);
		},
		async newest() {
			const { connection } = await storage.get();
			const options = { ...requests, job: job.name };
			const archive = await findArchive(connection, template, undefined, options).catch(unlessMissing);
			if (archive === undefined) return undefined;
			const newest = { ...archive, record: await readRecord(connection, bucket, archive, requests) };
			return isVerified(newest) && isComplete(newest) ? newest : undefined;
		},
		async sweep(alone) {
			try {
				const { left } = await sweepUploads(template, alone, { ...connectOptions(job), signal });
				for (const { key, uploadId } of left)
					onEvent(leftUpload({ bucket, key }, uploadId, "could not be removed and still takes space"));
			} catch (error) {
				signal?.throwIfAborted();
				// Whoever may upload need not be allowed to list uploads.
				onEvent({ type: "run-note", message: `no look for incomplete uploads: ${problemOf(error)}` });
			}
		},
		async base(alone) {
			const { connection } = await storage.get();
			const onLeft = (keys: readonly string[]) =>
				sweepTemporary(connection, template, keys, requests, onEvent);
			return await findBase(connection, job, now(), { ...requests, onLeft: alone ? onLeft : undefined });
		},
		async upload({ key, fingerprint, base, beforeComplete }) {
			const options = { ...job.upload, bucket, key, verify: job.verify, noClobber: true, beforeComplete };
			const mark = {
				...{ job: job.name, template: template.text, fingerprint: fingerprint?.value },
				sources: sourcesMark(job),
			};
			const given = { ...options, ...(base && baseOptions(template, base)), signal, onEvent };
			return await uploadBackup(sourcesOf(job), given, mark, base && backupBase(base));
		},
		async record(archive, incomplete) {
			const { connection } = await storage.get();
			const verification = { at: now().toISOString(), level: archive.verified };
			const change = (record: ArchiveRecord) => ({
				...record,
				...(incomplete ? { incomplete } : {}),
				verified: [...record.verified, verification],
			});
			await updateRecord(connection, bucket, archive, change, requests);
		},
		async checkLocks() {
			const { connection } = await storage.get();
			const warnings = await checkJobLocks(connection, job, now(), requests);
			for (const warning of warnings) onEvent({ type: "warning", ...warning });
		},
		async lockObjects() {
			await lockJobArchives((await storage.get()).connection, job, now(), requests);
		},
		async retain(check) {
			const { connection } = await storage.get();
			return await retain(connection, job, { now: now(), signal, beforeDelete: check, onEvent });
		},
		close() {
			storage.close();
		},
	};
}

interface Storage {
	readonly settings: UploadSettings;
	readonly connection: Connection;
}

/** The connection of a run, made when somebody needs it: what is wrong with its settings fails the run, and is told. */
class LazyStorage {
	readonly #open: () => Promise<Storage>;
	#opened: Promise<Storage> | undefined;

	constructor({ template, upload }: BackupJob, { startedAt, signal, onEvent }: RunContext) {
		this.#open = async () => {
			const key = template.keyAt(startedAt);
			const { bucket } = template;
			const settings = resolveOptions(UPLOAD_SCHEMA, { ...upload, bucket, key, signal, onEvent });
			return { settings, connection: await openConnection(settings, bucket, CONCURRENCY, onEvent) };
		};
	}

	get(): Promise<Storage> {
		this.#opened ??= this.#open();
		return this.#opened;
	}

	close(): void {
		this.#opened?.then(
			({ connection }) => connection.close(),
			() => {},
		);
	}
}

function waitingFor({ host, pid }: LockHolder): string {
	const who = [
		...(pid === undefined ? [] : [`process ${pid}`]),
		...(host === undefined ? [] : [`on ${host}`]),
	];
	return `waiting for another run of this job${who.length === 0 ? "" : ` (${who.join(" ")})`}`;
}

function unlessMissing(error: unknown): undefined {
	if (error instanceof SourceError && error.code === "SOURCE_NOT_FOUND") return undefined;
	throw error;
}
