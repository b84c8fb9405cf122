import type { Connection } from "../../../s3/connection.ts";
import { expectUploadId } from "../../../s3/expected-answers.ts";
import type { Destination } from "../transport.ts";
import { type Asking, ask } from "./ask.ts";
import { createCommand } from "./object-commands.ts";
import { CREATE } from "./operations.ts";
import { partHashKind } from "./part-sender.ts";

/** How an upload is started. */
export interface Creating extends Asking {
	/** Ends an attempt, where that is to be later than `signal` ends repeating it. */
	readonly attemptSignal?: AbortSignal | undefined;
	/** Told when an attempt has ended, well or not. */
	readonly onAttemptEnded?: (() => void) | undefined;
}

/**
 * Begins a multipart upload.
 *
 * @returns its id
 * @throws {StorageError} if the storage refuses it, or cannot be reached
 */
export async function createUpload(
	connection: Connection,
	destination: Destination,
	creating: Creating,
): Promise<string> {
	const command = createCommand(destination, partHashKind(connection));
	const { UploadId = "" } = await ask(connection, CREATE, command, {
		...creating,
		check: (answer) => expectUploadId(answer.UploadId),
	});
	return UploadId;
}
