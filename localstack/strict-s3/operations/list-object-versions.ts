import { S3Error } from "../errors.ts";
import { document, element, optional } from "../http/xml.ts";
import type { Answer, OperationRequest, Stores } from "../operation.ts";
import { listPage } from "../store/listing.ts";
import { OWNER } from "./buckets.ts";
import { keyEncoder } from "./key-encoding.ts";
import { NO_VERSION } from "./version-id.ts";

const MAX_KEYS = 1000;

/** Buckets keep no versions here: each object is the one version of itself. */
export function listObjectVersions({ bucket, query }: OperationRequest, { objects }: Stores): Answer {
	const prefix = query.get("prefix") ?? "";
	const delimiter = query.get("delimiter") ?? "";
	const keyMarker = query.get("key-marker") ?? "";
	const idMarker = query.get("version-id-marker");
	if (idMarker !== undefined && keyMarker === "") {
		throw new S3Error("InvalidArgument", "A version-id marker cannot be specified without a key marker.", {
			ArgumentName: "version-id-marker",
			ArgumentValue: idMarker,
		});
	}
	const limit = Math.min(query.integer("max-keys", 0) ?? MAX_KEYS, MAX_KEYS);
	const encode = keyEncoder(query);
	const page = listPage(objects.sortedKeys(bucket), { prefix, delimiter, after: keyMarker, limit });
	const versions = page.keys.map((key) => {
		const { lastModified, etag, size, storageClass, checksum } = objects.get(bucket, key);
		return element(
			"Version",
			element("Key", encode(key)),
			element("VersionId", NO_VERSION),
			element("IsLatest", true),
			element("LastModified", new Date(lastModified).toISOString()),
			element("ETag", `"${etag}"`),
			...optional("ChecksumAlgorithm", checksum?.algorithm),
			...optional("ChecksumType", checksum?.type),
			element("Size", size),
			element("Owner", ...OWNER),
			element("StorageClass", storageClass),
		);
	});
	const prefixes = page.commonPrefixes.map((common) =>
		element("CommonPrefixes", element("Prefix", encode(common))),
	);
	const isKey = page.next !== undefined && page.next === page.keys.at(-1);
	return {
		status: 200,
		body: document(
			"ListVersionsResult",
			element("Name", bucket),
			element("Prefix", encode(prefix)),
			element("KeyMarker", encode(keyMarker)),
			element("VersionIdMarker", idMarker ?? ""),
			...optional("NextKeyMarker", page.next && encode(page.next)),
			...optional("NextVersionIdMarker", isKey ? NO_VERSION : undefined),
			element("MaxKeys", limit),
			...optional("Delimiter", delimiter === "" ? undefined : encode(delimiter)),
			...optional("EncodingType", query.get("encoding-type")),
			element("IsTruncated", page.next !== undefined),
			...versions,
			...prefixes,
		),
	};
}
