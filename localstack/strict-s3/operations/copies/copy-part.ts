import { S3Error } from "../../errors.ts";
import { type ByteRange, parseCopyRange } from "../../http/byte-range.ts";
import type { PlainChecksum } from "../../http/request-body.ts";
import { type Answer, header, type OperationRequest, type Stores } from "../../operation.ts";
import { type MultipartUpload, type Part, partEtag } from "../../store/multipart-store.ts";
import type { StoredObject } from "../../store/stored-object.ts";
import { keepPart, requestedUpload } from "../parts.ts";
import { assertCopySize, copyAnswer, copySource, digest, sourceVersionHeader } from "./copy-source.ts";

export async function uploadPartCopy(request: OperationRequest, stores: Stores): Promise<Answer> {
	const { upload, number } = requestedUpload(request, stores);
	const { source } = copySource(request, stores);
	const { start, end } = rangeOf(request, source, stores);
	assertCopySize(end - start, stores);

	const { blob, result } = await stores.blobs.store((sink) =>
		digest(stores.blobs.read(source.blobs, start, end), upload.checksum?.algorithm, sink),
	);
	const checksum =
		stores.habits.copyChecksum === "source" ? await checksumOf(source, upload, stores) : result.checksum;
	const lastModified = stores.now().getTime();
	const part: Part = { number, blob, md5: result.md5, checksum: checksum?.value, lastModified };
	await keepPart(upload, part, stores);
	return copyAnswer(
		"CopyPartResult",
		{ etag: partEtag(part), lastModified, checksum },
		sourceVersionHeader(source),
	);
}

function rangeOf(request: OperationRequest, { size }: StoredObject, { limits, habits }: Stores): ByteRange {
	const text = header(request, "x-amz-copy-source-range");
	const range = parseCopyRange(text, size);
	if (text === undefined) return range;
	// AWS: "You can copy a range only if the source object is greater than 5 MB." (UploadPartCopy)
	if (size <= limits.minPartSize)
		throw new S3Error(
			"InvalidRequest",
			"The specified copy source is not supported as a byte-range copy source.",
		);
	switch (habits.copyRange) {
		case "exact":
			return range;
		case "late":
			return size > range.end ? { start: range.start + 1, end: range.end + 1 } : range;
		case "early":
			return range.start > 0 ? { start: range.start - 1, end: range.end - 1 } : range;
		case "ignored":
			return { start: 0, end: size };
		default:
			return habits.copyRange satisfies never;
	}
}

async function checksumOf(
	{ blobs, size }: StoredObject,
	{ checksum }: MultipartUpload,
	stores: Stores,
): Promise<PlainChecksum | undefined> {
	if (checksum === undefined) return undefined;
	return (await digest(stores.blobs.read(blobs, 0, size), checksum.algorithm)).checksum;
}
