import type { Operation } from "./operation.ts";
import {
	getBucketLifecycleConfiguration,
	getBucketVersioning,
	getObjectLockConfiguration,
	putBucketLifecycleConfiguration,
	putBucketVersioning,
} from "./operations/bucket-settings.ts";
import {
	createBucket,
	deleteBucket,
	getBucketLocation,
	headBucket,
	listBuckets,
} from "./operations/buckets.ts";
import { completeMultipartUpload } from "./operations/complete-upload.ts";
import { copyObject } from "./operations/copies/copy-object.ts";
import { uploadPartCopy } from "./operations/copies/copy-part.ts";
import { deleteObjects } from "./operations/delete-objects.ts";
import { getObject, headObject } from "./operations/get-object.ts";
import { listObjectVersions } from "./operations/list-object-versions.ts";
import { listObjects, listObjectsV2 } from "./operations/list-objects.ts";
import { getObjectAttributes } from "./operations/object-attributes.ts";
import { deleteObject, putObject } from "./operations/objects.ts";
import { listParts, uploadPart } from "./operations/parts.ts";
import { getObjectRetention, putObjectRetention } from "./operations/retention.ts";
import { getObjectTagging } from "./operations/tagging.ts";
import { abortMultipartUpload, createMultipartUpload, listMultipartUploads } from "./operations/uploads.ts";

export type Target = "service" | "bucket" | "object";

export interface Route {
	/** As in the S3 API. */
	readonly name: string;
	/** Method and target; a request has to have all of `needs` in its query or its headers. */
	readonly method: string;
	readonly target: Target;
	readonly needs?: readonly string[];
	/** Query parameters it understands besides. */
	readonly query?: readonly string[];
	/** `x-amz-` headers it understands besides the ones of every request. */
	readonly headers?: RegExp;
	/** Its `x-amz-checksum-` headers are about the object, not about the body of the request. */
	readonly checksumsOfObject?: true;
	readonly run: Operation;
}

const BODY =
	"decoded-content-length|trailer|sdk-checksum-algorithm|checksum-(crc32|crc32c|crc64nvme|sha1|sha256)";
const STORED = "storage-class|meta-.+";
const LOCK = "object-lock-(mode|retain-until-date)";
const BYPASS = "bypass-governance-retention";
const COPY = "copy-source(-if-(none-)?match|-if-(un)?modified-since)?";
const OVERRIDES = ["type", "disposition", "encoding", "language"].map((name) => `response-content-${name}`);
const READ = ["partNumber", "versionId", "response-cache-control", "response-expires", ...OVERRIDES];
const LIST = ["prefix", "delimiter", "max-keys", "encoding-type"];

