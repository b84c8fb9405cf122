/**
 * A Lambda function that zips what is below a prefix of a bucket, on a timer, into a bucket: no file system, and the
 * same memory for ten objects and for a hundred thousand.
 *
 * Start it with EventBridge, `cron(30 2 * * ? *)`, with a timeout of 15 minutes and 512 MB. SOURCE is such as
 * `s3://photos/2026/`, TARGET such as `s3://archives/photos`. The role needs s3:ListBucket and s3:GetObject for the one,
 * s3:PutObject, s3:GetObject and s3:AbortMultipartUpload for the other.
 */
import { uploadZip } from "zipferry";

/** Time to remove what was uploaded, before Lambda ends the process and leaves incomplete parts, which are billed. */
const CLEAN_UP_MS = 20_000;

export async function handler(
	event: { readonly time: string },
	context: { getRemainingTimeInMillis(): number },
): Promise<{ readonly archive: string; readonly entryCount: number; readonly size: number }> {
	const { SOURCE = "", TARGET = "" } = process.env;
	const { host: bucket, pathname } = new URL(TARGET);
	// The time of the schedule: when Lambda tries again after a failure, it is the same key.
	const key = `${pathname.slice(1)}/${event.time.slice(0, 10)}.zip`;
	const { entryCount, size } = await uploadZip(SOURCE, {
		bucket,
		key,
		signal: AbortSignal.timeout(context.getRemainingTimeInMillis() - CLEAN_UP_MS),
	});
	return { archive: `s3://${bucket}/${key}`, entryCount, size };
}
