import type { Connection } from "../../s3/connection.ts";
import { UnexpectedAnswerError } from "../../s3/sdk-error.ts";
import { type Asking, ask } from "./ask.ts";
import { createCommand } from "./object-commands.ts";
import { CREATE } from "./operations.ts";
import { partHashKind } from "./part-sender.ts";
import type { Destination } from "./transport.ts";

/** How an upload is begun. */
export interface Creating extends Omit<Asking, "address"> {
	/** Ends a request that was sent, later than `signal` ends repeating it: its answer has the id. */
	readonly lateSignal: AbortSignal;
	/** Told when an attempt has ended, well or not. */
	readonly onEnded: () => void;
}

/**
 * Begins a multipart upload.
 *
 * @returns its id
 */
export function createUpload(
	connection: Connection,
	destination: Destination,
	creating: Creating,
): Promise<string> {
	const { lateSignal, onEnded } = creating;
	const send = async () => {
		try {
			const command = createCommand(destination, partHashKind(connection));
			const { UploadId } = await connection.client.send(command, { abortSignal: lateSignal });
			if (!UploadId)
				throw new UnexpectedAnswerError("the answer has no upload id; is the endpoint an S3 storage?");
			return UploadId;
		} finally {
			onEnded();
		}
	};
	return ask(connection, CREATE, send, { ...creating, address: destination.address });
}
