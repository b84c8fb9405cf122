import type { AdviceWords } from "../advice/advice-in-words.ts";
import { ZipferryError } from "../errors.ts";
import { exitCodeOf } from "./exit-codes.ts";
import { RunFailure } from "./run-failure.ts";
import { messageInCommands } from "./terminal/command-words.ts";
import { Interrupted } from "./terminal/signals.ts";

/** An error for programs, in every JSON that has one. */
export interface JsonError {
	readonly code: string;
	readonly message: string;
	readonly exitCode: number;
}

export function errorToJson(error: unknown, words?: AdviceWords): JsonError {
	return { code: codeOf(error), message: messageInCommands(error, words), exitCode: exitCodeOf(error) };
}

function codeOf(error: unknown): string {
	if (error instanceof RunFailure) return codeOf(error.cause);
	if (error instanceof ZipferryError) return error.code;
	return error instanceof Interrupted ? "INTERRUPTED" : "BUG";
}
