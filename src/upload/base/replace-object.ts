import { abortLater } from "../../async/abort-later.ts";
import { GiB } from "../../bytes/units.ts";
import { SourceError, type StorageError } from "../../errors.ts";
import type { ZipferryEventListener } from "../../events.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { factsOf, isConditionFailed } from "../../s3/errors/refusals.ts";
import { headObject } from "../../s3/objects/head-object.ts";
import { draftKey } from "../../sources/objects/helper-keys.ts";
import { sourceChanged, sourceGone } from "../../storage/parts/copied-part.ts";
import { splitRange } from "../../storage/parts/object-range.ts";
import type { ObjectSettings } from "../../storage/put/object-options.ts";
import { putInParts } from "../../storage/put/parts-transport.ts";
import { saying } from "../../storage/put/settle/clean-up.ts";
import { discard } from "../../storage/put/settle/discard.ts";
import { HURRIED_REMOVAL_MS } from "../../storage/put/settle/hurry.ts";
import type { PutResult, SessionRequest } from "../../storage/put/transport.ts";
import { bodyOf } from "./copied-body.ts";
import { type PinnedObject, proveCurrent, realVersion } from "./pinned-object.ts";
import { removeHelpers } from "./remove-helpers.ts";

/** What a bucket holds after an upload. */
export interface StoredObject extends ObjectAddress {
	/** Bytes. */
	readonly size: number;
	/** Without quotes. */
	readonly etag: string;
	/** On buckets that keep versions. */
	readonly versionId: string | undefined;
	readonly partCount: number;
}

/** Where a new object is to be put, and how. */
export interface ReplacementTarget {
	/** Its own key, or that of a draft. */
	readonly address: ObjectAddress;
	/** Settings to be stored with it. */
	readonly object: ObjectSettings;
	/** For {@link Destination.ifMatch}. */
	readonly ifMatch: string | undefined;
	/** To be called right before the request that makes it visible. */
	readonly beforeComplete: SessionRequest["beforeComplete"];
}

/** An object that takes the place of the one that it is made from. */
export interface Replacement<Stored extends StoredObject> {
	/** The object that is replaced, under whose key the new one goes. */
	readonly base: PinnedObject;
	/** Settings of the new object. */
	readonly object: ObjectSettings;
	/** Puts the new object, all or nothing, as the target says. */
	readonly put: (target: ReplacementTarget) => Promise<Stored>;
	/**
	 * Reads an object back: the content of a sample of it, or its structure only.
	 *
	 * @returns what is damaged, if anything is, seen twice.
	 */
	readonly examine: (stored: Stored, depth: "sample" | "structure") => Promise<StorageError | undefined>;
	/** Called when the new object is made, and right before it becomes visible under the key. */
	readonly beforeComplete?: SessionRequest["beforeComplete"];
	/** Milliseconds for which a failing request is repeated. */
	readonly retryTimeMs: number;
	readonly signal: AbortSignal | undefined;
	/** Told of retries, and of what could not be removed. */
	readonly onEvent: ZipferryEventListener;
}

/**
 * Puts a new object under the key of the one that it is made from, and never lets go of that one before the new one is known to be whole:
 *
 * - If the bucket has kept a version of it, the new object is put under its key, and deleted if it turns out to be damaged.
 * - Otherwise it is put beside it, as a draft, read back there, copied over by the storage, and the draft is removed.
 *
 * Whatever fails, the base or a whole new object is under the key; else the error says where one is. If somebody else has put another
 * object under the key meanwhile, that one stays.
 *
 * @throws {SourceError} `SOURCE_CHANGED` or `SOURCE_NOT_FOUND` if the base is not under the key any more.
 * @throws {StorageError} `INTEGRITY` if the new object is damaged.
 */
export async function replaceObject<Stored extends StoredObject>(
	connection: Connection,
	replacement: Replacement<Stored>,
): Promise<Stored> {
	const { base } = replacement;
	return base.versionId === undefined
		? putBeside(connection, replacement)
		: putDirectly(connection, replacement);
}

/** Bytes that are copied with one request, as a rule: several at once take less time. */
const PIECE_SIZE = GiB;
/** Copies at once. */
const CONCURRENCY = 8;

async function putDirectly<Stored extends StoredObject>(
	connection: Connection,
	replacement: Replacement<Stored>,
): Promise<Stored> {
	const { base, put, examine, signal } = replacement;
	const stored = await put(targetOf(connection, replacement)).catch((error: unknown) => {
		throw refusalOf(error, base);
	});
	const damage = await examine(stored, "sample");
	if (damage === undefined) return stored;
	throw await discard(connection, base, stored, damage, abortLater(signal, HURRIED_REMOVAL_MS));
}

