import { S3Error } from "../errors.ts";
import { versionHeader } from "../http/object-headers.ts";
import { document, element, type Markup, optional } from "../http/xml.ts";
import { type Answer, header, type OperationRequest, type Stores } from "../operation.ts";
import type { StoredObject } from "../store/stored-object.ts";
import { requestedObject } from "./version-id.ts";

const MAX_PARTS = 1000;
const ATTRIBUTES = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"] as const;
type Attribute = (typeof ATTRIBUTES)[number];

export function getObjectAttributes(request: OperationRequest, stores: Stores): Answer {
	const wanted = requestedAttributes(request);
	const object = requestedObject(request, stores);
	return {
		status: 200,
		headers: { "last-modified": new Date(object.lastModified).toUTCString(), ...versionHeader(object) },
		body: document(
			"GetObjectAttributesResponse",
			...ATTRIBUTES.filter((name) => wanted.has(name)).flatMap((name) => attribute(name, object, request)),
		),
	};
}

function requestedAttributes(request: OperationRequest): ReadonlySet<string> {
	const text = header(request, "x-amz-object-attributes") ?? "";
	const wanted = text.split(",").map((name) => name.trim());
	const unknown = wanted.find((name) => !(ATTRIBUTES as readonly string[]).includes(name));
	if (unknown === undefined) return new Set(wanted);
	throw new S3Error("InvalidArgument", "Invalid attribute name specified.", {
		ArgumentName: "x-amz-object-attributes",
		ArgumentValue: unknown,
	});
}

function attribute(name: Attribute, object: StoredObject, request: OperationRequest): readonly Markup[] {
	const { etag, checksum, storageClass, size } = object;
	switch (name) {
		case "ETag":
			return [element(name, etag)];
		case "Checksum":
			if (checksum === undefined) return [];
			return [
				element(
					name,
					element(`Checksum${checksum.algorithm}`, checksum.value),
					element("ChecksumType", checksum.type),
				),
			];
		case "ObjectParts":
			return objectParts(object, request);
		case "StorageClass":
			return [element(name, storageClass)];
		case "ObjectSize":
			return [element(name, size)];
		default:
			return name satisfies never;
	}
}

/**
 * Objects that were put in one request have none. The parts themselves are shown where their checksums are part of the object's, so
 * for a composite one only; else their number is all (localstack/localstack#12764 has it from AWS).
 */
function objectParts({ parts = [], checksum }: StoredObject, request: OperationRequest): readonly Markup[] {
	if (parts.length === 0) return [];
	const count = element("PartsCount", parts.length);
	if (checksum?.type !== "COMPOSITE") return [element("ObjectParts", count)];
	const marker = integer(request, "x-amz-part-number-marker", 0);
	const limit = Math.min(integer(request, "x-amz-max-parts", MAX_PARTS), MAX_PARTS);
	const behind = parts.filter(({ number }) => number > marker);
	const page = behind.slice(0, limit);
	return [
		element(
			"ObjectParts",
			element("IsTruncated", behind.length > page.length),
			element("MaxParts", limit),
			element("NextPartNumberMarker", page.at(-1)?.number ?? 0),
			element("PartNumberMarker", marker),
			...page.map((part) =>
				element(
					"Part",
					...optional(`Checksum${checksum.algorithm}`, part.checksum),
					element("PartNumber", part.number),
					element("Size", part.size),
				),
			),
			count,
		),
	];
}

function integer(request: OperationRequest, name: string, otherwise: number): number {
	const text = header(request, name);
	if (text === undefined) return otherwise;
	if (/^\d{1,9}$/.test(text)) return Number(text);
	throw new S3Error("InvalidArgument", `${name} is not a number`, {
		ArgumentName: name,
		ArgumentValue: text,
	});
}
