import { headersToKeep, storageClassOf, versionHeader } from "../http/object-headers.ts";
import { writeCondition } from "../http/preconditions.ts";
import type { Answer, OperationRequest, Stores } from "../operation.ts";
import { checksumHeaders } from "../store/checksums.ts";
import { idOf, type StoredObject, type WriteCondition } from "../store/stored-object.ts";
import { assertHasDigest, assertUnlocked, retentionOf } from "./retention.ts";
import { tagsOf } from "./tagging.ts";
import { checkVersionId } from "./version-id.ts";

export async function putObject(request: OperationRequest, stores: Stores): Promise<Answer> {
	const { bucket, key, body, headers } = request;
	const mayWrite = writeCondition(request);
	// Asked twice: here to spare the transfer, in put() because the world may have changed by then.
	mayWrite(stores.objects.find(bucket, key));
	const retention = retentionOf(request, stores);
	if (retention !== undefined) assertHasDigest(request);
	const kept = {
		headers: headersToKeep(headers),
		storageClass: storageClassOf(headers),
		tags: tagsOf(headers),
		retention,
	};

	const { blob, result } = await stores.blobs.store((sink) => body.receive(sink));
	const checksum = result.checksum && { ...result.checksum, type: "FULL_OBJECT" as const };
	const etag = result.md5.toString("hex");
	const lastModified = stores.now().getTime();
	const object = {
		key,
		size: blob.size,
		etag,
		lastModified,
		...kept,
		checksum,
		blobs: [blob],
		multipart: false,
	};
	try {
		const { added, removed } = stores.objects.put(bucket, object, mayWrite);
		await stores.blobs.remove(removed?.blobs ?? []);
		const answer = { etag: `"${etag}"`, ...versionHeader(added), ...checksumHeaders(checksum) };
		return { status: 200, headers: answer };
	} catch (error) {
		await stores.blobs.remove([blob]);
		throw error;
	}
}

export async function deleteObject(request: OperationRequest, stores: Stores): Promise<Answer> {
	const versionId = request.query.get("versionId");
	if (versionId !== undefined) checkVersionId(request.bucket, versionId, stores);
	const condition = request.headers["if-match"] === undefined ? () => {} : writeCondition(request);
	const { marker, removed } = await removeObject(request, { key: request.key, versionId }, stores, condition);
	const isMarker = marker !== undefined || removed?.isDeleteMarker === true;
	return {
		status: 204,
		headers: { ...versionHeader(marker ?? removed), ...(isMarker ? { "x-amz-delete-marker": "true" } : {}) },
	};
}

/** An object, or one version of it. */
export interface ObjectToDelete {
	readonly key: string;
	readonly versionId: string | undefined;
}

interface Removal {
	/** Put before the versions in place of a removal. */
	readonly marker: StoredObject | undefined;
	readonly removed: StoredObject | undefined;
}

/** Deletes an object by a delete marker, or a version of it for good, which its lock may not allow. */
export async function removeObject(
	request: OperationRequest,
	{ key, versionId }: ObjectToDelete,
	stores: Stores,
	condition: WriteCondition = () => {},
): Promise<Removal> {
	const { bucket } = request;
	const { objects } = stores;
	if (versionId === undefined) {
		const { added, removed } = objects.delete(bucket, key, stores.now().getTime(), condition);
		await stores.blobs.remove(removed?.blobs ?? []);
		return { marker: added, removed };
	}
	const version = objects.versions(bucket, key).find((one) => idOf(one) === versionId);
	assertUnlocked(version, request, stores);
	condition(version);
	const { removed } = objects.deleteVersion(bucket, key, versionId);
	await stores.blobs.remove(removed?.blobs ?? []);
	return { marker: undefined, removed };
}
