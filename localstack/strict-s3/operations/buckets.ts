import { S3Error } from "../errors.ts";
import { document, element, parseDocument } from "../http/xml.ts";
import type { Answer, OperationRequest, Stores } from "../operation.ts";

export const OWNER = [element("ID", "local"), element("DisplayName", "local")];

export function listBuckets(_request: OperationRequest, { objects }: Stores): Answer {
	const buckets = objects.buckets.map(({ name, created }) =>
		element("Bucket", element("Name", name), element("CreationDate", new Date(created).toISOString())),
	);
	return {
		status: 200,
		body: document("ListAllMyBucketsResult", element("Owner", ...OWNER), element("Buckets", ...buckets)),
	};
}

export async function createBucket(
	{ bucket, body, headers }: OperationRequest,
	stores: Stores,
): Promise<Answer> {
	assertBucketName(bucket);
	const configuration = headers["content-length"] === undefined ? "" : await body.text();
	const constraint = parseLocation(configuration);
	if (constraint !== undefined && constraint !== stores.region) {
		throw new S3Error(
			"IllegalLocationConstraintException",
			`The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
		);
	}
	if (!stores.objects.hasBucket(bucket)) {
		const hasLock = headers["x-amz-bucket-object-lock-enabled"] === "true";
		stores.objects.createBucket(bucket, stores.now().getTime(), hasLock);
	} else if (stores.region !== "us-east-1") {
		// In its first region AWS says yes once more.
		throw new S3Error(
			"BucketAlreadyOwnedByYou",
			"Your previous request to create the named bucket succeeded",
			{
				BucketName: bucket,
			},
		);
	}
	return { status: 200, headers: { location: `/${bucket}` } };
}

export function headBucket(_request: OperationRequest, { region }: Stores): Answer {
	return { status: 200, headers: { "x-amz-bucket-region": region } };
}

export function getBucketLocation(_request: OperationRequest, { region }: Stores): Answer {
	// The first region has no name here.
	return { status: 200, body: document("LocationConstraint", ...(region === "us-east-1" ? [] : [region])) };
}

export async function deleteBucket({ bucket }: OperationRequest, stores: Stores): Promise<Answer> {
	stores.objects.deleteBucket(bucket);
	stores.lifecycles.delete(bucket);
	for (const upload of stores.uploads.list(bucket)) {
		stores.uploads.delete(upload);
		await stores.blobs.remove([...upload.parts.values()].map((part) => part.blob));
	}
	return { status: 204 };
}

export function assertBucketName(name: string): void {
	if (!isBucketName(name)) {
		throw new S3Error("InvalidBucketName", "The specified bucket is not valid.", { BucketName: name });
	}
}

export function isBucketName(name: string): boolean {
	return (
		/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
		!name.includes("..") &&
		!/^\d+\.\d+\.\d+\.\d+$/.test(name)
	);
}

function parseLocation(configuration: string): string | undefined {
	if (configuration === "") return undefined;
	const root = parseDocument(configuration, "CreateBucketConfiguration");
	if (root === undefined) throw new S3Error("MalformedXML", "The XML you provided was not well-formed");
	return root.childText("LocationConstraint");
}
