import { createHash } from "node:crypto";
import { notImplemented, S3Error } from "../errors.ts";
import { parseCopyRange } from "../http/byte-range.ts";
import { headersToKeep, storageClassOf } from "../http/object-headers.ts";
import { preconditionFailed, readOutcome, writeCondition } from "../http/preconditions.ts";
import type { PlainChecksum, Received } from "../http/request-body.ts";
import { document, element, optional } from "../http/xml.ts";
import { type Answer, header, type OperationRequest, type Stores } from "../operation.ts";
import type { Sink } from "../store/blob-store.ts";
import { type ChecksumAlgorithm, createChecksum, parseAlgorithm } from "../store/checksums.ts";
import type { Part } from "../store/multipart-store.ts";
import type { StoredObject } from "../store/stored-object.ts";
import { keepPart, requestedUpload } from "./parts.ts";

export async function copyObject(request: OperationRequest, stores: Stores): Promise<Answer> {
	const { bucket, key, headers } = request;
	const mayWrite = writeCondition(request);
	const { source, sourceBucket } = copySource(request, stores);
	assertCopySize(source.size, stores);
	const directive = header(request, "x-amz-metadata-directive") ?? "COPY";
	if (directive !== "COPY" && directive !== "REPLACE") {
		throw new S3Error("InvalidArgument", "Unknown metadata directive.");
	}
	const storageClass = storageClassOf(headers);
	const toItself = sourceBucket === bucket && source.key === key;
	if (toItself && directive === "COPY" && storageClass === source.storageClass) {
		throw new S3Error(
			"InvalidRequest",
			"This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
		);
	}
	const requested = header(request, "x-amz-checksum-algorithm");
	const algorithm = requested === undefined ? source.checksum?.algorithm : parseAlgorithm(requested);

	const { blob, result } = await stores.blobs.store((sink) =>
		digest(stores.blobs.read(source.blobs, 0, source.size), algorithm, sink),
	);
	const etag = result.md5.toString("hex");
	const lastModified = stores.now().getTime();
	const checksum = result.checksum && { ...result.checksum, type: "FULL_OBJECT" as const };
	const kept = {
		headers: directive === "COPY" ? source.headers : headersToKeep(headers),
		storageClass,
		tags: source.tags,
	};
	const object = {
		key,
		size: blob.size,
		etag,
		lastModified,
		...kept,
		checksum,
		blobs: [blob],
		multipart: false,
	};
	try {
		const { removed } = stores.objects.put(bucket, object, mayWrite);
		await stores.blobs.remove(removed?.blobs ?? []);
	} catch (error) {
		await stores.blobs.remove([blob]);
		throw error;
	}
	return copyResult("CopyObjectResult", etag, lastModified, checksum);
}

export async function uploadPartCopy(request: OperationRequest, stores: Stores): Promise<Answer> {
	const { upload, number } = requestedUpload(request, stores);
	const { source } = copySource(request, stores);
	const { start, end } = parseCopyRange(header(request, "x-amz-copy-source-range"), source.size);
	assertCopySize(end - start, stores);
	const algorithm = upload.checksum?.algorithm;

	const { blob, result } = await stores.blobs.store((sink) =>
		digest(stores.blobs.read(source.blobs, start, end), algorithm, sink),
	);
	const lastModified = stores.now().getTime();
	const part: Part = { number, blob, md5: result.md5, checksum: result.checksum?.value, lastModified };
	await keepPart(upload, part, stores);
	return copyResult("CopyPartResult", result.md5.toString("hex"), lastModified, result.checksum);
}

function copyResult(
	root: string,
	etag: string,
	lastModified: number,
	checksum: PlainChecksum | undefined,
): Answer {
	return {
		status: 200,
		body: document(
			root,
			element("LastModified", new Date(lastModified).toISOString()),
			element("ETag", `"${etag}"`),
			...(checksum === undefined ? [] : optional(`Checksum${checksum.algorithm}`, checksum.value)),
		),
	};
}

function copySource(
	request: OperationRequest,
	stores: Stores,
): { source: StoredObject; sourceBucket: string } {
	const text = header(request, "x-amz-copy-source") ?? "";
	if (text.includes("?")) throw notImplemented("the version of a copy source");
	const [, sourceBucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decode(text)) ?? [];
	if (sourceBucket === undefined || key === undefined) throw invalidSource();
	const source = stores.objects.get(sourceBucket, key);
	if (readOutcome(request, source, "x-amz-copy-source-") !== "proceed") {
		throw preconditionFailed("x-amz-copy-source-If-*");
	}
	return { source, sourceBucket };
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text.replaceAll("+", "%20"));
	} catch {
		throw invalidSource();
	}
}

function invalidSource(): S3Error {
	return new S3Error(
		"InvalidArgument",
		"Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
		{
			ArgumentName: "x-amz-copy-source",
		},
	);
}

function assertCopySize(size: number, { limits }: Stores): void {
	if (size <= limits.maxRequestBodyBytes) return;
	throw new S3Error(
		"InvalidRequest",
		`The specified copy source is larger than the maximum allowable size for a copy source: ${limits.maxRequestBodyBytes}`,
	);
}

async function digest(
	source: AsyncIterable<Uint8Array>,
	algorithm: ChecksumAlgorithm | undefined,
	sink: Sink,
): Promise<Received> {
	const md5 = createHash("md5");
	const checksum = algorithm && createChecksum(algorithm);
	let size = 0;
	for await (const chunk of source) {
		size += chunk.byteLength;
		md5.update(chunk);
		checksum?.update(chunk);
		const drained = sink(chunk);
		if (drained !== undefined) await drained;
	}
	if (algorithm === undefined || checksum === undefined)
		return { size, md5: md5.digest(), checksum: undefined };
	const value = Buffer.from(await checksum.digest()).toString("base64");
	return { size, md5: md5.digest(), checksum: { algorithm, value } };
}
