import pLimit from "p-limit";
import { StorageError } from "../../errors.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { headObject } from "../../s3/objects/head-object.ts";
import { listObjects } from "../../s3/objects/list-objects.ts";
import type { RequestOptions } from "../../s3/objects/request-options.ts";
import { archiveOfJoined } from "../../sources/objects/helper-keys.ts";
import { type ArchiveMetadata, readArchiveMetadata } from "../../upload/archive-metadata.ts";
import type { KeyTemplate } from "../template/key-template.ts";
import { RECORD_SUFFIX } from "../template/own-objects.ts";
import type { BackupArchive } from "./archive-facts.ts";
import { findRecord } from "./record.ts";

export interface ListArchivesOptions extends RequestOptions {
	/** Name of the job: archives that another job has made are none of its own. */
	readonly job?: string | undefined;
}

/** All that a listing shows of a template. */
export interface ArchiveSurvey {
	/** The oldest first. */
	readonly archives: readonly BackupArchive[];
	/** Objects whose keys match, and which are none of the archives. */
	readonly strangers: readonly StrangeObject[];
	/** Keys of archives that are gone and whose records are still there. */
	readonly recordsOfGone: readonly string[];
}

/** An object under a key of the template that no run with this template has put there. It is never touched. */
export interface StrangeObject {
	readonly key: string;
	/** Goes on behind the key: `has no metadata of a backup`. */
	readonly reason: string;
}

/** Requests at once. */
const CONCURRENCY = 16;

/**
 * Lists the archives of a template: objects whose keys it makes, and whose metadata says so.
 *
 * @returns the oldest first
 * @throws {StorageError}
 */
export async function listArchives(
	connection: Connection,
	template: KeyTemplate,
	options: ListArchivesOptions = {},
): Promise<readonly BackupArchive[]> {
	return (await surveyArchives(connection, template, options)).archives;
}

/** What the keys below a template tell. */
export interface TemplateKeys {
	/** Of the objects that may be archives, by their keys. */
	readonly times: ReadonlyMap<string, Date>;
	/** Keys of archives that something is noted about, whether they are there or not. */
	readonly recorded: ReadonlySet<string>;
	/** Of temporary objects that were made for archives of the template. */
	readonly temporary: readonly string[];
}

/** Lists the keys below a template, page by page. */
export async function listKeys(
	connection: Connection,
	template: KeyTemplate,
	options: ListArchivesOptions,
): Promise<TemplateKeys> {
	const { bucket, prefix } = template;
	const times = new Map<string, Date>();
	const recorded = new Set<string>();
	const temporary: string[] = [];
	for await (const { objects } of listObjects(connection, { bucket, prefix }, options)) {
		for (const { key } of objects) {
			const time = template.timeOf(key);
			if (time !== undefined) times.set(key, time);
			const archive = archiveOfRecord(key, template);
			if (archive !== undefined) recorded.add(archive);
			if (template.timeOf(archiveOfJoined(key) ?? "") !== undefined) temporary.push(key);
		}
	}
	return { times, recorded, temporary };
}

/** {@link listArchives}, and what else is there. Other keys under the same prefix are passed over, page by page. */
export async function surveyArchives(
	connection: Connection,
	template: KeyTemplate,
	options: ListArchivesOptions = {},
): Promise<ArchiveSurvey> {
	const { times, recorded } = await listKeys(connection, template, options);
	const archives: BackupArchive[] = [];
	const strangers: StrangeObject[] = [];
	await pLimit(CONCURRENCY).map(times, async ([key, time]) => {
		options.signal?.throwIfAborted();
		const found = await lookAt(connection, template, { key, time, recorded: recorded.has(key) }, options);
		if (found === undefined) return;
		if ("reason" in found) strangers.push(found);
		else archives.push(found);
	});
	return {
		archives: archives.sort((a, b) => a.time.getTime() - b.time.getTime()),
		strangers: strangers.sort((a, b) => (a.key < b.key ? -1 : 1)),
		recordsOfGone: [...recorded].filter((key) => !times.has(key)),
	};
}

/** The key of the archive that a record of the template is about. */
export function archiveOfRecord(key: string, template: KeyTemplate): string | undefined {
	if (!key.endsWith(RECORD_SUFFIX)) return undefined;
	const archive = key.slice(0, -RECORD_SUFFIX.length);
	return template.timeOf(archive) === undefined ? undefined : archive;
}

/** An object whose key the template makes, at the time of that key. */
export interface ArchiveCandidate {
	readonly key: string;
	readonly time: Date;
	/** Whether a record lies beside it. */
	readonly recorded: boolean;
}

/** @returns `undefined` if it is gone by now */
export async function lookAt(
	connection: Connection,
	template: KeyTemplate,
	{ key, time, recorded }: ArchiveCandidate,
	options: ListArchivesOptions,
): Promise<BackupArchive | StrangeObject | undefined> {
	const { bucket } = template;
	const head = await headObject(connection, { bucket, key }, options);
	if (head === undefined) return undefined;
	const metadata = readArchiveMetadata(head.metadata);
	const reason = whyStrange(metadata, template, options.job);
	if (metadata === undefined || reason !== undefined) return { key, reason: reason ?? "" };
	const { size, etag, versionId, storageClass, lockedUntil, legalHold } = head;
	const archive = { key, versionId, time, size, etag, metadata, storageClass, lockedUntil, legalHold };
	if (!recorded) return { ...archive, record: undefined };
	const record = await findRecord(connection, bucket, archive, options);
	if (record === "missing") return await missesRecord(connection, { bucket, key }, options);
	return { ...archive, record: record === "unfit" ? undefined : record };
}

/**
 * The listing has shown a record, and now there is none. If its archive went with it, all is well; else the storage
 * contradicts itself, and a good archive must not count as one that nobody has read back.
 */
async function missesRecord(
	connection: Connection,
	address: ObjectAddress,
	options: ListArchivesOptions,
): Promise<undefined> {
	if ((await headObject(connection, address, options)) === undefined) return;
	const { bucket, key } = address;
	const message = `the storage lists s3://${bucket}/${key}${RECORD_SUFFIX}, and answers that it does not exist; try again later`;
	throw new StorageError("STORAGE_REFUSED", message, { bucket, key });
}

/** @returns `undefined` for an archive of the template */
export function whyStrange(
	metadata: ArchiveMetadata | undefined,
	template: KeyTemplate,
	job: string | undefined,
): string | undefined {
	if (metadata === undefined) return "was not put there by zipferry";
	if (metadata.template === undefined) return "is no archive of a backup";
	if (metadata.template !== template.text) return `belongs to the template ${metadata.template}`;
	if (job !== undefined && metadata.job !== undefined && metadata.job !== job)
		return `belongs to the job ${metadata.job}`;
	return undefined;
}
