import type { ZipferryEvent } from "../events.ts";
import { adviceInCommands, messageInCommands } from "./terminal/command-words.ts";
import { asInterrupted } from "./terminal/signals.ts";
import { formatBytes, formatCount } from "./terminal/text.ts";

/** A failure, and what the run has left. */
export class RunFailure extends Error {
	override readonly name: string = "RunFailure";
	override readonly cause: unknown;

	/** @param left - One clause. */
	constructor(cause: unknown, left: string) {
		super(`${messageInCommands(cause)}; ${left}`);
		this.cause = cause;
	}
}

/** Says what a run has left in the storage for the next one. */
export type UploadKept = Extract<ZipferryEvent, { type: "upload-kept" }>;

/** A run failed or was stopped, and the next one can resume what it has uploaded. */
export class ResumableFailure extends RunFailure {
	override readonly name = "ResumableFailure";
	readonly kept: UploadKept;

	constructor(
		cause: unknown,
		kept: UploadKept,
		{ bucket, key }: { readonly bucket: string; readonly key: string },
	) {
		const { uploadId } = kept;
		const parts = `${formatCount(kept.partCount, "part")} (${formatBytes(kept.size)})`;
		const abort = adviceInCommands({ kind: "abort-upload", bucket, key, uploadId });
		super(
			// A stop says what it found out about the object; if that is nothing special, nothing was published.
			asInterrupted(cause, "nothing was published"),
			`the incomplete upload ${uploadId} keeps ${parts}: the same command with --resume resumes it, ${abort}`,
		);
		this.kept = kept;
	}
}
