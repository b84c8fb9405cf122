import * as v from "valibot";
import type { Warning } from "../events.ts";
import type { Field } from "../options/field.ts";
import { text } from "../options/kinds.ts";

const NAMES =
	"3 to 255 letters, digits, dots, hyphens and underscores, without a dot at either end or two in a row";

/** What a bucket may have been called when S3 was young, and what other storages still take. */
const EVER_ALLOWED = /^(?!.*\.\.)(?!\.)[\w.-]{3,255}(?<!\.)$/;
/** What a new bucket may be called; host names have room for such names only. */
const ALLOWED_TODAY = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

const ACCESS_POINT =
	/^arn:aws[a-z-]*:s3:(?<region>[a-z0-9-]+):(?<account>\d{12}):accesspoint[/:][a-z0-9][a-z0-9-]*$/;

/** The ARN of an access point in the place of a bucket: what comes behind its next slash is the key. */
const ARN_IN_ADDRESS = /^arn:[^/]*?(:outpost[/:][^/]+)?[:/]accesspoint[/:][^/]+/;

const EXAMPLE = "arn:aws:s3:eu-central-1:123456789012:accesspoint/name";

/** Refuses what can never be the name of a bucket, and access points that uploads cannot go through. */
export function bucketName(): Field<string> {
	return v.pipe(
		text(NAMES),
		v.check(
			(value) => !/^arn:[^:]*:s3::[^:]*:accesspoint[/:]/.test(value),
			"an access point of one region: requests to those of several need signatures of another kind (SigV4A)",
		),
		v.check(
			(value) => !/^arn:[^:]*:s3-object-lambda:/.test(value),
			"a bucket or an access point that takes uploads: those of Object Lambda only change what is read",
		),
		v.check(
			(value) => !/^arn:[^:]*:s3-outposts:/.test(value),
			"the alias of the access point instead of its ARN, which is one of S3 on Outposts",
		),
		v.check(
			(value) => !value.startsWith("arn:") || ACCESS_POINT.test(value),
			`a name, or the ARN of an access point such as ${EXAMPLE}`,
		),
		v.check((value) => value.startsWith("arn:") || EVER_ALLOWED.test(value), NAMES),
		v.regex(/^(?!\d+\.\d+\.\d+\.\d+$)/, "a name that does not look like an IP address"),
	);
}

/** The part of an address that names the bucket: up to the first slash, unless it is an ARN with slashes. */
export function bucketOfAddress(address: string): string {
	return ARN_IN_ADDRESS.exec(address)?.[0] ?? address.split("/", 1)[0] ?? "";
}

/** The region that the ARN of an access point names; `undefined` for the name of a bucket. */
export function regionOfBucket(bucket: string): string | undefined {
	return ACCESS_POINT.exec(bucket)?.groups?.["region"];
}

/** Whether it is an access point, which has a host name of its own and no place in a path. */
export function isAccessPoint(bucket: string): boolean {
	return ACCESS_POINT.test(bucket);
}

/** Whether a host name can begin with it. */
export function fitsHostName(bucket: string): boolean {
	return isAccessPoint(bucket) || (ALLOWED_TODAY.test(bucket) && !bucket.includes("."));
}

/** What policies call the bucket, or the objects in it whose keys match. */
export function resourceName(bucket: string, keys?: string): string {
	if (!isAccessPoint(bucket)) return `arn:aws:s3:::${bucket}${keys === undefined ? "" : `/${keys}`}`;
	return `${bucket}${keys === undefined ? "" : `/object/${keys}`}`;
}

/** A name that is more likely a slip than an old bucket; the storage decides. */
export function unusualName(bucket: string): Warning | undefined {
	if (isAccessPoint(bucket) || ALLOWED_TODAY.test(bucket)) return undefined;
	return {
		code: "UNUSUAL_BUCKET_NAME",
		message: `the bucket name "${bucket}" is not one that new buckets can have: 3 to 63 lower-case letters, digits, dots and hyphens`,
		origin: `s3://${bucket}`,
	};
}
