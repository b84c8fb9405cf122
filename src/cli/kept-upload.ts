import type { ZipferryEvent } from "../events.ts";
import { shellWord } from "../s3/shell-word.ts";
import { asInterrupted, Interrupted } from "./terminal/signals.ts";
import { formatBytes, formatCount } from "./terminal/text.ts";

/** What a run has left in the storage for the next one. */
export type KeptParts = Extract<ZipferryEvent, { type: "upload-kept" }>;

/** A run failed or was stopped, and the next one can go on with what it has uploaded. */
export class KeptUpload extends Error {
	override readonly name = "KeptUpload";
	override readonly cause: unknown;
	readonly kept: KeptParts;

	constructor(cause: unknown, kept: KeptParts, target: string) {
		const parts = `${formatCount(kept.partCount, "part")} (${formatBytes(kept.size)})`;
		const remove = `zipferry uploads --abort --upload-id ${shellWord(kept.uploadId)} ${shellWord(target)}`;
		const left = `the incomplete upload ${kept.uploadId} keeps ${parts}: the same command with --resume resumes it, ${remove} removes it`;
		super(`${whatHappened(cause)}; ${left}`);
		this.cause = asInterrupted(cause);
		this.kept = kept;
	}
}

/** A stop says what it found out about the object; if that is nothing special, nothing was published. */
function whatHappened(cause: unknown): string {
	const told = cause instanceof Interrupted ? cause.saying("nothing was published") : asInterrupted(cause);
	return told instanceof Error ? told.message : String(told);
}
