/**
 * Uploads a directory as one ZIP archive, shows its progress, and stops cleanly on Ctrl-C: nothing is
 * published, and no part of the upload stays in the bucket.
 *
 *     BUCKET=my-bucket npx tsx examples/upload.ts ./photos photos.zip
 *
 * AWS_ENDPOINT_URL_S3, AWS_REGION, AWS_PROFILE and the AWS_* keys select the storage and the credentials, as for the AWS
 * command line. BUCKET is "demo" unless set.
 */
import { uploadZip, type ZipferryEvent } from "zipferry";

const [directory = "examples", key = "examples.zip"] = process.argv.slice(2);
const { BUCKET: bucket = "demo" } = process.env;

const controller = new AbortController();
process.once("SIGINT", () => controller.abort(new Error("stopped by Ctrl-C; nothing was published")));

let shownAt = 0;
function show(event: ZipferryEvent): void {
	if (event.type === "planned") console.error(`${event.entryCount} entries, ${event.sourceSize} bytes`);
	if (event.type === "warning") console.error(`warning: ${event.message}`);
	if (event.type === "progress" && Date.now() - shownAt > 1000) {
		shownAt = Date.now();
		console.error(`${event.readSize} bytes read, ${event.uploadedSize} bytes uploaded: ${event.entryName}`);
	}
}

try {
	const result = await uploadZip(directory, { bucket, key, signal: controller.signal, onEvent: show });
	console.log(`s3://${bucket}/${key}: ${result.entryCount} entries, ${result.size} bytes, md5 ${result.md5}`);
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = controller.signal.aborted ? 130 : 1;
}
