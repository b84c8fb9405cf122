import { type Connection, notAhead } from "../../s3/connection.ts";
import type { BackupArchive } from "../archives/archive-facts.ts";
import { isVerified } from "../archives/archive-state.ts";
import { type ListArchivesOptions, listKeys, lookAt } from "../archives/list-archives.ts";
import type { BackupJob } from "../job.ts";
import { isFullDue } from "./full-due.ts";
import { fullStart, startOf } from "./full-start.ts";
import { sourcesMark } from "./sources-mark.ts";

/** What a rolling run copies from, or why it makes all of its archive from the sources. */
export type BaseChoice =
	| { readonly type: "base"; readonly archive: BackupArchive }
	/** As was to be expected: it is the first run, or all is due to be made anew. */
	| { readonly type: "full"; readonly reason: string }
	/** There are archives, and none will do. */
	| { readonly type: "unfit"; readonly reason: string };

export interface FindBaseOptions extends ListArchivesOptions {
	/** Told of temporary objects that earlier runs have left, before anything is chosen. */
	readonly onLeft?: ((keys: readonly string[]) => Promise<void>) | undefined;
}

/** The parts of a job that a base is found by. */
export type RollingJob = Pick<BackupJob, "name" | "sources" | "template" | "rolling">;

/**
 * Chooses the base of a run: the newest archive of the job that was verified, is of the same sources, and is older than the run. One that
 * lacks what could not be read will do: what it has is whole, and the rest is new.
 *
 * @param now - When the run begins to make its archive.
 * @throws {StorageError}
 */
export async function findBase(
	connection: Connection,
	job: RollingJob,
	now: Date,
	options: FindBaseOptions = {},
): Promise<BaseChoice> {
	const { template } = job;
	const candidates = await listCandidates(connection, job, options);
	if (candidates.length === 0) return { type: "full", reason: `there is no archive of ${template.text} yet` };
	const begin = notAhead(connection, now);
	const mark = sourcesMark(job);
	let reason: string | undefined;
	for (const candidate of candidates) {
		options.signal?.throwIfAborted();
		const judged = await judge(connection, job, candidate, { mark, begin }, options);
		if (typeof judged === "object") return dueOrBase(judged, job, begin);
		if (judged !== undefined) reason ??= `s3://${template.bucket}/${candidate.key} ${judged}`;
	}
	return { type: "unfit", reason: reason ?? `the archives of ${template.text} are gone` };
}

interface Candidate {
	readonly key: string;
	readonly time: Date;
	/** Whether something is noted about it: that it was verified, for one. */
	readonly recorded: boolean;
}

/** Objects whose keys the template makes, the newest first. */
async function listCandidates(
	connection: Connection,
	{ template }: RollingJob,
	options: FindBaseOptions,
): Promise<readonly Candidate[]> {
	const { times, recorded, temporary } = await listKeys(connection, template, options);
	if (temporary.length > 0) await options.onLeft?.(temporary);
	return [...times]
		.map(([key, time]) => ({ key, time, recorded: recorded.has(key) }))
		.sort((a, b) => b.time.getTime() - a.time.getTime());
}

interface Wanted {
	/** See {@link sourcesMark}. */
	readonly mark: string;
	/** Of the run. */
	readonly begin: Date;
}

/** @returns the archive if it will do, or why not, in words that go on behind its address; `undefined` if it is gone */
async function judge(
	connection: Connection,
	{ name, template }: RollingJob,
	candidate: Candidate,
	{ mark, begin }: Wanted,
	options: ListArchivesOptions,
): Promise<BackupArchive | string | undefined> {
	if (candidate.time > begin) return "is from the future";
	if (!candidate.recorded) return "was never verified";
	const archive = await lookAt(connection, template, candidate, { ...options, job: name });
	if (archive === undefined) return undefined;
	if ("reason" in archive) return archive.reason;
	if (!isVerified(archive)) return "was not verified, or a restore of it has failed since";
	// By a clock that was ahead, files that have changed since would look older than it.
	if (startOf(archive.metadata) > begin) return "was made at a time that is still to come";
	if (archive.metadata.sources !== mark) return "is of other sources, or of another machine";
	return archive;
}

function dueOrBase(archive: BackupArchive, { rolling, template }: RollingJob, begin: Date): BaseChoice {
	const every = rolling?.fullEvery;
	const last = fullStart(archive.metadata);
	if (every === undefined || !isFullDue(last, every, begin, template.timeZone))
		return { type: "base", archive };
	return {
		type: "full",
		reason: `the last full archive is of ${last.toISOString().replace(/\.\d+Z$/, "Z")}`,
	};
}
