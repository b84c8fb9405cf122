/**
 * MinIO, or any other S3 server of your own: an endpoint, keys, and the bucket in the path.
 *
 *     docker compose -f localstack/compose.yaml up --detach minio-bucket
 *     export AWS_ACCESS_KEY_ID=zipferry AWS_SECRET_ACCESS_KEY=zipferry-test-secret
 *     npx tsx examples/minio.ts ./photos
 *
 * AWS_ENDPOINT_URL_S3 is "http://127.0.0.1:9000" and BUCKET "demo" unless set. Without Docker:
 * `npm run localstack` starts a server on the same port, and prints its keys.
 */
import { uploadZip } from "zipferry";

const [directory = "examples", key = "minio.zip"] = process.argv.slice(2);
const { AWS_ENDPOINT_URL_S3: endpoint = "http://127.0.0.1:9000", BUCKET: bucket = "demo" } = process.env;

const { size, partCount } = await uploadZip(directory, {
	bucket,
	key,
	endpoint,
	provider: "minio", // bucket in the path, no checksum headers; what an unknown endpoint gets, too
	metadata: { "made-by": "zipferry" },
});
console.log(
	`${endpoint}/${bucket}/${key}: ${size} bytes in ${partCount} ${partCount === 1 ? "part" : "parts"}`,
);
