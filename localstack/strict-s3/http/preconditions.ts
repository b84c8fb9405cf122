import { notImplemented, S3Error } from "../errors.ts";
import { header, type OperationRequest } from "../operation.ts";
import { noSuchKey, type StoredObject, type WriteCondition } from "../store/stored-object.ts";

export type ReadOutcome = "proceed" | "not-modified" | "failed";

/**
 * If-Match and its kin on an object that is read (RFC 9110, 13.2.2).
 *
 * @param prefix - `x-amz-copy-source-` for the source of a copy.
 */
export function readOutcome(request: OperationRequest, object: StoredObject, prefix = ""): ReadOutcome {
	const etags = (name: string) => header(request, `${prefix}${name}`);
	const seconds = (name: string) => parseSeconds(header(request, `${prefix}${name}`));
	const modified = Math.floor(object.lastModified / 1000);

	const ifMatch = etags("if-match");
	const unmodifiedSince = seconds("if-unmodified-since");
	if (ifMatch !== undefined) {
		if (!matches(ifMatch, object.etag)) return "failed";
	} else if (unmodifiedSince !== undefined && modified > unmodifiedSince) {
		return "failed";
	}
	const ifNoneMatch = etags("if-none-match");
	const modifiedSince = seconds("if-modified-since");
	if (ifNoneMatch !== undefined) {
		if (matches(ifNoneMatch, object.etag)) return "not-modified";
	} else if (modifiedSince !== undefined && modified <= modifiedSince) {
		return "not-modified";
	}
	return "proceed";
}

/** `If-None-Match: *` and `If-Match: <ETag>` on an object that is written. */
export function writeCondition(request: OperationRequest): WriteCondition {
	const ifMatch = header(request, "if-match");
	const ifNoneMatch = header(request, "if-none-match");
	if (ifNoneMatch !== undefined && ifNoneMatch !== "*")
		throw notImplemented("If-None-Match with an ETag on a write");
	if (ifMatch !== undefined && ifNoneMatch !== undefined) throw notImplemented("If-Match with If-None-Match");
	return (existing) => {
		if (ifNoneMatch !== undefined && existing !== undefined) throw preconditionFailed("If-None-Match");
		if (ifMatch === undefined) return;
		if (existing === undefined) throw noSuchKey(request.key);
		if (!matches(ifMatch, existing.etag)) throw preconditionFailed("If-Match");
	};
}

export function preconditionFailed(condition: string): S3Error {
	return new S3Error("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
		Condition: condition,
	});
}

function matches(list: string, etag: string): boolean {
	return list.split(",").some((candidate) => {
		const tag = candidate.trim().replace(/^W\//, "").replaceAll('"', "");
		return tag === "*" || tag === etag;
	});
}

function parseSeconds(date: string | undefined): number | undefined {
	const milliseconds = date === undefined ? Number.NaN : Date.parse(date);
	return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}
