import { S3Error } from "../errors.ts";
import { document, element, optional } from "../http/xml.ts";
import type { Answer, OperationRequest, Stores } from "../operation.ts";
import { checksumHeader } from "../store/checksums.ts";
import { type MultipartUpload, type Part, partEtag, sortedParts } from "../store/multipart-store.ts";
import { OWNER } from "./buckets.ts";

const MAX_PARTS = 1000;

export async function uploadPart(request: OperationRequest, stores: Stores): Promise<Answer> {
	const { upload, number } = requestedUpload(request, stores);
	const expected = upload.checksum?.algorithm;
	const actual = request.body.checksumAlgorithm;
	if (actual !== expected) {
		const [wanted, got] = [expected, actual].map((algorithm) => algorithm?.toLowerCase() ?? "null");
		throw new S3Error(
			"InvalidRequest",
			`Checksum Type mismatch occurred, expected checksum Type: ${wanted}, actual checksum Type: ${got}`,
		);
	}
	const { blob, result } = await stores.blobs.store((sink) => request.body.receive(sink));
	const { md5, checksum } = result;
	const part = { number, blob, md5, checksum: checksum?.value, lastModified: stores.now().getTime() };
	await keepPart(upload, part, stores);
	return {
		status: 200,
		headers: {
			etag: `"${partEtag(part)}"`,
			...(checksum === undefined ? {} : { [checksumHeader(checksum.algorithm)]: checksum.value }),
		},
	};
}

export function listParts({ bucket, key, query }: OperationRequest, stores: Stores): Answer {
	const upload = stores.uploads.get(bucket, key, query.get("uploadId") ?? "");
	const marker = query.integer("part-number-marker", 0) ?? 0;
	const limit = Math.min(query.integer("max-parts", 0) ?? MAX_PARTS, MAX_PARTS);
	const behind = sortedParts(upload).filter((part) => part.number > marker);
	const page = behind.slice(0, limit);
	const algorithm = upload.checksum?.algorithm;
	return {
		status: 200,
		body: document(
			"ListPartsResult",
			element("Bucket", bucket),
			element("Key", key),
			element("UploadId", upload.id),
			element("Initiator", ...OWNER),
			element("Owner", ...OWNER),
			element("StorageClass", upload.storageClass),
			element("PartNumberMarker", marker),
			element("NextPartNumberMarker", page.at(-1)?.number ?? 0),
			element("MaxParts", limit),
			element("IsTruncated", behind.length > page.length),
			...optional("ChecksumAlgorithm", algorithm),
			...optional("ChecksumType", upload.checksum?.type),
			...page.map((part) =>
				element(
					"Part",
					element("PartNumber", part.number),
					element("LastModified", new Date(part.lastModified).toISOString()),
					element("ETag", `"${partEtag(part)}"`),
					element("Size", part.blob.size),
					...optional(`Checksum${algorithm}`, part.checksum),
				),
			),
		),
	};
}

/** The upload and the part number that UploadPart and UploadPartCopy are about. */
export function requestedUpload(
	{ bucket, key, query }: OperationRequest,
	{ uploads, limits }: Stores,
): { upload: MultipartUpload; number: number } {
	const text = query.get("partNumber") ?? "";
	const number = Number(text);
	if (!/^\d+$/.test(text) || number < 1 || number > limits.maxPartCount) {
		throw new S3Error(
			"InvalidArgument",
			`Part number must be an integer between 1 and ${limits.maxPartCount}, inclusive`,
			{ ArgumentName: "partNumber", ArgumentValue: text },
		);
	}
	return { upload: uploads.get(bucket, key, query.get("uploadId") ?? ""), number };
}

/** Adds the part to its upload, in place of the one with its number. */
export async function keepPart(
	upload: MultipartUpload,
	part: Part,
	{ uploads, blobs }: Stores,
): Promise<void> {
	try {
		const replaced = uploads.putPart(upload, part);
		await blobs.remove(replaced === undefined ? [] : [replaced.blob]);
	} catch (error) {
		await blobs.remove([part.blob]);
		throw error;
	}
}
