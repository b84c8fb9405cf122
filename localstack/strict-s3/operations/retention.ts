import { S3Error } from "../errors.ts";
import { document, element, parseDocument } from "../http/xml.ts";
import { type Answer, header, type OperationRequest, type Stores } from "../operation.ts";
import type { Retention, StoredObject } from "../store/stored-object.ts";
import { requestedObject } from "./version-id.ts";

const LOCK_HEADERS = ["x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date"] as const;

/** How long the object that a request makes is to be kept. */
export function retentionOf(request: OperationRequest, stores: Stores): Retention | undefined {
	const [mode, date] = LOCK_HEADERS.map((name) => header(request, name));
	if (mode === undefined && date === undefined) return undefined;
	assertHasLock(request.bucket, stores);
	if (mode === undefined || date === undefined)
		throw new S3Error("InvalidArgument", `${LOCK_HEADERS.join(" and ")} must both be supplied`);
	return parseRetention(mode, date, stores.now());
}

export async function putObjectRetention(request: OperationRequest, stores: Stores): Promise<Answer> {
	const { bucket, body } = request;
	assertHasLock(bucket, stores);
	assertHasDigest(request);
	const root = parseDocument(await body.text(), "Retention");
	const mode = root?.childText("Mode");
	const date = root?.childText("RetainUntilDate");
	if (mode === undefined || date === undefined) throw malformed();
	const retention = parseRetention(mode, date, stores.now());
	const object = requestedObject(request, stores);
	const { retention: current } = object;
	const isLoosened =
		current !== undefined && (retention.until < current.until || retention.mode !== current.mode);
	if (isLoosened && isLocked(object, request, stores)) throw locked();
	stores.objects.retain(bucket, object, retention);
	return { status: 200 };
}

export function getObjectRetention(request: OperationRequest, stores: Stores): Answer {
	assertHasLock(request.bucket, stores);
	const { retention } = requestedObject(request, stores);
	if (retention === undefined)
		throw new S3Error(
			"NoSuchObjectLockConfiguration",
			"The specified object does not have a ObjectLock configuration",
		);
	const until = new Date(retention.until).toISOString();
	return {
		status: 200,
		body: document("Retention", element("Mode", retention.mode), element("RetainUntilDate", until)),
	};
}

/** What deletes many objects or locks one has to come with a digest. */
export function assertHasDigest({ headers, body }: OperationRequest): void {
	if (headers["content-md5"] !== undefined || body.checksumAlgorithm !== undefined) return;
	throw new S3Error(
		"InvalidRequest",
		"Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
	);
}

/** Refuses to touch a version whose time has not come; only governance can be passed by those who ask for it. */
export function assertUnlocked(
	object: StoredObject | undefined,
	request: OperationRequest,
	stores: Stores,
): void {
	if (object !== undefined && isLocked(object, request, stores)) throw locked();
}

function isLocked({ retention }: StoredObject, request: OperationRequest, stores: Stores): boolean {
	if (retention === undefined || retention.until <= stores.now().getTime()) return false;
	const bypass = header(request, "x-amz-bypass-governance-retention")?.toLowerCase() === "true";
	return retention.mode === "COMPLIANCE" || !bypass;
}

function locked(): S3Error {
	return new S3Error("AccessDenied", "Access Denied because object protected by object lock.");
}

function assertHasLock(bucket: string, { objects }: Stores): void {
	if (!objects.hasLock(bucket))
		throw new S3Error("InvalidRequest", "Bucket is missing Object Lock Configuration");
}

function parseRetention(mode: string, date: string, now: Date): Retention {
	if (mode !== "GOVERNANCE" && mode !== "COMPLIANCE") throw malformed();
	const until = Date.parse(date);
	if (Number.isNaN(until)) throw malformed();
	if (until <= now.getTime())
		throw new S3Error("InvalidArgument", "The retain until date must be in the future!");
	return { mode, until };
}

function malformed(): S3Error {
	return new S3Error("MalformedXML", "The XML you provided was not well-formed or did not validate");
}