async function putBeside<Stored extends StoredObject>(
	connection: Connection,
	replacement: Replacement<Stored>,
): Promise<Stored> {
	const { base, object, put, examine } = replacement;
	// It is read and goes at once: no class that costs more then or has to be restored, no tags that rules go by.
	const settings = { ...object, storageClass: undefined, tags: undefined };
	const address = { bucket: base.bucket, key: draftKey(base.key) };
	const draft = await put({ address, object: settings, ifMatch: undefined, beforeComplete: undefined });
	const copying = { isCommitted: false };
	let stored: Stored;
	try {
		const damage = await examine(draft, "sample");
		if (damage !== undefined) throw saying(damage, "INTEGRITY", `${urlOf(base)} is as it was`, base);
		const { etag, versionId, partCount } = await copyOver(connection, draft, replacement, copying);
		stored = { ...draft, key: base.key, etag, versionId, partCount };
		const flaw = await examine(stored, "structure");
		if (flaw !== undefined) throw flaw;
	} catch (error) {
		const failure = refusalOf(error, base);
		if (copying.isCommitted && !(await isUntouched(connection, failure, replacement)))
			throw saying(
				failure,
				"STORAGE_REFUSED",
				`the new archive is whole as ${urlOf(draft)}, and left there`,
				base,
			);
		await removeDraft(connection, draft, replacement);
		throw failure;
	}
	await removeDraft(connection, draft, replacement);
	return stored;
}

/** Copies the draft over the base, if that is still there. */
function copyOver<Stored extends StoredObject>(
	connection: Connection,
	draft: StoredObject,
	replacement: Replacement<Stored>,
	copying: { isCommitted: boolean },
): Promise<PutResult> {
	const { onEvent, retryTimeMs, signal } = replacement;
	const { address, object, ifMatch, beforeComplete } = targetOf(connection, replacement);
	const { maxPartCount, maxPartSize, maxObjectSize } = connection.provider.limits;
	const pieceSize = Math.min(maxPartSize, Math.max(PIECE_SIZE, Math.ceil(draft.size / maxPartCount)));
	const { bucket, key, etag, size } = draft;
	const source = { bucket, key, versionId: realVersion(draft.versionId) };
	const whole = { source, etag, offset: 0, byteLength: size, isWhole: size <= pieceSize };
	return putInParts(connection, {
		destination: { address, object, noClobber: false, ifMatch },
		body: {
			open: () => bodyOf(splitRange(whole, pieceSize), size),
			sizeBound: size,
			mayCopy: "first",
			hash: undefined,
		},
		parts: { partSizeOf: () => size, capacity: maxObjectSize },
		pace: { concurrency: CONCURRENCY, bandwidth: undefined },
		resume: { upload: undefined, keepParts: false },
		...{ retryTimeMs, signal },
		async beforeComplete(stop) {
			await beforeComplete?.(stop);
			copying.isCommitted = true;
		},
		onEvent(event) {
			if (event.type === "retry") onEvent(event);
		},
	});
}

/** The key of the base, as long as that is there. */
function targetOf<Stored extends StoredObject>(
	connection: Connection,
	{ base, object, beforeComplete, retryTimeMs }: Replacement<Stored>,
): ReplacementTarget {
	return {
		address: { bucket: base.bucket, key: base.key },
		object,
		ifMatch: connection.provider.conditionalPut === "yes" ? base.etag : undefined,
		async beforeComplete(stop) {
			await beforeComplete?.(stop);
			await proveCurrent(connection, base, { signal: stop, retryTimeMs });
		},
	};
}

/** The condition that the base is still there is an error about the source. */
function refusalOf(error: unknown, base: PinnedObject): unknown {
	if (isConditionFailed(error)) return sourceChanged(base, error);
	const { operation, serverCode } = factsOf(error);
	return operation === "CompleteMultipartUpload" && serverCode === "NoSuchKey"
		? sourceGone(base, error)
		: error;
}

/** Whether the key certainly has what it had, as far as we are concerned. */
async function isUntouched<Stored extends StoredObject>(
	connection: Connection,
	failure: unknown,
	{ base, signal }: Replacement<Stored>,
): Promise<boolean> {
	if (failure instanceof SourceError) return true; // what is there now is somebody else's
	try {
		const head = await headObject(connection, base, { signal: abortLater(signal, HURRIED_REMOVAL_MS) });
		return head?.etag === base.etag;
	} catch {
		return false;
	}
}

async function removeDraft<Stored extends StoredObject>(
	connection: Connection,
	draft: Stored,
	{ signal, onEvent }: Replacement<Stored>,
): Promise<void> {
	const left = await removeHelpers(connection, [draft], abortLater(signal, HURRIED_REMOVAL_MS));
	if (left === undefined) return;
	const message = `${urlOf(draft)}, a draft, could not be removed and takes space: ${left.problem}`;
	onEvent({ type: "warning", code: "HELPERS_LEFT", message, origin: urlOf(draft) });
}

function urlOf({ bucket, key }: ObjectAddress): string {
	return `s3://${bucket}/${key}`;
}
