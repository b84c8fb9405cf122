import { notImplemented, S3Error } from "../errors.ts";
import { document, element, type Markup, optional, parseDocument, type XmlNode } from "../http/xml.ts";
import type { Answer, LifecycleRule, OperationRequest, Stores } from "../operation.ts";

export async function putBucketLifecycleConfiguration(
	{ bucket, body }: OperationRequest,
	{ lifecycles }: Stores,
): Promise<Answer> {
	const root = parseDocument(await body.text(), "LifecycleConfiguration");
	const rules = root?.children("Rule").map(parseRule) ?? [];
	if (rules.length === 0) throw malformed();
	lifecycles.set(bucket, rules);
	return { status: 200 };
}

export function getBucketLifecycleConfiguration(
	{ bucket }: OperationRequest,
	{ lifecycles }: Stores,
): Answer {
	const rules = lifecycles.get(bucket) ?? [];
	if (rules.length === 0) {
		throw new S3Error("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", {
			BucketName: bucket,
		});
	}
	return { status: 200, body: document("LifecycleConfiguration", ...rules.map(ruleElement)) };
}

export function getBucketVersioning({ bucket }: OperationRequest, { objects }: Stores): Answer {
	const status = optional("Status", objects.versioning(bucket));
	return { status: 200, body: document("VersioningConfiguration", ...status) };
}

export async function putBucketVersioning(
	{ bucket, body }: OperationRequest,
	{ objects }: Stores,
): Promise<Answer> {
	const status = parseDocument(await body.text(), "VersioningConfiguration")?.childText("Status");
	if (status !== "Enabled" && status !== "Suspended") throw malformed();
	if (status === "Suspended" && objects.hasLock(bucket)) {
		throw new S3Error(
			"InvalidBucketState",
			"An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
		);
	}
	objects.setVersioning(bucket, status);
	return { status: 200 };
}

/** There is no retention that every object of a bucket gets. */
export function getObjectLockConfiguration({ bucket }: OperationRequest, { objects }: Stores): Answer {
	if (objects.hasLock(bucket))
		return {
			status: 200,
			body: document("ObjectLockConfiguration", element("ObjectLockEnabled", "Enabled")),
		};
	throw new S3Error(
		"ObjectLockConfigurationNotFoundError",
		"Object Lock configuration does not exist for this bucket",
		{ BucketName: bucket },
	);
}

const KNOWN = ["ID", "Status", "Filter", "AbortIncompleteMultipartUpload"];

function parseRule(rule: XmlNode): LifecycleRule {
	const unknown = rule.names.find((name) => !KNOWN.includes(name));
	if (unknown !== undefined) throw notImplemented(`${unknown} of a lifecycle rule`);
	const [filter] = rule.children("Filter");
	const [abort] = rule.children("AbortIncompleteMultipartUpload");
	const days = Number(abort?.childText("DaysAfterInitiation"));
	const status = rule.childText("Status") ?? "";
	if (filter === undefined || !Number.isSafeInteger(days) || days < 1 || !/^(En|Dis)abled$/.test(status))
		throw malformed();
	return {
		id: rule.childText("ID") ?? "",
		enabled: status === "Enabled",
		prefix: filter.childText("Prefix") ?? "",
		days,
	};
}

function ruleElement({ id, enabled, prefix, days }: LifecycleRule): Markup {
	return element(
		"Rule",
		element("ID", id),
		element("Filter", element("Prefix", prefix)),
		element("Status", enabled ? "Enabled" : "Disabled"),
		element("AbortIncompleteMultipartUpload", element("DaysAfterInitiation", days)),
	);
}

function malformed(): S3Error {
	return new S3Error("MalformedXML", "The XML you provided was not well-formed or did not validate");
}
