import { Readable } from "node:stream";
import type { ObjectCannedACL, S3Client, ServerSideEncryption, StorageClass } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { StorageError } from "../errors.ts";
import { abortUpload } from "./abort-upload.ts";
import { guardBody } from "./guarded-body.ts";
import { proveObject } from "./proof.ts";
import { toStorageError } from "./storage-errors.ts";
import type { ObjectOptions, PutRequest, PutResult } from "./transport.ts";
import { UploadSession } from "./upload-session.ts";

/**
 * {@link Transport} on `Upload` of `@aws-sdk/lib-storage`, which cuts the stream into parts and sends
 * them. What it does not do reliably is done here: it takes any end of the stream for success, rejects a
 * cancelled upload before its requests have ended, reports the failure of its own clean-up instead of the
 * cause, notices a refused part only when the stream moves on, and never looks at the result.
 */
export async function putWithLibStorage(client: S3Client, request: PutRequest): Promise<PutResult> {
	const { address, partSize, concurrency, object } = request;
	const session = new UploadSession(client, request);
	const body = Readable.from(guardBody(request, session.stop), { objectMode: false });
	const upload = new Upload({
		client: session.client,
		params: { Bucket: address.bucket, Key: address.key, Body: body, ...objectParams(object) },
		partSize,
		queueSize: concurrency,
		leavePartsOnError: true, // removed by this function, which waits for it
	});
	try {
		await upload.done();
	} catch (error) {
		session.fail(error); // no effect if something failed before
	}
	body.destroy();
	await session.settled();
	const failed = session.stop.aborted && session.committed === undefined;
	if (failed && !session.committing) throw await failure(client, request, session);

	// The answer to Complete may have got lost, or be an error after success. What the storage holds decides.
	const expected = { size: session.uploadedSize, etag: session.expectedEtag };
	try {
		const { etag, versionId } = await proveObject(client, address, expected);
		if (failed && expected.etag === undefined) throw session.stop.reason;
		return {
			size: expected.size,
			etag,
			versionId: session.committed?.versionId ?? versionId,
			partCount: session.partCount,
		};
	} catch (error) {
		if (failed) throw await failure(client, request, session);
		throw toStorageError(error, "HeadObject", address);
	}
}

/** Removes what was uploaded; the first failure stays the headline, whatever becomes of that. */
async function failure(client: S3Client, { address }: PutRequest, session: UploadSession): Promise<unknown> {
	const error: unknown = session.stop.reason;
	const { uploadId } = session;
	if (uploadId === undefined || (await abortUpload(client, address, uploadId))) return error;
	const { bucket, key } = address;
	const text = error instanceof Error ? error.message : String(error);
	return new StorageError(
		error instanceof StorageError ? error.code : "STORAGE_REFUSED",
		`${text}; the unfinished upload ${uploadId} of s3://${bucket}/${key} could not be removed and still takes space`,
		{
			...(error instanceof StorageError ? error.facts : {}),
			bucket,
			key,
			orphanedUploadId: uploadId,
			cause: error,
		},
	);
}

function objectParams(object: ObjectOptions) {
	const { contentType = "application/zip", metadata } = object;
	return {
		ContentType: contentType,
		...(object.contentDisposition === undefined ? {} : { ContentDisposition: object.contentDisposition }),
		...(object.cacheControl === undefined ? {} : { CacheControl: object.cacheControl }),
		...(metadata === undefined ? {} : { Metadata: { ...metadata } }),
		// The SDK's unions list what it knows; storages have more, and say so themselves if it is wrong.
		...(object.storageClass === undefined ? {} : { StorageClass: object.storageClass as StorageClass }),
		...(object.acl === undefined ? {} : { ACL: object.acl as ObjectCannedACL }),
		...(object.sse === undefined ? {} : { ServerSideEncryption: object.sse as ServerSideEncryption }),
		...(object.sseKmsKeyId === undefined ? {} : { SSEKMSKeyId: object.sseKmsKeyId }),
	};
}
