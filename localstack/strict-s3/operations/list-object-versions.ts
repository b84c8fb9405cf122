import { S3Error } from "../errors.ts";
import { document, element, type Markup, optional } from "../http/xml.ts";
import type { Answer, OperationRequest, Stores } from "../operation.ts";
import { compareKeys } from "../store/listing.ts";
import { idOf, type StoredObject } from "../store/stored-object.ts";
import { OWNER } from "./buckets.ts";
import { keyEncoder } from "./key-encoding.ts";

const MAX_KEYS = 1000;

/** A line of the listing: a version, a delete marker, or a common prefix. */
interface Line {
	readonly key: string;
	readonly version: StoredObject | undefined;
	readonly isLatest: boolean;
}

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
	const keys = objects.allKeys(bucket).filter((key) => key.startsWith(prefix));
	const lines = keys.flatMap((key) => linesOf(key, objects.versions(bucket, key), prefix, delimiter));
	const distinct = lines.filter(
		({ key, version }, index) => version !== undefined || lines[index - 1]?.key !== key,
	);
	const behind = behindMarkers(distinct, keyMarker, idMarker);
	const page = behind.slice(0, limit);
	const last = behind.length > limit ? page.at(-1) : undefined;
	return {
		status: 200,
		body: document(
			"ListVersionsResult",
			element("Name", bucket),
			element("Prefix", encode(prefix)),
			element("KeyMarker", encode(keyMarker)),
			element("VersionIdMarker", idMarker ?? ""),
			...optional("NextKeyMarker", last && encode(last.key)),
			...optional("NextVersionIdMarker", last?.version && idOf(last.version)),
			element("MaxKeys", limit),
			...optional("Delimiter", delimiter === "" ? undefined : encode(delimiter)),
			...optional("EncodingType", query.get("encoding-type")),
			element("IsTruncated", last !== undefined),
			...page.map((line) => lineElement(line, encode)),
		),
	};
}

function linesOf(
	key: string,
	versions: readonly StoredObject[],
	prefix: string,
	delimiter: string,
): readonly Line[] {
	const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
	if (end >= 0) return [{ key: key.slice(0, end + delimiter.length), version: undefined, isLatest: false }];
	return versions.map((version, index) => ({ key, version, isLatest: index === 0 }));
}

/** Without a version, the marker stands for all versions of its key; with one, for those up to it. */
function behindMarkers(
	lines: readonly Line[],
	keyMarker: string,
	idMarker: string | undefined,
): readonly Line[] {
	if (keyMarker === "") return lines;
	const at = lines.findIndex(
		({ key, version }) => key === keyMarker && version && idOf(version) === idMarker,
	);
	if (at >= 0) return lines.slice(at + 1);
	return lines.filter(({ key }) => compareKeys(key, keyMarker) > 0);
}

function lineElement({ key, version, isLatest }: Line, encode: (key: string) => string): Markup {
	if (version === undefined) return element("CommonPrefixes", element("Prefix", encode(key)));
	const { lastModified, etag, size, storageClass, checksum, isDeleteMarker } = version;
	const common = [
		element("Key", encode(key)),
		element("VersionId", idOf(version)),
		element("IsLatest", isLatest),
		element("LastModified", new Date(lastModified).toISOString()),
		element("Owner", ...OWNER),
	];
	if (isDeleteMarker) return element("DeleteMarker", ...common);
	return element(
		"Version",
		...common,
		element("ETag", `"${etag}"`),
		...optional("ChecksumAlgorithm", checksum?.algorithm),
		...optional("ChecksumType", checksum?.type),
		element("Size", size),
		element("StorageClass", storageClass),
	);
}
