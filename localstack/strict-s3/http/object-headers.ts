import type { IncomingHttpHeaders } from "node:http";
import { S3Error } from "../errors.ts";
import { checksumHeaders } from "../store/checksums.ts";
import type { StoredObject } from "../store/stored-object.ts";

const STANDARD = "STANDARD";
const MAX_USER_METADATA_SIZE = 2048;
const KEPT_HEADERS = ["cache-control", "content-disposition", "content-language", "content-type", "expires"];
const STORAGE_CLASSES: ReadonlySet<string> = new Set([
	STANDARD,
	"DEEP_ARCHIVE",
	"GLACIER",
	"GLACIER_IR",
	"INTELLIGENT_TIERING",
	"ONEZONE_IA",
	"REDUCED_REDUNDANCY",
	"STANDARD_IA",
]);

/** The headers of a request that come back with the object. */
export function headersToKeep(headers: IncomingHttpHeaders): Record<string, string> {
	const kept: Record<string, string> = { "content-type": "binary/octet-stream" };
	let metadataSize = 0;
	for (const [name, value] of Object.entries(headers)) {
		if (typeof value !== "string") continue;
		if (name.startsWith("x-amz-meta-")) {
			metadataSize += name.length - "x-amz-meta-".length + value.length;
			kept[name] = value;
		} else if (KEPT_HEADERS.includes(name)) {
			kept[name] = value;
		}
	}
	if (metadataSize > MAX_USER_METADATA_SIZE) {
		throw new S3Error("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", {
			Size: String(metadataSize),
			MaxSizeAllowed: String(MAX_USER_METADATA_SIZE),
		});
	}
	const encoding = contentEncoding(headers["content-encoding"]);
	return encoding === "" ? kept : { ...kept, "content-encoding": encoding };
}

/** `aws-chunked` is how the body travelled, not what it is. */
function contentEncoding(header = ""): string {
	const encodings = header.split(",").map((encoding) => encoding.trim());
	return encodings.filter((encoding) => encoding !== "aws-chunked").join(",");
}

export function storageClassOf(headers: IncomingHttpHeaders): string {
	const requested = headers["x-amz-storage-class"] ?? STANDARD;
	if (typeof requested !== "string" || !STORAGE_CLASSES.has(requested)) {
		throw new S3Error("InvalidStorageClass", "The storage class you specified is not valid");
	}
	return requested;
}

/** What HEAD and GET say about an object. */
export function objectHeaders(object: StoredObject, withChecksum: boolean): Record<string, string> {
	const tagCount = Object.keys(object.tags ?? {}).length;
	return {
		...object.headers,
		"accept-ranges": "bytes",
		etag: `"${object.etag}"`,
		"last-modified": new Date(object.lastModified).toUTCString(),
		...(object.storageClass === STANDARD ? {} : { "x-amz-storage-class": object.storageClass }),
		...versionHeader(object),
		...retentionHeaders(object),
		...(tagCount === 0 ? {} : { "x-amz-tagging-count": String(tagCount) }),
		...(withChecksum ? checksumHeaders(object.checksum) : {}),
	};
}

/** The version of an object, if its bucket keeps any. */
export function versionHeader(object: StoredObject | undefined): Record<string, string> {
	return object?.versionId === undefined ? {} : { "x-amz-version-id": object.versionId };
}

function retentionHeaders({ retention }: StoredObject): Record<string, string> {
	if (retention === undefined) return {};
	return {
		"x-amz-object-lock-mode": retention.mode,
		"x-amz-object-lock-retain-until-date": new Date(retention.until).toISOString(),
	};
}
