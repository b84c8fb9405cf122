import { S3Error } from "../errors.ts";
import { headersToKeep, storageClassOf } from "../http/object-headers.ts";
import { document, element, type Markup, optional } from "../http/xml.ts";
import { type Answer, header, type OperationRequest, type Stores } from "../operation.ts";
import { checksumType, parseAlgorithm } from "../store/checksums.ts";
import { compareUploads, type MultipartUpload } from "../store/multipart-store.ts";
import { OWNER } from "./buckets.ts";
import { keyEncoder } from "./key-encoding.ts";
import { retentionOf } from "./retention.ts";
import { tagsOf } from "./tagging.ts";

const MAX_UPLOADS = 1000;

export function createMultipartUpload(request: OperationRequest, stores: Stores): Answer {
	const { bucket, key, headers } = request;
	const checksum = requestedChecksum(request);
	const upload = stores.uploads.create({
		bucket,
		key,
		initiated: stores.now().getTime(),
		headers: headersToKeep(headers),
		storageClass: storageClassOf(headers),
		tags: tagsOf(headers),
		retention: retentionOf(request, stores),
		checksum,
	});
	return {
		status: 200,
		headers: checksum === undefined ? {} : checksumAnswer(checksum),
		body: document(
			"InitiateMultipartUploadResult",
			element("Bucket", bucket),
			element("Key", key),
			element("UploadId", upload.id),
		),
	};
}

export async function abortMultipartUpload(request: OperationRequest, stores: Stores): Promise<Answer> {
	const upload = stores.uploads.get(request.bucket, request.key, request.query.get("uploadId") ?? "");
	stores.uploads.delete(upload);
	await stores.blobs.remove([...upload.parts.values()].map((part) => part.blob));
	return { status: 204 };
}

export function listMultipartUploads({ bucket, query }: OperationRequest, stores: Stores): Answer {
	const prefix = query.get("prefix") ?? "";
	const keyMarker = query.get("key-marker") ?? "";
	const idMarker = query.get("upload-id-marker") ?? "";
	const limit = Math.min(query.integer("max-uploads", 0) ?? MAX_UPLOADS, MAX_UPLOADS);
	const encode = keyEncoder(query);
	const isBehindMarker = (upload: MultipartUpload) =>
		keyMarker === "" ||
		((upload.key !== keyMarker || idMarker !== "") &&
			compareUploads(upload, { key: keyMarker, id: idMarker }) > 0);
	const behind = stores.uploads
		.list(bucket)
		.filter((upload) => upload.key.startsWith(prefix) && isBehindMarker(upload));
	const page = behind.slice(0, limit);
	const last = behind.length > limit ? page.at(-1) : undefined;
	return {
		status: 200,
		body: document(
			"ListMultipartUploadsResult",
			element("Bucket", bucket),
			element("KeyMarker", encode(keyMarker)),
			element("UploadIdMarker", idMarker),
			...optional("NextKeyMarker", last && encode(last.key)),
			...optional("NextUploadIdMarker", last?.id),
			element("Prefix", encode(prefix)),
			...optional("EncodingType", query.get("encoding-type")),
			element("MaxUploads", limit),
			element("IsTruncated", last !== undefined),
			...page.map((upload) => uploadElement(upload, encode)),
		),
	};
}

function uploadElement(upload: MultipartUpload, encode: (key: string) => string): Markup {
	return element(
		"Upload",
		element("Key", encode(upload.key)),
		element("UploadId", upload.id),
		element("Initiator", ...OWNER),
		element("Owner", ...OWNER),
		element("StorageClass", upload.storageClass),
		element("Initiated", new Date(upload.initiated).toISOString()),
		...optional("ChecksumAlgorithm", upload.checksum?.algorithm),
		...optional("ChecksumType", upload.checksum?.type),
	);
}

function requestedChecksum(request: OperationRequest): MultipartUpload["checksum"] {
	const algorithm = header(request, "x-amz-checksum-algorithm");
	const type = header(request, "x-amz-checksum-type");
	if (algorithm !== undefined) {
		const parsed = parseAlgorithm(algorithm);
		return { algorithm: parsed, type: checksumType(parsed, type) };
	}
	if (type === undefined) return undefined;
	throw new S3Error(
		"InvalidRequest",
		"The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
	);
}

function checksumAnswer({
	algorithm,
	type,
}: NonNullable<MultipartUpload["checksum"]>): Record<string, string> {
	return { "x-amz-checksum-algorithm": algorithm, "x-amz-checksum-type": type };
}
