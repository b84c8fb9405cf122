import type { Connection } from "../../../s3/connection.ts";
import { UnexpectedAnswerError } from "../../../s3/errors/sdk-error.ts";
import { unquote } from "../../../s3/object-proof.ts";
import type { Bandwidth } from "../../parts/bandwidth.ts";
import { type CompletedPart, type PartProof, proofOfAnswer } from "../../parts/completed-part.ts";
import type { Expectation } from "../proof.ts";
import type { Destination } from "../transport.ts";
import type { Committed } from "../upload-phase.ts";
import { type Asking, ask } from "./ask.ts";
import { completeCommand, type HashedBytes, putCommand } from "./object-commands.ts";
import { COMPLETE, PUT } from "./operations.ts";

// The two requests that make an object visible.

/** How such a request is sent, and who is told that the object is there. */
export interface Committing extends Asking {
	/** Told what there is now, before that is compared with what was sent. */
	readonly onStored: (stored: Committed) => void;
}

/**
 * Sends the whole object in one request.
 *
 * @throws {StorageError} also if what is there now is damaged
 */
export async function putObject(
	connection: Connection,
	destination: Destination,
	whole: HashedBytes,
	{ bandwidth, onStored, ...asking }: Committing & { readonly bandwidth: Bandwidth | undefined },
): Promise<PartProof> {
	const answer = await ask(connection, PUT, putCommand(destination, whole, bandwidth), {
		...asking,
		check(answer) {
			const etag = unquote(answer.ETag);
			if (etag) onStored({ versionId: answer.VersionId, etag });
			proofOfAnswer(whole.hash, answer);
		},
	});
	return proofOfAnswer(whole.hash, answer);
}

/** Makes an object of all parts, which come by number. */
export async function completeUpload(
	connection: Connection,
	destination: Destination,
	upload: {
		readonly uploadId: string;
		readonly parts: readonly CompletedPart[];
		readonly expectation: Expectation;
	},
	{ onStored, ...asking }: Committing,
): Promise<void> {
	const command = completeCommand(destination, upload.uploadId, upload.parts, upload.expectation);
	await ask(connection, COMPLETE, command, {
		...asking,
		patient: true,
		check(answer) {
			// Ceph leaves the ETag empty, but an answer with nothing in it comes from something else.
			if (!answer.ETag && !answer.Key && !answer.Location)
				throw new UnexpectedAnswerError("the response is not from an S3 storage");
			onStored({ versionId: answer.VersionId, etag: unquote(answer.ETag) || undefined });
		},
	});
}
