import { abortLater } from "../../async/abort-later.ts";
import { refuseExisting } from "../../storage/put/probe-bucket.ts";
import { discard } from "../../storage/put/settle/discard.ts";
import { HURRIED_REMOVAL_MS } from "../../storage/put/settle/hurry.ts";
import type { PinnedObject } from "../../upload/base/pinned-object.ts";
import { replaceObject } from "../../upload/base/replace-object.ts";
import { retryTimeOf } from "../../upload/options.ts";
import { examineArchive, type ReadBack, type ReadBackFacts } from "../../upload/verify-upload.ts";
import { type EditedPut, putEdited, type StoredEdit } from "./put-edited.ts";

/** An archive that is in its bucket, and was read back. */
type PublishedEdit = StoredEdit & ReadBackFacts;

/**
 * Makes the archive, puts it in the place of what is there, and reads it back. What somebody else has put there meanwhile stays.
 *
 * @param there - What is under its key.
 * @param how - How much is read back.
 * @throws {SourceError} `SOURCE_CHANGED`, `SOURCE_NOT_FOUND` if that is not what is there any more.
 * @throws {StorageError} `DESTINATION_EXISTS` if there was nothing, and now is; `INTEGRITY` if the archive is damaged.
 */
export async function publish(
	put: EditedPut,
	there: PinnedObject | undefined,
	how: ReadBack,
): Promise<PublishedEdit> {
	const { settings, connection, report } = put;
	const { signal, beforeComplete } = settings;
	if (there === undefined) return putNew(put, how);
	let facts: ReadBackFacts = {};
	const stored = await replaceObject<StoredEdit>(connection, {
		base: there,
		object: settings,
		put: (target) => putEdited(put, target),
		async examine(found, depth) {
			const isSample = depth === "sample";
			const examination = await examineArchive(settings, found, isSample ? how : { level: "structure" });
			if (isSample) facts = examination.facts;
			return examination.damage;
		},
		beforeComplete,
		retryTimeMs: retryTimeOf(settings),
		signal,
		onEvent: report.onEvent,
	});
	return { ...stored, ...facts };
}

/** Puts it where nothing is. */
async function putNew(put: EditedPut, how: ReadBack): Promise<PublishedEdit> {
	const { settings, connection } = put;
	const { bucket, key, signal } = settings;
	const stored = await putEdited(put, {
		address: { bucket, key },
		object: settings,
		ifMatch: undefined,
		noClobber: true,
		async beforeComplete(stop) {
			await settings.beforeComplete?.(stop);
			// Some storages take no notice of the condition.
			await refuseExisting(connection, { bucket, key }, { retryTimeMs: retryTimeOf(settings), signal: stop });
		},
	});
	const { damage, facts } = await examineArchive(settings, stored, how);
	if (damage === undefined) return { ...stored, ...facts };
	throw await discard(connection, stored, stored, damage, abortLater(signal, HURRIED_REMOVAL_MS));
}
