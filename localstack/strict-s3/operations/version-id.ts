import { S3Error } from "../errors.ts";
import type { OperationRequest, Stores } from "../operation.ts";
import { idOf, NO_VERSION, noSuchKey, type StoredObject } from "../store/stored-object.ts";

/** The object that a request reads: the newest version, or the one that it names. */
export function requestedObject({ bucket, key, query }: OperationRequest, stores: Stores): StoredObject {
	const object = objectVersion({ bucket, key, versionId: query.get("versionId") }, stores);
	if (object.isDeleteMarker)
		throw new S3Error("MethodNotAllowed", "The specified method is not allowed against this resource.");
	return object;
}

/** The newest version of an object, or the one that is named, which may be a delete marker. */
export function objectVersion(
	{
		bucket,
		key,
		versionId,
	}: Pick<OperationRequest, "bucket" | "key"> & {
		readonly versionId: string | undefined;
	},
	stores: Stores,
): StoredObject {
	if (versionId === undefined) return stores.objects.get(bucket, key);
	const object = stores.objects.versions(bucket, key).find((one) => idOf(one) === versionId);
	if (object === undefined) {
		checkVersionId(bucket, versionId, stores);
		throw versionId === NO_VERSION ? noSuchKey(key) : noSuchVersion(key, versionId);
	}
	return object;
}

/** Refuses what is no version id in a bucket that never kept versions. */
export function checkVersionId(bucket: string, versionId: string, { objects }: Stores): void {
	if (versionId === NO_VERSION || objects.versioning(bucket) !== undefined) return;
	throw new S3Error("InvalidArgument", "Invalid version id specified", {
		ArgumentName: "versionId",
		ArgumentValue: versionId,
	});
}

export function noSuchVersion(key: string, versionId: string): S3Error {
	return new S3Error("NoSuchVersion", "The specified version does not exist.", {
		Key: key,
		VersionId: versionId,
	});
}
