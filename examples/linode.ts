/**
 * Linode (Akamai) Object Storage. Keys come from Cloud Manager, Object Storage, Access Keys; the region is
 * the part of the bucket's host name after the bucket.
 *
 *     export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…
 *     AWS_REGION=eu-central-1 BUCKET=my-bucket npx tsx examples/linode.ts ./photos
 *
 * AWS_REGION is "eu-central-1" and BUCKET "demo" unless set; AWS_ENDPOINT_URL_S3 overrides the endpoint.
 */
import { StorageError, uploadZip } from "zipferry";

const [directory = "examples", key = "linode.zip"] = process.argv.slice(2);
const { AWS_REGION: region = "eu-central-1", BUCKET: bucket = "demo" } = process.env;

try {
	const { size, etag } = await uploadZip(directory, {
		bucket,
		key,
		provider: "linode", // its endpoint is https://<region>.linodeobjects.com
		region,
	});
	console.log(`s3://${bucket}/${key} in ${region}: ${size} bytes, ETag ${etag}`);
} catch (error) {
	if (!(error instanceof StorageError)) throw error;
	const { operation, serverCode, requestId } = error.facts;
	console.error(`${error.code}: ${error.message}`, { operation, serverCode, requestId });
	process.exitCode = 1;
}
