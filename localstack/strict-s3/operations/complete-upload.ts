import { createHash } from "node:crypto";
import { S3Error } from "../errors.ts";
import { versionHeader } from "../http/object-headers.ts";
import { writeCondition } from "../http/preconditions.ts";
import { document, element, parseDocument, type XmlNode } from "../http/xml.ts";
import { type Answer, header, type OperationRequest, type Stores } from "../operation.ts";
import { CHECKSUM_ALGORITHMS, type Checksum, checksumHeader, multipartChecksum } from "../store/checksums.ts";
import { type MultipartUpload, type Part, partEtag } from "../store/multipart-store.ts";

export async function completeMultipartUpload(request: OperationRequest, stores: Stores): Promise<Answer> {
	const { bucket, key, query, body } = request;
	const mayWrite = writeCondition(request);
	const upload = stores.uploads.get(bucket, key, query.get("uploadId") ?? "");
	const listed = parseParts(await body.text());
	const parts = chosenParts(upload, listed);
	assertConsecutive(upload, parts, stores.limits.consecutiveParts);
	assertPartSizes(parts, stores.limits.minPartSize);
	if (stores.habits.partSizes === "equal") assertEqualSizes(parts);
	const size = parts.reduce((sum, part) => sum + part.blob.size, 0);
	assertObjectSize(request, size);
	assertChecksumType(request, upload);
	const checksum = await objectChecksum(upload, parts);
	assertChecksum(request, checksum);

	// No await from here to the end of the upload: nobody completes, aborts or changes it meanwhile.
	stores.uploads.get(bucket, key, upload.id);
	if (parts.some((part) => upload.parts.get(part.number) !== part)) throw invalidPart();
	const etag = multipartEtag(parts);
	const { added, removed } = stores.objects.put(
		bucket,
		{
			key,
			size,
			etag,
			lastModified: stores.now().getTime(),
			headers: upload.headers,
			storageClass: upload.storageClass,
			tags: upload.tags,
			retention: upload.retention,
			checksum,
			blobs: parts.map((part) => part.blob),
			multipart: true,
			parts: parts.map(({ number, blob, checksum }) => ({ number, size: blob.size, checksum })),
		},
		mayWrite,
	);
	stores.uploads.delete(upload);

	const left = new Set(upload.parts.values());
	for (const part of parts) left.delete(part);
	await stores.blobs.remove([...(removed?.blobs ?? []), ...[...left].map((part) => part.blob)]);
	return {
		status: 200,
		headers: versionHeader(added),
		body: document(
			"CompleteMultipartUploadResult",
			element("Location", `/${bucket}/${key}`),
			element("Bucket", bucket),
			element("Key", key),
			element("ETag", `"${etag}"`),
			...(checksum === undefined
				? []
				: [element(`Checksum${checksum.algorithm}`, checksum.value), element("ChecksumType", checksum.type)]),
		),
	};
}

function parseParts(text: string): XmlNode[] {
	const listed = parseDocument(text, "CompleteMultipartUpload")?.children("Part");
	if (listed !== undefined && listed.length > 0) return listed;
	throw new S3Error(
		"MalformedXML",
		"The XML you provided was not well-formed or did not validate against our published schema",
	);
}

/** The parts that the list of the client names, which has to be right about each of them. */
function chosenParts(upload: MultipartUpload, listed: readonly XmlNode[]): Part[] {
	let previous = 0;
	return listed.map((node) => {
		const number = Number(node.childText("PartNumber") ?? Number.NaN);
		if (!Number.isSafeInteger(number)) throw new S3Error("MalformedXML", "PartNumber is not a number");
		if (number <= previous) {
			throw new S3Error(
				"InvalidPartOrder",
				"The list of parts was not in ascending order. Parts must be ordered by part number.",
				{ UploadId: upload.id },
			);
		}
		previous = number;
		const part = upload.parts.get(number);
		if (part === undefined || node.childText("ETag")?.replaceAll('"', "") !== partEtag(part))
			throw invalidPart();
		assertPartChecksum(upload, node, part);
		return part;
	});
}

