import { createHash } from "node:crypto";
import { notImplemented, S3Error } from "../../errors.ts";
import { preconditionFailed, readOutcome } from "../../http/preconditions.ts";
import type { PlainChecksum, Received } from "../../http/request-body.ts";
import { document, element, optional } from "../../http/xml.ts";
import { type Answer, header, type OperationRequest, type Stores } from "../../operation.ts";
import type { Sink } from "../../store/blob-store.ts";
import { type ChecksumAlgorithm, createChecksum } from "../../store/checksums.ts";
import type { StoredObject } from "../../store/stored-object.ts";
import { objectVersion } from "../version-id.ts";

/** The object, or the version of it, that a request copies from. */
export function copySource(
	request: OperationRequest,
	stores: Stores,
): { source: StoredObject; sourceBucket: string } {
	const text = header(request, "x-amz-copy-source") ?? "";
	const [, path = "", version] = /^(.*?)(?:\?versionId=(.*))?$/s.exec(text) ?? [];
	if (path.includes("?")) throw notImplemented("a query of a copy source");
	const [, sourceBucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decode(path)) ?? [];
	if (sourceBucket === undefined || key === undefined) throw invalidSource();
	const versionId = version === undefined ? undefined : decode(version);
	const source = objectVersion({ bucket: sourceBucket, key, versionId }, stores);
	if (source.isDeleteMarker) {
		throw new S3Error(
			"InvalidRequest",
			"The source of a copy request may not specifically refer to a delete marker by version id.",
		);
	}
	const isHeeded = stores.habits.copyConditions === "heeded";
	if (isHeeded && readOutcome(request, source, "x-amz-copy-source-") !== "proceed") {
		throw preconditionFailed("x-amz-copy-source-If-*");
	}
	return { source, sourceBucket };
}

/** The version that was copied, if the bucket of the source keeps any. */
export function sourceVersionHeader({ versionId }: StoredObject): Record<string, string> {
	return versionId === undefined ? {} : { "x-amz-copy-source-version-id": versionId };
}

export function assertCopySize(size: number, { limits }: Stores): void {
	if (size <= limits.maxRequestBodyBytes) return;
	throw new S3Error(
		"InvalidRequest",
		`The specified copy source is larger than the maximum allowable size for a copy source: ${limits.maxRequestBodyBytes}`,
	);
}

/** The answer to a copy; `checksum` is shown if the copy has one. */
export function copyAnswer(
	root: "CopyObjectResult" | "CopyPartResult",
	copy: {
		readonly etag: string;
		readonly lastModified: number;
		readonly checksum: PlainChecksum | undefined;
	},
	headers: Readonly<Record<string, string>>,
): Answer {
	const { etag, lastModified, checksum } = copy;
	return {
		status: 200,
		headers,
		body: document(
			root,
			element("LastModified", new Date(lastModified).toISOString()),
			element("ETag", `"${etag}"`),
			...(checksum === undefined ? [] : optional(`Checksum${checksum.algorithm}`, checksum.value)),
		),
	};
}

/** Passes bytes on to `sink`, and says what they are. */
export async function digest(
	source: AsyncIterable<Uint8Array>,
	algorithm: ChecksumAlgorithm | undefined,
	sink: Sink = () => undefined,
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
