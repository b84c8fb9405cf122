import pLimit from "p-limit";
import type { Connection } from "../../s3/connection.ts";
import { deleteObjects, type ObjectToDelete } from "../../s3/objects/delete-objects.ts";
import { headObject } from "../../s3/objects/head-object.ts";
import {
	type DeleteMarker,
	listObjectVersions,
	type ObjectVersion,
} from "../../s3/objects/list-object-versions.ts";
import type { RequestOptions } from "../../s3/objects/request-options.ts";
import { readArchiveMetadata } from "../../upload/archive-metadata.ts";
import { applyKeepPolicy } from "../retention/apply-policy.ts";
import type { KeepPolicy } from "../retention/keep-policy.ts";
import type { KeyTemplate } from "../template/key-template.ts";
import type { BackupArchive } from "./archive-facts.ts";
import { isVerified } from "./archive-state.ts";
import { archiveOfRecord, whyStrange } from "./list-archives.ts";
import type { PruneOptions } from "./prune-archives.ts";
import { PruneError } from "./prune-error.ts";

export interface PruneVersionsSettings {
	readonly policy: KeepPolicy;
	readonly now: Date;
	/** The archives that are there now, behind the removal of others. */
	readonly archives: readonly BackupArchive[];
	readonly job?: string | undefined;
	/** Removes nothing. */
	readonly dryRun?: boolean | undefined;
}

export interface PrunedVersions {
	/** Old versions that are gone for good, delete markers among them. */
	readonly versionCount: number;
	/** Bytes of these. */
	readonly size: number;
	/** Versions that the storage holds. */
	readonly lockedCount: number;
	/** Keys of archives that somebody has deleted though the policy keeps them: they can be had back. */
	readonly deletedTooEarly: readonly string[];
}

type Version = ObjectVersion | DeleteMarker;

/** What is kept under one key, from the newest on. */
interface History {
	readonly key: string;
	readonly time: Date;
	readonly versions: Version[];
	/** Of its record. */
	readonly records: Version[];
}

const BATCH_SIZE = 100;
const CONCURRENCY = 16;

/**
 * Removes for good what lies below the archives of a template: versions that were replaced or deleted, and the markers
 * above them. Only versions that carry the metadata of this template, none that the storage holds, and none below an
 * object that is no verified archive of this template.
 *
 * An archive that somebody has deleted stays as a version for as long as the policy would keep it among all archives
 * there have been: a deletion by mistake, or by an intruder, is not made final by the next run.
 *
 * @throws {PruneError}, what `beforeDelete` has thrown, or the reason of the signal
 */
export async function pruneVersions(
	connection: Connection,
	template: KeyTemplate,
	settings: PruneVersionsSettings,
	options: PruneOptions = {},
): Promise<PrunedVersions> {
	const { bucket } = template;
	const histories = await readHistories(connection, template, options);
	const current = new Map(settings.archives.map((archive) => [archive.key, archive]));
	const kept = keptAmongAll(histories, template, settings);
	const deletedTooEarly: string[] = [];
	let versionCount = 0;
	let size = 0;
	let lockedCount = 0;
	const work = histories.filter(({ key, versions }) => {
		const archive = current.get(key);
		const latest = versions.find(({ isLatest }) => isLatest);
		// One that was replaced since it was looked at is an old version now, and the only good one.
		if (archive !== undefined)
			return isVerified(archive) && latest?.versionId === (archive.versionId ?? "null");
		if (latest?.isDeleteMarker !== true) return false; // a stranger
		if (!kept.has(key)) return true;
		if (versions.some(({ isDeleteMarker }) => !isDeleteMarker)) deletedTooEarly.push(key);
		return false;
	});
	for (let start = 0; start < work.length; start += BATCH_SIZE) {
		options.signal?.throwIfAborted();
		if (settings.dryRun !== true) await options.beforeDelete?.();
		const batch = work.slice(start, start + BATCH_SIZE);
		const looked = await pLimit(CONCURRENCY).map(batch, (history) =>
			removable(connection, template, history, settings, options),
		);
		const objects = looked.flatMap((found) => found.objects);
		const markers = looked.flatMap((found) => found.markers);
		// The markers last: without them, a version that could not be removed would count again.
		if (settings.dryRun !== true) {
			for (const some of [objects, markers]) {
				const failures = await deleteObjects(connection, bucket, some, options);
				const outcome = { removed: [], spared: [], keepsVersions: true };
				if (failures.length > 0) throw new PruneError(bucket, failures, outcome);
			}
		}
		versionCount += objects.length + markers.length;
		size += looked.reduce((sum, found) => sum + found.size, 0);
		lockedCount += looked.reduce((sum, found) => sum + found.lockedCount, 0);
	}
	return { versionCount, size, lockedCount, deletedTooEarly };
}

