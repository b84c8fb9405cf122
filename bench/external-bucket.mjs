import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";

/** A client of the S3 server that the variables of an environment name. */
export function clientOf({ AWS_ENDPOINT_URL_S3, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }) {
	return new S3Client({
		endpoint: AWS_ENDPOINT_URL_S3,
		region: AWS_REGION,
		forcePathStyle: true,
		credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
	});
}

/** Creates a bucket, unless it is there. */
export async function ensureBucket(client, bucket) {
	await client.send(new CreateBucketCommand({ Bucket: bucket })).catch((error) => {
		if (error.name !== "BucketAlreadyOwnedByYou" && error.name !== "BucketAlreadyExists") throw error;
	});
}
