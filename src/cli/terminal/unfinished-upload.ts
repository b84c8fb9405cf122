import type { ObjectAddress } from "../../s3/address.ts";
import { adviceInCommands } from "./command-words.ts";
import type { Unfinished } from "./io.ts";

/** What an upload would leave behind if it were ended at once. */
export function unfinishedUpload(
	{ bucket, key }: ObjectAddress,
	{ uploadId }: { readonly uploadId: string },
	resumable: boolean,
): Unfinished {
	const abort = adviceInCommands({ kind: "abort-upload", bucket, key, uploadId });
	return {
		what: `the incomplete upload ${uploadId} of s3://${bucket}/${key}`,
		stopping: resumable ? "the upload is kept for --resume" : "aborting the upload",
		removal: resumable ? `the same command with --resume resumes it, ${abort}` : abort,
	};
}