/** Every operation there is; the first route that fits wins. */
export const ROUTES: readonly Route[] = [
	{ name: "ListBuckets", method: "GET", target: "service", run: listBuckets },

	{ name: "GetBucketLocation", method: "GET", target: "bucket", needs: ["location"], run: getBucketLocation },
	{
		name: "GetBucketLifecycleConfiguration",
		method: "GET",
		target: "bucket",
		needs: ["lifecycle"],
		run: getBucketLifecycleConfiguration,
	},
	{
		name: "PutBucketLifecycleConfiguration",
		method: "PUT",
		target: "bucket",
		needs: ["lifecycle"],
		headers: headers(BODY),
		run: putBucketLifecycleConfiguration,
	},
	{
		name: "GetBucketVersioning",
		method: "GET",
		target: "bucket",
		needs: ["versioning"],
		run: getBucketVersioning,
	},
	{
		name: "PutBucketVersioning",
		method: "PUT",
		target: "bucket",
		needs: ["versioning"],
		headers: headers(BODY),
		run: putBucketVersioning,
	},
	{
		name: "GetObjectLockConfiguration",
		method: "GET",
		target: "bucket",
		needs: ["object-lock"],
		run: getObjectLockConfiguration,
	},
	{
		name: "ListMultipartUploads",
		method: "GET",
		target: "bucket",
		needs: ["uploads"],
		query: ["prefix", "key-marker", "upload-id-marker", "max-uploads", "encoding-type"],
		run: listMultipartUploads,
	},
	{
		name: "ListObjectVersions",
		method: "GET",
		target: "bucket",
		needs: ["versions"],
		query: [...LIST, "key-marker", "version-id-marker"],
		run: listObjectVersions,
	},
	{
		name: "ListObjectsV2",
		method: "GET",
		target: "bucket",
		needs: ["list-type"],
		query: [...LIST, "continuation-token", "start-after", "fetch-owner"],
		run: listObjectsV2,
	},
	{ name: "ListObjects", method: "GET", target: "bucket", query: [...LIST, "marker"], run: listObjects },
	{ name: "HeadBucket", method: "HEAD", target: "bucket", run: headBucket },
	{
		name: "CreateBucket",
		method: "PUT",
		target: "bucket",
		headers: headers(BODY, "bucket-object-lock-enabled"),
		run: createBucket,
	},
	{ name: "DeleteBucket", method: "DELETE", target: "bucket", run: deleteBucket },
	{
		name: "DeleteObjects",
		method: "POST",
		target: "bucket",
		needs: ["delete"],
		headers: headers(BODY, BYPASS),
		run: deleteObjects,
	},

	{
		name: "ListParts",
		method: "GET",
		target: "object",
		needs: ["uploadId"],
		query: ["max-parts", "part-number-marker"],
		run: listParts,
	},
	{
		name: "GetObjectTagging",
		method: "GET",
		target: "object",
		needs: ["tagging"],
		query: ["versionId"],
		run: getObjectTagging,
	},
	{
		name: "GetObjectRetention",
		method: "GET",
		target: "object",
		needs: ["retention"],
		query: ["versionId"],
		run: getObjectRetention,
	},
	{
		name: "PutObjectRetention",
		method: "PUT",
		target: "object",
		needs: ["retention"],
		query: ["versionId"],
		headers: headers(BODY, BYPASS),
		run: putObjectRetention,
	},
	{
		name: "GetObjectAttributes",
		method: "GET",
		target: "object",
		needs: ["attributes"],
		query: ["versionId"],
		headers: headers("object-attributes", "max-parts", "part-number-marker"),
		run: getObjectAttributes,
	},
	{
		name: "GetObject",
		method: "GET",
		target: "object",
		query: READ,
		headers: headers("checksum-mode"),
		run: getObject,
	},
	{
		name: "HeadObject",
		method: "HEAD",
		target: "object",
		query: READ,
		headers: headers("checksum-mode"),
		run: headObject,
	},
	{
		name: "UploadPartCopy",
		method: "PUT",
		target: "object",
		needs: ["partNumber", "uploadId", "x-amz-copy-source"],
		headers: headers(COPY, "copy-source-range"),
		run: uploadPartCopy,
	},
	{
		name: "UploadPart",
		method: "PUT",
		target: "object",
		needs: ["partNumber", "uploadId"],
		headers: headers(BODY),
		run: uploadPart,
	},
	{
		name: "CopyObject",
		method: "PUT",
		target: "object",
		needs: ["x-amz-copy-source"],
		headers: headers(COPY, STORED, LOCK, "(metadata|tagging)-directive", "tagging", "checksum-algorithm"),
		run: copyObject,
	},
	{
		name: "PutObject",
		method: "PUT",
		target: "object",
		headers: headers(BODY, STORED, LOCK, "tagging"),
		run: putObject,
	},
	{
		name: "CreateMultipartUpload",
		method: "POST",
		target: "object",
		needs: ["uploads"],
		headers: headers(STORED, LOCK, "tagging", "checksum-algorithm", "checksum-type"),
		run: createMultipartUpload,
	},
	{
		name: "CompleteMultipartUpload",
		method: "POST",
		target: "object",
		needs: ["uploadId"],
		headers: headers(BODY, "mp-object-size", "checksum-type"),
		checksumsOfObject: true,
		run: completeMultipartUpload,
	},
	{
		name: "AbortMultipartUpload",
		method: "DELETE",
		target: "object",
		needs: ["uploadId"],
		run: abortMultipartUpload,
	},
	{
		name: "DeleteObject",
		method: "DELETE",
		target: "object",
		query: ["versionId"],
		headers: headers(BYPASS),
		run: deleteObject,
	},
];

function headers(...names: readonly string[]): RegExp {
	return new RegExp(`^x-amz-(${names.join("|")})$`);
}
