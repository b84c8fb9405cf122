/** The S3 operations that a run of zipferry, or of a peer, asks for. */
export type Operation =
	| "AbortMultipartUpload"
	| "CompleteMultipartUpload"
	| "CreateMultipartUpload"
	| "DeleteObject"
	| "GetObject"
	| "HeadBucket"
	| "HeadObject"
	| "ListMultipartUploads"
	| "ListParts"
	| "PutObject"
	| "UploadPart"
	| "Other";

/** What a request asks for, as far as a fault can depend on it. */
export interface S3Request {
	readonly operation: Operation;
	readonly bucket: string;
	readonly key: string;
	readonly uploadId: string | undefined;
	readonly partNumber: number | undefined;
	readonly versionId: string | undefined;
}

/** Reads method and target of a request with the bucket in its path. */
export function readRequest(method: string, target: string): S3Request {
	const { pathname, searchParams } = new URL(target, "http://localhost");
	const [, bucket = "", key = ""] = /^\/([^/]*)\/?(.*)$/s.exec(pathname) ?? [];
	const partNumber = searchParams.get("partNumber");
	return {
		operation: operationOf(method, key !== "", searchParams),
		bucket: decodeURIComponent(bucket),
		key: decodeURIComponent(key),
		uploadId: searchParams.get("uploadId") ?? undefined,
		partNumber: partNumber === null ? undefined : Number(partNumber),
		versionId: searchParams.get("versionId") ?? undefined,
	};
}

function operationOf(method: string, hasKey: boolean, query: URLSearchParams): Operation {
	const ofUpload = query.has("uploadId");
	if (!hasKey) {
		if (method === "HEAD") return "HeadBucket";
		return method === "GET" && query.has("uploads") ? "ListMultipartUploads" : "Other";
	}
	switch (method) {
		case "HEAD":
			return "HeadObject";
		case "GET":
			return ofUpload ? "ListParts" : "GetObject";
		case "DELETE":
			return ofUpload ? "AbortMultipartUpload" : "DeleteObject";
		case "PUT":
			return ofUpload && query.has("partNumber") ? "UploadPart" : "PutObject";
		case "POST":
			return ofUpload ? "CompleteMultipartUpload" : query.has("uploads") ? "CreateMultipartUpload" : "Other";
		default:
			return "Other";
	}
}
