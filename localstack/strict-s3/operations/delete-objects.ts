import { notImplemented, S3Error } from "../errors.ts";
import { document, element, type Markup, optional, parseDocument, type XmlNode } from "../http/xml.ts";
import type { Answer, OperationRequest, Stores } from "../operation.ts";
import { idOf, NO_VERSION } from "../store/stored-object.ts";
import { type ObjectToDelete, removeObject } from "./objects.ts";
import { assertHasDigest } from "./retention.ts";
import { noSuchVersion } from "./version-id.ts";

const MAX_KEYS_PER_DELETE = 1000;

export async function deleteObjects(request: OperationRequest, stores: Stores): Promise<Answer> {
	assertHasDigest(request);
	const root = parseDocument(await request.body.text(), "Delete");
	const wanted = root?.children("Object").map(objectToDelete);
	if (wanted === undefined || wanted.length === 0 || wanted.length > MAX_KEYS_PER_DELETE) {
		throw new S3Error("MalformedXML", "The XML you provided was not well-formed or did not validate");
	}
	const quiet = root?.childText("Quiet") === "true";
	const lines: Markup[] = [];
	for (const object of wanted) {
		const { wasDeleted, line } = await deleteOne(request, object, stores);
		if (!wasDeleted || !quiet) lines.push(line);
	}
	return { status: 200, body: document("DeleteResult", ...lines) };
}

/** What cannot be deleted is refused by itself; the others are deleted. */
async function deleteOne(
	request: OperationRequest,
	object: ObjectToDelete,
	stores: Stores,
): Promise<{ readonly wasDeleted: boolean; readonly line: Markup }> {
	const { key, versionId } = object;
	const names = [element("Key", key), ...optional("VersionId", versionId)];
	try {
		const knowsVersions = stores.objects.versioning(request.bucket) !== undefined;
		if (versionId !== undefined && versionId !== NO_VERSION && !knowsVersions)
			throw noSuchVersion(key, versionId);
		const { marker } = await removeObject(request, object, stores);
		const made = marker && [element("DeleteMarker", true), element("DeleteMarkerVersionId", idOf(marker))];
		return { wasDeleted: true, line: element("Deleted", ...names, ...(made ?? [])) };
	} catch (error) {
		if (!(error instanceof S3Error)) throw error;
		const { code, message } = error;
		const line = element("Error", ...names, element("Code", code), element("Message", message));
		return { wasDeleted: false, line };
	}
}

function objectToDelete(object: XmlNode): ObjectToDelete {
	const key = object.children("Key")[0]?.text;
	if (key === undefined || key === "") {
		throw new S3Error("MalformedXML", "The XML you provided was not well-formed or did not validate");
	}
	for (const condition of ["ETag", "LastModifiedTime", "Size"]) {
		if (object.children(condition).length > 0) throw notImplemented(`${condition} in DeleteObjects`);
	}
	return { key, versionId: object.childText("VersionId") };
}
