import type { RunReport } from "../archive/run-report.ts";
import { ObjectsComposition } from "../compose/objects/objects-composition.ts";
import { problemOf, StorageError } from "../errors.ts";
import { looksLikeS3Url } from "../s3/address.ts";
import { ARCHIVED_CLASSES } from "../s3/objects/archived-classes.ts";
import type { Provider } from "../s3/providers.ts";
import type { Source } from "../sources/source.ts";
import { isUrlSource } from "../sources/source-forms.ts";
import type { UploadSettings } from "./options.ts";

/**
 * The composition that has the storage copy large objects of its own, if there may be any: the archive keeps them as they are, they are
 * reached as it is, and the storage takes parts of any size.
 *
 * @returns `undefined` as well if a hash was chosen for the whole, which needs all bytes, and for a class of which nothing can be read
 * back, as what is copied has to be.
 */
export function composeObjects(
	sources: Source | readonly Source[],
	{ transport, method, hash, sourceStorage, partSize, storageClass }: UploadSettings,
	{ copies, unequalParts, limits }: Provider,
): ObjectsComposition | undefined {
	const isAble = transport === "parts" && copies === "yes" && unequalParts && sourceStorage === undefined;
	if (!isAble || method !== "store" || hash === "sha256" || hash === "crc32") return undefined;
	if (storageClass !== undefined && ARCHIVED_CLASSES.has(storageClass)) return undefined;
	const list: readonly Source[] = Array.isArray(sources) ? sources : [sources as Source];
	return list.some(isOfTarget) ? new ObjectsComposition({ method, limits, partSize }) : undefined;
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
		const message = `all is sent, as the storage does not copy objects into the archive: ${problemOf(error)}`;
		report.warnBeforeNext({ code: "OBJECTS_NOT_COPIED", message });
		objects.carryAll();
		return carrying();
	}
}

function isRefusedCopy(error: unknown): boolean {
	if (!(error instanceof StorageError) || error.code !== "STORAGE_REFUSED") return false;
	return error.facts.operation === "UploadPartCopy" && error.facts.orphanedUploadId === undefined;
}
