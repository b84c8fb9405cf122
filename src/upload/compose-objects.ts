import type { RunReport } from "../archive/run-report.ts";
import { ObjectsComposition } from "../compose/objects/objects-composition.ts";
import { problemOf, StorageError } from "../errors.ts";
import type { Warning } from "../events.ts";
import { looksLikeS3Url, type ObjectAddress } from "../s3/address.ts";
import type { Connection } from "../s3/connection.ts";
import { ARCHIVED_CLASSES } from "../s3/objects/archived-classes.ts";
import type { Provider } from "../s3/providers.ts";
import type { Source } from "../sources/source.ts";
import { isUrlSource } from "../sources/source-forms.ts";
import { TrialCopies, type TrialCopying } from "../storage/copying/trial-copies.ts";
import { leftUpload } from "./incomplete/left-upload.ts";
import { retryTimeOf, type UploadSettings } from "./options.ts";

/**
 * The composition that has the storage copy large objects of its own, if there may be any: the archive keeps them as they are, they are
 * reached as it is, and the storage takes parts of any size.
 *
 * @returns `undefined` as well if a hash was chosen for the whole, which needs all bytes, and for a class of which nothing can be read
 * back, as what is copied has to be.
 */
export function composeObjects(
	sources: Source | readonly Source[],
	settings: UploadSettings,
	connection: Connection,
	report: RunReport,
): ObjectsComposition | undefined {
	const { transport, method, hash, partSize, storageClass } = settings;
	const isAble = transport === "parts" && mayCopy(settings, connection.provider);
	if (!isAble || hash === "sha256" || hash === "crc32") return undefined;
	if (storageClass !== undefined && ARCHIVED_CLASSES.has(storageClass)) return undefined;
	const { limits } = connection.provider;
	const list: readonly Source[] = Array.isArray(sources) ? sources : [sources as Source];
	if (!list.some(isOfTarget)) return undefined;
	const openTrial = trialOf(
		connection,
		settings,
		{ ...settings, retryTimeMs: retryTimeOf(settings) },
		report,
	);
	return new ObjectsComposition({ method, limits, partSize, openTrial });
}

/** How the CRC-32s of objects are found out by copying them, where the storage tells those of copies. */
export function trialOf(
	connection: Connection,
	{ bucket, key }: ObjectAddress,
	{ sse, sseKmsKeyId, retryTimeMs }: TrialCopying["object"] & Pick<TrialCopying, "retryTimeMs">,
	{ onEvent }: RunReport,
): (() => TrialCopies) | undefined {
	const { checksums, copyChecksums } = connection.provider;
	if (!checksums || copyChecksums !== "range") return undefined;
	const onRetry = (operation: string, reason: string, waitMs: number) =>
		onEvent({ type: "retry", operation, reason, waitMs });
	const onLeft = (address: ObjectAddress, uploadId: string) =>
		onEvent(leftUpload(address, uploadId, "could not be removed and still takes space"));
	const how = { object: { sse, sseKmsKeyId }, retryTimeMs, onRetry, onLeft };
	return () => new TrialCopies(connection, { bucket, key }, how);
}

/** Whether sources may be objects that the archive keeps as they are, and the storage takes ranges of them as parts. */
export function mayCopy(
	{ method, sourceStorage }: Pick<UploadSettings, "method" | "sourceStorage">,
	{ copies, unequalParts }: Provider,
): boolean {
	return method === "store" && copies === "yes" && unequalParts && sourceStorage === undefined;
}

function isOfTarget(source: Source): boolean {
	if (typeof source === "string") return looksLikeS3Url(source);
	return (
		typeof source === "object" &&
		source !== null &&
		isUrlSource(source) &&
		source.storage === undefined &&
		looksLikeS3Url(String(source.url))
	);
}

/**
 * Uploads, and once more with everything carried if the storage turns out to refuse copies: what was no error before there was any
 * copying is none now.
 *
 * @param carrying - `undefined` if the archive cannot be made twice.
 */
export async function unlessCopyRefused<Result>(
	objects: ObjectsComposition | undefined,
	copying: () => Promise<Result>,
	carrying: (() => Promise<Result>) | undefined,
	report: RunReport,
): Promise<Result> {
	try {
		return await copying();
	} catch (error) {
		if (objects === undefined || carrying === undefined || !isRefusedCopy(error)) throw error;
		report.warnBeforeNext(notCopied(error));
		objects.carryAll();
		return carrying();
	}
}

/** All is sent because of this error. */
export function notCopied(error: unknown): Warning {
	const message = `all is sent, as the storage does not copy objects into the archive: ${problemOf(error)}`;
	return { code: "OBJECTS_NOT_COPIED", message };
}

/** Whether the storage does not copy, so that carrying may help. */
export function isRefusedCopy(error: unknown): boolean {
	if (!(error instanceof StorageError) || error.code !== "STORAGE_REFUSED") return false;
	return error.facts.operation === "UploadPartCopy" && error.facts.orphanedUploadId === undefined;
}
