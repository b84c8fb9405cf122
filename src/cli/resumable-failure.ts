import type { ZipferryEvent } from "../events.ts";
import { adviceInCommands, messageInCommands } from "./terminal/command-words.ts";
import { asInterrupted, Interrupted } from "./terminal/signals.ts";
import { formatBytes, formatCount } from "./terminal/text.ts";

/** Says what a run has left in the storage for the next one. */
export type UploadKept = Extract<ZipferryEvent, { type: "upload-kept" }>;

/** A run failed or was stopped, and the next one can resume what it has uploaded. */
export class ResumableFailure extends Error {
	override readonly name = "ResumableFailure";
	override readonly cause: unknown;
	readonly kept: UploadKept;

	constructor(
		cause: unknown,
		kept: UploadKept,
		{ bucket, key }: { readonly bucket: string; readonly key: string },
	) {
		const { uploadId } = kept;
		const parts = `${formatCount(kept.partCount, "part")} (${formatBytes(kept.size)})`;
		const abort = adviceInCommands({ kind: "abort-upload", bucket, key, uploadId });
		const left = `the incomplete upload ${uploadId} keeps ${parts}: the same command with --resume resumes it, ${abort}`;
		super(`${whatHappened(cause)}; ${left}`);
		this.cause = asInterrupted(cause);
		this.kept = kept;
	}
}

/** A stop says what it found out about the object; if that is nothing special, nothing was published. */
function whatHappened(cause: unknown): string {
	return messageInCommands(
		cause instanceof Interrupted ? cause.saying("nothing was published") : asInterrupted(cause),
	);
}
