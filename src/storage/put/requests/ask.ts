import type { ServiceInputTypes, ServiceOutputTypes } from "@aws-sdk/client-s3";
import type { Connection } from "../../../s3/connection.ts";
import { factsOf } from "../../../s3/errors/refusals.ts";
import { type S3Command, type SendOptions, send } from "../../../s3/send.ts";
import type { Failure, Operation } from "./operations.ts";

/** How a request of an upload is sent, and who is told when that fails. */
export interface Asking {
	/** Milliseconds for which it is repeated. */
	readonly retryTimeMs: number;
	/** Ends it. */
	readonly signal: AbortSignal;
	/** Told of each attempt that has failed; `waitMs` is set if another one follows. */
	readonly onFailure: (operation: Operation, failure: Failure, waitMs?: number) => void;
}

/** Tells only of attempts that are repeated. */
export function onRepeated(
	onRetry: (operation: string, reason: string, waitMs: number) => void,
): Asking["onFailure"] {
	return ({ name }, { code }, waitMs) => {
		if (waitMs !== undefined) onRetry(name, code, waitMs);
	};
}

/**
 * Sends one request of an upload as {@link send} does, and tells of every failure what kind of request it was.
 *
 * @throws as {@link send}
 */
export async function ask<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
	connection: Connection,
	operation: Operation,
	command: S3Command<Input, Output>,
	{ onFailure, ...options }: Asking & Omit<SendOptions<Output>, "onRetry">,
): Promise<Output> {
	try {
		return await send(connection, command, {
			...options,
			onRetry: (failure, waitMs) => onFailure(operation, failure, waitMs),
		});
	} catch (error) {
		const { status, serverCode = "" } = factsOf(error);
		onFailure(operation, { status, code: serverCode });
		throw error;
	}
}
