import type { ArchivePlan } from "../archive/plan.ts";
import { planZip } from "../archive/planned-archive.ts";
import { RunReport } from "../archive/run-report.ts";
import { mapInOrder } from "../async/map-in-order.ts";
import type { RunCutting } from "../compose/copyable/cut-runs.ts";
import { SourceError, StorageError } from "../errors.ts";
import type { ObjectAddress } from "../s3/address.ts";
import type { Connection } from "../s3/connection.ts";
import { checkCredentials } from "../s3/credentials.ts";
import { headObject } from "../s3/objects/head-object.ts";
import { openConnection } from "../s3/open-connection.ts";
import { firstContact } from "../s3/retry.ts";
import { USUAL_CONCURRENCY } from "../storage/parts/part-memory.ts";
import { type PinnedObject, pinObject } from "../upload/base/pinned-object.ts";
import { retryTimeOf } from "../upload/options.ts";
import { withOwnStorage } from "../upload/own-sources.ts";
import { planParts } from "../upload/plan-parts.ts";
import { CopiedRanges } from "../upload/read-back/copied-ranges.ts";
import { sampleOfCopied } from "../upload/read-back/copied-sample.ts";
import { type EditedArchive, openEdited } from "./archives/open-edited.ts";
import { EditComposition } from "./composition/edit-composition.ts";
import { KeptEntries } from "./composition/kept-entries.ts";
import type { Edit, Editing } from "./edit.ts";
import type { EditZipResult } from "./edit-result.ts";
import { connectionToCopy, refuseIrreplaceable } from "./target/copying.ts";
import { publish } from "./target/publish.ts";
import { targetSettings } from "./target/target-settings.ts";
import { warnOfCarrying, warnOfTarget } from "./warnings.ts";

/** Archives that are opened at once. */
const OPENED_AT_ONCE = { count: 8, weight: 8, weigh: () => 1 };

/**
 * Makes an archive of entries of others, which the storage copies where they are enough for a part, and of sources. All or nothing: until
 * the new archive is there and was read back, all archives are as they were, also that whose place it takes.
 */
export async function editArchive(edit: Edit): Promise<EditZipResult> {
	const { settings, target } = edit;
	const { signal, concurrency = USUAL_CONCURRENCY } = settings;
	signal?.throwIfAborted();
	const report = new RunReport(settings.onEvent);
	const connection = await openConnection(settings, target.bucket, concurrency, report.onEvent);
	const opened: EditedArchive[] = [];
	try {
		warnOfTarget(target, connection, report);
		await checkCredentials(connection.client, signal);
		const open = (address: ObjectAddress) => openEdited(address, settings, connection, report.onEvent);
		async function* addresses() {
			yield edit.archives;
		}
		const discard = ({ reader }: EditedArchive) => reader.close();
		for await (const batch of mapInOrder(addresses(), open, OPENED_AT_ONCE, { signal, discard }))
			for (const archive of batch) opened.push(archive); // one by one: the next may fail
		const replaced = opened.find(({ pin }) => pin.bucket === target.bucket && pin.key === target.key);
		const there = replaced?.pin ?? (await whatIsThere(edit, connection));
		const copying = await connectionToCopy(connection, opened, edit, report);
		refuseIrreplaceable(there, copying.whyNoCopies);
		return await makeEdited(edit, opened, { ...copying, report, replaced, there });
	} finally {
		await Promise.all(opened.map(({ reader }) => reader.close()));
		connection.close();
	}
}

