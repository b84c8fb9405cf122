import { type ErrorCode, StorageError, ZipferryError } from "../../errors.ts";
import { redact } from "../../secrets/redact.ts";

/** A failure as a queue keeps it: text, for whoever looks at jobs with other programs. */
export interface JobFailure {
	/** Tells the kind of failure apart. */
	readonly code: ErrorCode;
	/** One line, without secrets. */
	readonly message: string;
}

/** What may be better at the next attempt, or in the hands of another worker. */
const TEMPORARY: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["NETWORK", "INTEGRITY", "SHARDS_UNFIT"]);

/** Whether the same would come out of it again. */
export function isFinal(error: unknown): boolean {
	if (!(error instanceof ZipferryError)) return false; // nobody knows
	if (error instanceof StorageError && isOverload(error.facts.status)) return false;
	return !TEMPORARY.has(error.code);
}

function isOverload(status = 0): boolean {
	return status === 429 || status >= 500;
}

/** `CODE: message`, on one line, without secrets. */
export function failureText(error: unknown): string {
	const [code, message] =
		error instanceof ZipferryError
			? [error.code, error.message]
			: ["WORKER_FAILED" satisfies ErrorCode, error instanceof Error ? error.message : String(error)];
	return redact(`${code}: ${message.replaceAll(/\s*\n\s*/g, " ")}`);
}

/** Reads what {@link failureText} has written; other texts are those of BullMQ. */
export function readFailure(text: string): JobFailure {
	const [, code, message] = /^([A-Z][A-Z_]+): (.*)$/s.exec(text) ?? [];
	if (code !== undefined && message !== undefined) return { code: code as ErrorCode, message }; // of a worker of any version: see `exitCodeOf`
	if (/stalled more than/.test(text))
		return {
			code: "WORKER_FAILED",
			message: "workers were ended again and again while they made it; do they have enough memory?",
		};
	return { code: "WORKER_FAILED", message: text };
}
