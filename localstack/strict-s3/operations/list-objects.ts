import { S3Error } from "../errors.ts";
import { document, element, type Markup, optional } from "../http/xml.ts";
import type { Answer, OperationRequest, Stores } from "../operation.ts";
import { listPage, type Page } from "../store/listing.ts";
import { OWNER } from "./buckets.ts";
import { keyEncoder } from "./key-encoding.ts";

const MAX_KEYS = 1000;

export function listObjectsV2(request: OperationRequest, stores: Stores): Answer {
	const { query } = request;
	const token = query.get("continuation-token");
	const startAfter = query.get("start-after");
	const listing = list(request, stores, token === undefined ? (startAfter ?? "") : parseToken(token));
	const { page, encode } = listing;
	return {
		status: 200,
		body: document(
			"ListBucketResult",
			...listing.head,
			element("KeyCount", page.keys.length + page.commonPrefixes.length),
			...optional("ContinuationToken", token),
			...optional("NextContinuationToken", page.next && Buffer.from(page.next).toString("base64")),
			...optional("StartAfter", startAfter && encode(startAfter)),
			...listing.items,
		),
	};
}

export function listObjects(request: OperationRequest, stores: Stores): Answer {
	const marker = request.query.get("marker") ?? "";
	const listing = list(request, stores, marker);
	const { next } = listing.page;
	// AWS gives the marker only with a delimiter; without one, clients go on behind the last key.
	const shown = request.query.has("delimiter") ? next : undefined;
	return {
		status: 200,
		body: document(
			"ListBucketResult",
			...listing.head,
			element("Marker", listing.encode(marker)),
			...optional("NextMarker", shown && listing.encode(shown)),
			...listing.items,
		),
	};
}

interface Listing {
	readonly page: Page;
	readonly head: readonly Markup[];
	readonly items: readonly Markup[];
	encode(key: string): string;
}

function list({ bucket, query }: OperationRequest, { objects }: Stores, after: string): Listing {
	const prefix = query.get("prefix") ?? "";
	const delimiter = query.get("delimiter") ?? "";
	const limit = Math.min(query.integer("max-keys", 0) ?? MAX_KEYS, MAX_KEYS);
	const encode = keyEncoder(query);
	const page = listPage(objects.sortedKeys(bucket), { prefix, delimiter, after, limit });
	const contents = page.keys.map((key) => {
		const { lastModified, etag, size, storageClass, checksum } = objects.get(bucket, key);
		return element(
			"Contents",
			element("Key", encode(key)),
			element("LastModified", new Date(lastModified).toISOString()),
			element("ETag", `"${etag}"`),
			...optional("ChecksumAlgorithm", checksum?.algorithm),
			...optional("ChecksumType", checksum?.type),
			element("Size", size),
			...(query.get("fetch-owner") === "true" ? [element("Owner", ...OWNER)] : []),
			element("StorageClass", storageClass),
		);
	});
	const prefixes = page.commonPrefixes.map((common) =>
		element("CommonPrefixes", element("Prefix", encode(common))),
	);
	return {
		page,
		encode,
		head: [
			element("Name", bucket),
			element("Prefix", encode(prefix)),
			element("MaxKeys", limit),
			element("IsTruncated", page.next !== undefined),
			...optional("Delimiter", delimiter === "" ? undefined : encode(delimiter)),
			...optional("EncodingType", query.get("encoding-type")),
		],
		items: [...contents, ...prefixes],
	};
}

function parseToken(token: string): string {
	const key = Buffer.from(token, "base64");
	if (key.byteLength === 0 || key.toString("base64") !== token) {
		throw new S3Error("InvalidArgument", "The continuation token provided is incorrect", {
			ArgumentName: "continuation-token",
		});
	}
	return key.toString("utf8");
}