function assertPartChecksum({ checksum }: MultipartUpload, node: XmlNode, part: Part): void {
	for (const algorithm of CHECKSUM_ALGORITHMS) {
		const listed = node.childText(`Checksum${algorithm}`);
		if (listed !== undefined && (algorithm !== checksum?.algorithm || listed !== part.checksum))
			throw invalidPart();
	}
	if (checksum?.type === "COMPOSITE" && node.childText(`Checksum${checksum.algorithm}`) === undefined) {
		throw new S3Error(
			"InvalidRequest",
			`The upload was created using a ${checksum.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${part.number} in the request.`,
		);
	}
}

function invalidPart(): S3Error {
	return new S3Error(
		"InvalidPart",
		"One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
	);
}

/**
 * AWS has numbers follow each other from 1 if the upload was created with a checksum algorithm ("Uploading and copying objects using
 * multipart upload"), and directory buckets always ("Working with multipart uploads", S3 Express One Zone).
 */
function assertConsecutive({ id, checksum }: MultipartUpload, parts: readonly Part[], always: boolean): void {
	if (parts.every(({ number }, index) => number === index + 1)) return;
	if (always)
		throw new S3Error("InvalidPartOrder", "The part numbers of the upload must be consecutive.", {
			UploadId: id,
		});
	if (checksum !== undefined)
		throw new S3Error("InternalError", "We encountered an internal error. Please try again.");
}

function assertPartSizes(parts: readonly Part[], minPartSize: number): void {
	const small = parts.slice(0, -1).find((part) => part.blob.size < minPartSize);
	if (small === undefined) return;
	throw new S3Error("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
		ProposedSize: String(small.blob.size),
		MinSizeAllowed: String(minPartSize),
		PartNumber: String(small.number),
		ETag: partEtag(small),
	});
}

/** R2: copied parts are no exception. */
function assertEqualSizes(parts: readonly Part[]): void {
	const sizes = parts.map(({ blob }) => blob.size);
	const last = sizes.pop() ?? 0;
	const [size = last] = sizes;
	if (last <= size && sizes.every((other) => other === size)) return;
	throw new S3Error("InvalidPart", "All non-trailing parts must have the same length.");
}

function assertObjectSize(request: OperationRequest, size: number): void {
	const expected = header(request, "x-amz-mp-object-size");
	if (expected === undefined || expected === String(size)) return;
	throw new S3Error(
		"InvalidRequest",
		`The provided 'x-amz-mp-object-size' header value ${expected} does not match what was computed: ${size}`,
	);
}

function assertChecksumType(request: OperationRequest, { checksum }: MultipartUpload): void {
	const requested = header(request, "x-amz-checksum-type");
	if (requested === undefined || requested === checksum?.type) return;
	throw new S3Error(
		"InvalidRequest",
		`The upload was created using the ${checksum?.type ?? "null"} checksum mode. The complete request must use the same checksum mode.`,
	);
}

async function objectChecksum(
	{ checksum }: MultipartUpload,
	parts: readonly Part[],
): Promise<Checksum | undefined> {
	if (checksum === undefined) return undefined;
	const pieces = parts.map((part) => ({ value: part.checksum ?? "", size: part.blob.size }));
	return await multipartChecksum(checksum.algorithm, checksum.type, pieces);
}

/** A composite checksum may be sent with or without the number of parts at its end. */
function assertChecksum(request: OperationRequest, checksum: Checksum | undefined): void {
	for (const algorithm of CHECKSUM_ALGORITHMS) {
		const sent = header(request, checksumHeader(algorithm));
		if (sent === undefined) continue;
		const accepted = algorithm === checksum?.algorithm ? [checksum.value, checksum.value.split("-")[0]] : [];
		if (accepted.includes(sent)) continue;
		throw new S3Error("BadDigest", `The ${algorithm} you specified did not match the calculated checksum.`);
	}
}

function multipartEtag(parts: readonly Part[]): string {
	const md5 = createHash("md5");
	for (const part of parts) md5.update(part.md5);
	return `${md5.digest("hex")}-${parts.length}`;
}
