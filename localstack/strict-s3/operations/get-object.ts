import { S3Error } from "../errors.ts";
import { type ByteRange, parseRange } from "../http/byte-range.ts";
import { objectHeaders } from "../http/object-headers.ts";
import { preconditionFailed, readOutcome } from "../http/preconditions.ts";
import { type Answer, header, type OperationRequest, type Stores } from "../operation.ts";
import type { Blob } from "../store/blob-store.ts";
import type { StoredObject } from "../store/stored-object.ts";
import { requestedObject } from "./version-id.ts";

const OVERRIDES = [
	"cache-control",
	"content-disposition",
	"content-encoding",
	"content-language",
	"content-type",
	"expires",
];

export function getObject(request: OperationRequest, stores: Stores): Answer {
	const object = requestedObject(request, stores);
	const found = describe(request, object);
	if (found.range === undefined) return found.answer;
	const { start, end } = found.range;
	return { ...found.answer, body: stores.blobs.read(object.blobs, start, end) };
}

export function headObject(request: OperationRequest, stores: Stores): Answer {
	return describe(request, requestedObject(request, stores)).answer;
}

interface Description {
	readonly answer: Answer;
	/** `undefined`: there is nothing to send. */
	readonly range: ByteRange | undefined;
}

function describe(request: OperationRequest, object: StoredObject): Description {
	const outcome = readOutcome(request, object);
	if (outcome === "failed") throw preconditionFailed("If-Match or If-Unmodified-Since");
	if (outcome === "not-modified") {
		const { etag = "", "last-modified": lastModified = "" } = objectHeaders(object, false);
		return { answer: { status: 304, headers: { etag, "last-modified": lastModified } }, range: undefined };
	}
	const selected = partRange(request, object) ?? parseRange(header(request, "range"), object.size);
	const { start, end } = selected ?? { start: 0, end: object.size };
	const withChecksum =
		header(request, "x-amz-checksum-mode")?.toUpperCase() === "ENABLED" && selected === undefined;
	const headers: Record<string, string> = {
		...objectHeaders(object, withChecksum),
		...overrides(request),
		"content-length": String(end - start),
	};
	if (selected !== undefined) headers["content-range"] = `bytes ${start}-${end - 1}/${object.size}`;
	if (request.query.has("partNumber") && object.multipart) {
		headers["x-amz-mp-parts-count"] = String(object.blobs.length);
	}
	return { answer: { status: selected === undefined ? 200 : 206, headers }, range: { start, end } };
}

function overrides({ query }: OperationRequest): Record<string, string> {
	return Object.fromEntries(
		OVERRIDES.flatMap((name) => {
			const value = query.get(`response-${name}`);
			return value === undefined ? [] : [[name, value] as const];
		}),
	);
}

/** The bytes of one part, if the request asks for it. An object that was put in one piece is its own part 1. */
function partRange(
	request: OperationRequest,
	{ blobs, size, multipart }: StoredObject,
): ByteRange | undefined {
	const number = request.query.integer("partNumber", 1);
	if (number === undefined) return undefined;
	if (header(request, "range") !== undefined) {
		throw new S3Error("InvalidRequest", "Cannot specify both Range header and partNumber query parameter");
	}
	const parts: readonly Pick<Blob, "size">[] = multipart ? blobs : [{ size }];
	const part = parts[number - 1];
	if (part === undefined) {
		throw new S3Error("InvalidPartNumber", "The requested partnumber is not satisfiable");
	}
	// An empty object has no range to show.
	if (size === 0) return undefined;
	const start = parts.slice(0, number - 1).reduce((sum, { size: before }) => sum + before, 0);
	return { start, end: start + part.size };
}