async function readHistories(
	connection: Connection,
	template: KeyTemplate,
	options: RequestOptions,
): Promise<readonly History[]> {
	const { bucket, prefix } = template;
	const histories = new Map<string, History>();
	for await (const page of listObjectVersions(connection, { bucket, prefix }, options)) {
		for (const version of page) {
			const ofRecord = archiveOfRecord(version.key, template);
			const key = ofRecord ?? version.key;
			const time = template.timeOf(key);
			if (time === undefined) continue;
			const history = histories.get(key) ?? { key, time, versions: [], records: [] };
			histories.set(key, history);
			history[ofRecord === undefined ? "versions" : "records"].push(version);
		}
	}
	return [...histories.values()];
}

/** Keys of archives that the policy would keep if none had ever been deleted. */
function keptAmongAll(
	histories: readonly History[],
	{ timeZone }: KeyTemplate,
	{ policy, now, archives }: PruneVersionsSettings,
): ReadonlySet<string> {
	const good = new Set(archives.filter(isVerified).map(({ key }) => key));
	const deleted = histories.filter(
		({ versions }) => !versions.some((one) => one.isLatest && !one.isDeleteMarker),
	);
	const hidden = new Set(deleted.map(({ key }) => key));
	const all = histories.filter(({ key }) => good.has(key) || hidden.has(key));
	const { kept } = applyKeepPolicy(all, policy, { timeZone, now });
	return new Set(kept.map(({ archive }) => archive.key));
}

interface Removable {
	readonly objects: readonly ObjectToDelete[];
	readonly markers: readonly ObjectToDelete[];
	readonly size: number;
	readonly lockedCount: number;
}

/** What can go of one key: all but the version that counts, and what is not ours or held. */
async function removable(
	connection: Connection,
	template: KeyTemplate,
	{ key, versions, records }: History,
	{ now, job }: PruneVersionsSettings,
	options: RequestOptions,
): Promise<Removable> {
	const objects: ObjectToDelete[] = [];
	let size = 0;
	let lockedCount = 0;
	let stays = false;
	for (const version of versions) {
		if (version.isDeleteMarker) continue;
		const { versionId, isLatest } = version;
		stays ||= isLatest;
		if (isLatest) continue;
		const head = await headObject(connection, { bucket: template.bucket, key }, { ...options, versionId });
		if (head === undefined) continue;
		const isOurs = whyStrange(readArchiveMetadata(head.metadata), template, job) === undefined;
		const isHeld = head.legalHold || (head.lockedUntil !== undefined && head.lockedUntil > now);
		if (isOurs && isHeld) lockedCount++;
		if (isOurs && !isHeld) {
			objects.push({ key, versionId });
			size += version.size;
		} else stays = true;
	}
	const isCurrent = versions.some((version) => version.isLatest && !version.isDeleteMarker);
	// A marker that counts hides what stays below it.
	const markers = versions.filter((one) => one.isDeleteMarker && !(stays && one.isLatest && !isCurrent));
	const oldRecords = records.filter((one) => !one.isLatest || !stays);
	return {
		objects: [...objects, ...oldRecords.filter((one) => !one.isDeleteMarker)].map(named),
		markers: [...markers, ...oldRecords.filter((one) => one.isDeleteMarker)].map(named),
		size,
		lockedCount,
	};
}

function named({ key, versionId }: ObjectToDelete): ObjectToDelete {
	return versionId === undefined ? { key } : { key, versionId };
}
