import { notImplemented, S3Error } from "../errors.ts";
import { headersToKeep, storageClassOf } from "../http/object-headers.ts";
import { writeCondition } from "../http/preconditions.ts";
import { document, element, optional, parseDocument, type XmlNode } from "../http/xml.ts";
import type { Answer, OperationRequest, Stores } from "../operation.ts";
import { checksumHeaders } from "../store/checksums.ts";
import { tagsOf } from "./tagging.ts";
import { checkVersionId, NO_VERSION } from "./version-id.ts";

const MAX_KEYS_PER_DELETE = 1000;

export async function putObject(request: OperationRequest, stores: Stores): Promise<Answer> {
	const { bucket, key, body, headers } = request;
	const mayWrite = writeCondition(request);
	// Asked twice: here to spare the transfer, in put() because the world may have changed by then.
	mayWrite(stores.objects.find(bucket, key));
	const kept = {
		headers: headersToKeep(headers),
		storageClass: storageClassOf(headers),
		tags: tagsOf(headers),
	};

	const { blob, result } = await stores.blobs.store((sink) => body.receive(sink));
	const checksum = result.checksum && { ...result.checksum, type: "FULL_OBJECT" as const };
	const etag = result.md5.toString("hex");
	const lastModified = stores.now().getTime();
	try {
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
		const replaced = stores.objects.put(bucket, object, mayWrite);
		await stores.blobs.remove(replaced?.blobs ?? []);
	} catch (error) {
		await stores.blobs.remove([blob]);
		throw error;
	}
	return { status: 200, headers: { etag: `"${etag}"`, ...checksumHeaders(checksum) } };
}

export async function deleteObject(request: OperationRequest, stores: Stores): Promise<Answer> {
	checkVersionId(request.query.get("versionId"));
	const condition = request.headers["if-match"] === undefined ? () => {} : writeCondition(request);
	const deleted = stores.objects.delete(request.bucket, request.key, condition);
	await stores.blobs.remove(deleted?.blobs ?? []);
	return { status: 204 };
}

export async function deleteObjects(
	{ bucket, body, headers }: OperationRequest,
	stores: Stores,
): Promise<Answer> {
	if (headers["content-md5"] === undefined && body.checksumAlgorithm === undefined) {
		throw new S3Error(
			"InvalidRequest",
			"Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
		);
	}
	const root = parseDocument(await body.text(), "Delete");
	const wanted = root?.children("Object").map(objectToDelete);
	if (wanted === undefined || wanted.length === 0 || wanted.length > MAX_KEYS_PER_DELETE) {
		throw new S3Error("MalformedXML", "The XML you provided was not well-formed or did not validate");
	}
	for (const { key, versionId } of wanted) {
		if (versionId !== undefined && versionId !== NO_VERSION) continue;
		const deleted = stores.objects.delete(bucket, key, () => {});
		await stores.blobs.remove(deleted?.blobs ?? []);
	}
	const quiet = root?.childText("Quiet") === "true";
	const answer = wanted.flatMap(({ key, versionId }) => {
		const of = [element("Key", key), ...optional("VersionId", versionId)];
		// What has no such version is refused by itself; the others are deleted.
		if (versionId !== undefined && versionId !== NO_VERSION)
			return [element("Error", ...of, element("Code", "NoSuchVersion"), element("Message", NO_SUCH_VERSION))];
		return quiet ? [] : [element("Deleted", ...of)];
	});
	return { status: 200, body: document("DeleteResult", ...answer) };
}

const NO_SUCH_VERSION = "The specified version does not exist.";

function objectToDelete(object: XmlNode): { readonly key: string; readonly versionId: string | undefined } {
	const key = object.children("Key")[0]?.text;
	if (key === undefined || key === "") {
		throw new S3Error("MalformedXML", "The XML you provided was not well-formed or did not validate");
	}
	for (const condition of ["ETag", "LastModifiedTime", "Size"]) {
		if (object.children(condition).length > 0) throw notImplemented(`${condition} in DeleteObjects`);
	}
	return { key, versionId: object.childText("VersionId") };
}