async function makeEdited(
	edit: Edit,
	archives: readonly EditedArchive[],
	editing: Editing,
): Promise<EditZipResult> {
	const { connection, whyNoCopies, report } = editing;
	const { signal, dryRun, verifySample } = edit.settings;
	const settings = await targetSettings(edit, archives, editing, Date.now());
	const kept = new KeptEntries(archives);
	await edit.choose(kept, signal);
	const { limits } = connection.provider;
	const cutting: RunCutting = {
		minSize: limits.minPartSize,
		maxPartSize: limits.maxPartSize,
		maxPartCount: whyNoCopies === undefined ? Math.floor(limits.maxPartCount * COPIED_SHARE) : 0,
	};
	const composition = new EditComposition(archives, kept, cutting, edit.replace);
	const planned = await planZip(
		edit.sources,
		withOwnStorage(settings),
		dryRun ? report : undefined,
		composition,
	);
	try {
		const { plan } = planned;
		const { copied, carried, addedCount } = composition;
		if (edit.sources.length > 0 && plan.complete && addedCount === 0) {
			if (edit.mayAddNothing !== true || editing.there === undefined) throw nothingToAdd();
			return { ...unchanged(editing.there, kept), dryRun, zip64: plan.zip64, ...findingsOf(report) };
		}
		if (whyNoCopies !== undefined && carried.size >= limits.minPartSize) warnOfCarrying(whyNoCopies, report);
		const parts = planParts(settings, plan.sizeBound, connection.provider, copied);
		const known = {
			...edit.target,
			dryRun,
			removedEntryCount: kept.leftOutCount,
			...{ copiedEntryCount: copied.entryCount, copiedSize: copied.size },
			...{ carriedEntryCount: carried.entryCount, carriedSize: carried.size },
		};
		if (dryRun) return { ...known, ...planResult(plan, addedCount), ...findingsOf(report) };
		const { entryCount, sourceSize, sizeBound, zip64 } = plan;
		const { partSize, maxPartCount } = parts.parts;
		report.onEvent({ type: "planned", entryCount, sourceSize, sizeBound, zip64, partSize, maxPartCount });
		const ranges = new CopiedRanges();
		const put = { planned, parts, copies: copied.partCount > 0, ranges, settings, connection, report };
		const content = sampleOfCopied(ranges, {
			...{ share: verifySample, connection, retryTimeMs: retryTimeOf(settings) },
			alsoBefore: copied.size + carried.size,
		});
		const stored = await publish(put, editing.there, { level: "structure", content });
		return {
			...known,
			...stored,
			addedEntryCount: stored.entryCount - kept.count,
			...findingsOf(report),
		};
	} finally {
		await planned.close();
	}
}

/** Of all parts that a storage takes, those that copies may need. */
const COPIED_SHARE = 1 / 2;

function planResult({ sizeBound, entryCount, zip64 }: ArchivePlan, addedEntryCount: number) {
	const unknown = { etag: undefined, versionId: undefined, partCount: undefined };
	return { size: sizeBound, entryCount, zip64, addedEntryCount, ...unknown };
}

/** An archive that is left as it is. */
function unchanged({ bucket, key, size, etag, versionId }: PinnedObject, { count }: KeptEntries) {
	const none = { addedEntryCount: 0, removedEntryCount: 0, copiedEntryCount: 0, copiedSize: 0 };
	const uncarried = { carriedEntryCount: 0, carriedSize: 0, partCount: 0 };
	return { bucket, key, size, etag, versionId, entryCount: count, ...none, ...uncarried };
}

function findingsOf({ skippedCount, warnings }: RunReport) {
	return { skippedCount, warnings };
}

async function whatIsThere(
	{ target, settings: { signal, retryTimeMs }, noClobber }: Edit,
	connection: Connection,
): Promise<PinnedObject | undefined> {
	const head = await headObject(connection, target, { signal, ...firstContact(retryTimeMs) });
	if (head === undefined) return undefined;
	if (!noClobber) return pinObject(target, head);
	const { bucket, key } = target;
	const message = `s3://${bucket}/${key} exists already and is left as it is`;
	throw new StorageError("DESTINATION_EXISTS", message, { bucket, key });
}

function nothingToAdd(): SourceError {
	return new SourceError(
		"SOURCE_EMPTY",
		"there is nothing to append: the sources are empty, filters leave nothing, or the archive has all of it already",
	);
}
