/**
 * An upload that may be stopped at any moment, even with `kill -9`, and resumes where it was when this is
 * started again: here or on another machine, there is nothing to keep but the sources.
 *
 *     BUCKET=my-bucket npx tsx examples/resume.ts ./photos photos.zip
 *
 * The second half of an hour long upload over a slow line costs half an hour, and a limit of 4 MiB a second
 * leaves room for others. AWS_* and BUCKET as in upload.ts.
 */
import { uploadZip, type ZipferryEvent } from "zipferry";

const [directory = "examples", key = "resumed.zip"] = process.argv.slice(2);
const { BUCKET: bucket = "demo" } = process.env;

const controller = new AbortController();
process.once("SIGINT", () => controller.abort(new Error("stopped by Ctrl-C; start it again to go on")));

function show(event: ZipferryEvent): void {
	if (event.type === "upload-resumed")
		console.error(`resuming: ${event.partCount} parts are already uploaded`);
	if (event.type === "upload-kept")
		console.error(`${event.partCount} parts stay in upload ${event.uploadId}`);
	if (event.type === "warning") console.error(`warning: ${event.message}`);
}

try {
	const { partCount, resumedPartCount } = await uploadZip(directory, {
		bucket,
		key,
		resume: true,
		bandwidthLimit: 4 * 1024 * 1024,
		signal: controller.signal,
		onEvent: show,
	});
	console.log(
		`s3://${bucket}/${key}: ${partCount} part${partCount === 1 ? "" : "s"}, ${resumedPartCount} of them from before`,
	);
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = controller.signal.aborted ? 130 : 1;
}
