/**
 * Linode (Akamai) Object Storage. Keys come from Cloud Manager, Object Storage, Access Keys; the cluster is
 * the part of the bucket's host name after the bucket.
 *
 *     export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…
 *     LINODE_CLUSTER=eu-central-1 BUCKET=my-bucket npx tsx examples/linode.ts ./photos
 *
 * LINODE_CLUSTER is "us-east-1" and BUCKET "demo" unless set; AWS_ENDPOINT_URL_S3 overrides the endpoint.
 */
import { StorageError, uploadZip } from "zipferry";

const [directory = "examples", key = "linode.zip"] = process.argv.slice(2);
const { LINODE_CLUSTER: cluster = "us-east-1", BUCKET: bucket = "demo" } = process.env;
const { AWS_ENDPOINT_URL_S3: endpoint = `https://${cluster}.linodeobjects.com` } = process.env;

try {
	const { size, etag } = await uploadZip(directory, {
		bucket,
		key,
		endpoint,
		region: cluster, // part of the signature
		provider: "linode", // known by the endpoint anyway; it says so for endpoints of your own
	});
	console.log(`${endpoint}/${bucket}/${key}: ${size} bytes, ETag ${etag}`);
} catch (error) {
	if (!(error instanceof StorageError)) throw error;
	const { operation, serverCode, requestId } = error.facts;
	console.error(`${error.code}: ${error.message}`, { operation, serverCode, requestId });
	process.exitCode = 1;
}
