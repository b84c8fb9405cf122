import type { IncomingHttpHeaders } from "node:http";
import { S3Error } from "../errors.ts";
import { document, element } from "../http/xml.ts";
import type { Answer, OperationRequest, Stores } from "../operation.ts";
import { requestedObject } from "./version-id.ts";

export type Tags = Readonly<Record<string, string>>;

const MAX_TAGS = 10;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** The tags that a request gives the object it makes. */
export function tagsOf(headers: IncomingHttpHeaders): Tags {
	const pairs = [...new URLSearchParams(String(headers["x-amz-tagging"] ?? ""))];
	if (pairs.length > MAX_TAGS) throw new S3Error("BadRequest", "Object tags cannot be greater than 10");
	for (const [key, value] of pairs) {
		if (key === "" || key.length > MAX_KEY_LENGTH || !ALLOWED.test(key))
			throw new S3Error("InvalidTag", "The TagKey you have provided is invalid");
		if (value.length > MAX_VALUE_LENGTH || !ALLOWED.test(value))
			throw new S3Error("InvalidTag", "The TagValue you have provided is invalid");
	}
	const tags = new Map(pairs);
	if (tags.size < pairs.length)
		throw new S3Error("InvalidTag", "Cannot provide multiple Tags with the same key");
	return Object.fromEntries(tags);
}

export function getObjectTagging(request: OperationRequest, stores: Stores): Answer {
	const { tags = {} } = requestedObject(request, stores);
	const set = Object.entries(tags).map(([name, value]) =>
		element("Tag", element("Key", name), element("Value", value)),
	);
	return { status: 200, body: document("Tagging", element("TagSet", ...set)) };
}
