import type { Warning } from "../../events.ts";
import type { UploadZipResult } from "../../upload/attempt.ts";
import type { BackupArchive } from "../archives/archive-facts.ts";
import type { Hooks } from "../job.ts";
import type { BaseChoice } from "../rolling/find-base.ts";
import type { RunArchive, RunReport, RunRetention } from "../run-report.ts";
import type { Occasion } from "../tell/tell-settings.ts";
import type { Fingerprint } from "./fingerprint.ts";

/** Something that is held until it is released. */
export interface Held {
	release(): Promise<void>;
}

/** The object in the bucket that keeps runs on other machines away. */
export interface HeldLease extends Held {
	/** @throws if it is no longer ours */
	check(): Promise<void>;
}

/** What an upload is told beyond the settings of the job. */
interface UploadTask {
	readonly key: string;
	readonly fingerprint: Fingerprint | undefined;
	/** What to copy from. */
	readonly base: BackupArchive | undefined;
	/** Called right before the archive becomes visible. */
	readonly beforeComplete: () => Promise<void>;
}

/** What a run does its work with. Each fails by throwing, and all of them stop when the signal of the run aborts. */
export interface RunParts {
	lock(): Promise<Held>;
	/** @returns `undefined` if the job has none, or the storage cannot give one */
	lease(): Promise<HeldLease | undefined>;
	/**
	 * Tells everybody who wants to know.
	 *
	 * @returns who could not be reached
	 */
	tell(occasion: Occasion, report: RunReport, signal: AbortSignal | undefined): Promise<readonly Warning[]>;
	hooks(name: keyof Hooks, report: RunReport, signal: AbortSignal | undefined): Promise<void>;
	/** @returns `undefined` if the sources cannot tell without being read */
	fingerprint(): Promise<Fingerprint | undefined>;
	/** The newest archive, if it was verified and lacks nothing. */
	newest(): Promise<BackupArchive | undefined>;
	/**
	 * Removes what runs that were killed have left of their uploads.
	 *
	 * @param alone - Whether nobody else can be uploading for this job.
	 */
	sweep(alone: boolean): Promise<void>;
	/** Looks whether the archive can be locked, before anything is sent. */
	checkLocks(): Promise<void>;
	/**
	 * Looks for an archive to copy from, and removes what runs that were killed have left of copying.
	 *
	 * @param alone - Whether nobody else can be uploading for this job; else nothing is removed.
	 */
	base(alone: boolean): Promise<BaseChoice>;
	upload(task: UploadTask): Promise<UploadZipResult>;
	/**
	 * Notes that the archive was verified.
	 *
	 * @param incomplete - Whether some of the sources could not be read.
	 */
	record(archive: RunArchive, incomplete: boolean): Promise<void>;
	/** Sets and extends Object Locks. */
	lockObjects(): Promise<void>;
	/** @param check - Called before each batch of deletions. */
	retain(check: () => Promise<void>): Promise<RunRetention>;
	/** Lets go of connections. */
	close(): void;
}
