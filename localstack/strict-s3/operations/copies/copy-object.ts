import { S3Error } from "../../errors.ts";
import { headersToKeep, storageClassOf, versionHeader } from "../../http/object-headers.ts";
import { writeCondition } from "../../http/preconditions.ts";
import { type Answer, header, type OperationRequest, type Stores } from "../../operation.ts";
import { parseAlgorithm } from "../../store/checksums.ts";
import { retentionOf } from "../retention.ts";
import { tagsOf } from "../tagging.ts";
import { assertCopySize, copyAnswer, copySource, digest, sourceVersionHeader } from "./copy-source.ts";

export async function copyObject(request: OperationRequest, stores: Stores): Promise<Answer> {
	const { bucket, key, headers } = request;
	const mayWrite = writeCondition(request);
	const { source, sourceBucket } = copySource(request, stores);
	assertCopySize(source.size, stores);
	const isReplacing = isReplaced(request, "metadata");
	const storageClass = storageClassOf(headers);
	const toItself = sourceBucket === bucket && source.key === key;
	const isNewest = stores.objects.find(sourceBucket, source.key)?.versionId === source.versionId;
	if (toItself && isNewest && !isReplacing && storageClass === source.storageClass) {
		throw new S3Error(
			"InvalidRequest",
			"This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
		);
	}
	const requested = header(request, "x-amz-checksum-algorithm");
	const algorithm = requested === undefined ? source.checksum?.algorithm : parseAlgorithm(requested);
	// The lock of the source stays with the source.
	const kept = {
		headers: isReplacing ? headersToKeep(headers) : source.headers,
		storageClass,
		tags: isReplaced(request, "tagging") ? tagsOf(headers) : source.tags,
		retention: retentionOf(request, stores),
	};

	const { blob, result } = await stores.blobs.store((sink) =>
		digest(stores.blobs.read(source.blobs, 0, source.size), algorithm, sink),
	);
	const etag = result.md5.toString("hex");
	const lastModified = stores.now().getTime();
	const checksum = result.checksum && { ...result.checksum, type: "FULL_OBJECT" as const };
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
		const { added, removed } = stores.objects.put(bucket, object, mayWrite);
		await stores.blobs.remove(removed?.blobs ?? []);
		const versions = { ...versionHeader(added), ...sourceVersionHeader(source) };
		return copyAnswer("CopyObjectResult", { etag, lastModified, checksum }, versions);
	} catch (error) {
		await stores.blobs.remove([blob]);
		throw error;
	}
}

/** Whether the copy has metadata or tags of the request instead of those of its source. */
function isReplaced(request: OperationRequest, what: "metadata" | "tagging"): boolean {
	const directive = header(request, `x-amz-${what}-directive`) ?? "COPY";
	if (directive === "COPY" || directive === "REPLACE") return directive === "REPLACE";
	throw new S3Error("InvalidArgument", `Unknown ${what} directive.`);
}
