import type { ObjectCannedACL, ServerSideEncryption, StorageClass } from "@aws-sdk/client-s3";
import type { ObjectOptions } from "./transport.ts";

/** What is kept with the object, in the words of the SDK. */
export function objectParams(object: ObjectOptions) {
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
