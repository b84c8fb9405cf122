import type {
	HeadObjectCommandOutput,
	ObjectCannedACL,
	PutObjectCommandInput,
	ServerSideEncryption,
	StorageClass,
} from "@aws-sdk/client-s3";
import type { ObjectSettings } from "../object-options.ts";
import { encodeTags } from "../object-tags.ts";
import type { Destination } from "../transport.ts";

type ObjectParams = Pick<
	PutObjectCommandInput,
	| "ContentType"
	| "ContentDisposition"
	| "CacheControl"
	| "Metadata"
	| "StorageClass"
	| "Tagging"
	| "ACL"
	| "ServerSideEncryption"
	| "SSEKMSKeyId"
>;

/** The settings stored with the object, in the words of the SDK. */
export function objectParams(object: ObjectSettings): ObjectParams {
	const { contentType, metadata, tags } = object;
	return {
		ContentType: contentType,
		...(object.contentDisposition === undefined ? {} : { ContentDisposition: object.contentDisposition }),
		...(object.cacheControl === undefined ? {} : { CacheControl: object.cacheControl }),
		...(metadata === undefined ? {} : { Metadata: { ...metadata } }),
		...(tags === undefined || Object.keys(tags).length === 0 ? {} : { Tagging: encodeTags(tags) }),
		// The SDK's unions list what it knows; storages have more, and say so themselves if it is wrong.
		...(object.storageClass === undefined ? {} : { StorageClass: object.storageClass as StorageClass }),
		...(object.acl === undefined ? {} : { ACL: object.acl as ObjectCannedACL }),
		...(object.sse === undefined ? {} : { ServerSideEncryption: object.sse as ServerSideEncryption }),
		...(object.sseKmsKeyId === undefined ? {} : { SSEKMSKeyId: object.sseKmsKeyId }),
	};
}

/** The differences between the object and what was asked for, and settings that no response shows, in words. */
export function otherParams(
	{ object, varyingMetadata = [] }: Pick<Destination, "object" | "varyingMetadata">,
	head: HeadObjectCommandOutput,
): string[] {
	const { contentType, metadata = {} } = object;
	const wantedMetadata = lowerCaseNames(metadata);
	const storedMetadata = lowerCaseNames(head.Metadata ?? {});
	const names = new Set([...wantedMetadata.keys(), ...storedMetadata.keys()]);
	for (const name of varyingMetadata) {
		if (wantedMetadata.has(name) && storedMetadata.has(name)) names.delete(name);
	}
	const pairs: readonly (readonly [string, string | undefined, string | undefined])[] = [
		["content type", contentType, head.ContentType],
		["content disposition", object.contentDisposition, head.ContentDisposition],
		["cache control", object.cacheControl, head.CacheControl],
		["encryption key", object.sseKmsKeyId, keyIdLike(head.SSEKMSKeyId, object.sseKmsKeyId)],
		...[...names].map(
			(name) => [`metadata ${name}`, wantedMetadata.get(name), storedMetadata.get(name)] as const,
		),
	];
	const acl =
		object.acl === undefined ? [] : [`its ACL, which cannot be seen, not necessarily ${object.acl}`];
	const tags =
		object.tags === undefined ? [] : ["its tags, which are not compared, not necessarily those of this run"];
	const others = pairs.flatMap(([what, wanted, found]) =>
		wanted === found ? [] : [`${what} ${found ?? "none"}, not ${wanted ?? "none"}`],
	);
	return [...others, ...acl, ...tags];
}

/** Servers keep names of metadata in lower case. */
function lowerCaseNames(metadata: Readonly<Record<string, string>>): Map<string, string> {
	return new Map(Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Keys are shown by their full name, and may be asked for by the end of it. */
function keyIdLike(shown: string | undefined, wanted: string | undefined): string | undefined {
	return wanted === undefined || shown?.endsWith(wanted) ? wanted : shown;
}
