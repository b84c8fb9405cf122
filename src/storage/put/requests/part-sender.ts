import type { UploadPartCopyCommandOutput } from "@aws-sdk/client-s3";
import type { Connection } from "../../../s3/connection.ts";
import type { Bandwidth } from "../../parts/bandwidth.ts";
import { type CompletedPart, hashPart, type PartHash, proofOfAnswer } from "../../parts/completed-part.ts";
import { checkCopy, proofOfCopy, throwCopyError } from "../../parts/copied-part.ts";
import type { ObjectRange } from "../../parts/object-range.ts";
import { type Asking, ask } from "./ask.ts";
import { copyCommand, partCommand, type UploadTarget } from "./object-commands.ts";
import { COPY_PART, SEND_PART } from "./operations.ts";

/** How parts are sent. */
export interface PartSending extends Asking {
	readonly bandwidth: Bandwidth | undefined;
}

/** A part that is in memory. */
export interface PartBytes {
	readonly partNumber: number;
	readonly bytes: Uint8Array;
	/** Hash of the bytes, if it has been computed already. */
	readonly hash?: PartHash | undefined;
}

/** A part that was sent. */
export interface SentPart {
	readonly part: CompletedPart;
	/** How the storage encrypts it. */
	readonly encryption: string | undefined;
	/** It took more than one attempt; an abandoned connection may still look at the bytes. */
	readonly repeated: boolean;
}

/** The kind of hash that goes with each part. */
export function partHashKind({ provider }: Pick<Connection, "provider">): PartHash["kind"] {
	return provider.checksums ? "crc32" : "md5";
}

/**
 * Sends one part of an upload that has started, with as many retries as it takes. Nothing but the target has to
 * be known: any process can send any part.
 *
 * @throws {StorageError} if the storage refuses it, cannot be reached, or gets other bytes than were sent
 */
export async function sendPart(
	connection: Connection,
	target: UploadTarget,
	{ partNumber, bytes, hash = hashPart(bytes, partHashKind(connection)) }: PartBytes,
	{ bandwidth, ...asking }: PartSending,
): Promise<SentPart> {
	let attempts = 0;
	const command = partCommand(target, partNumber, { bytes, hash }, bandwidth);
	const answer = await ask(connection, SEND_PART, command, {
		...asking,
		onAttemptEnded: () => {
			attempts += 1;
		},
		check: (answer) => void proofOfAnswer(hash, answer),
	});
	return {
		part: { partNumber, size: bytes.byteLength, ...proofOfAnswer(hash, answer) },
		encryption: answer.ServerSideEncryption,
		repeated: attempts > 1,
	};
}

/**
 * Has a part copied from another object.
 *
 * @throws {SourceError} if that object is gone, or another by now.
 * @throws {StorageError} as {@link sendPart}
 */
export async function copyPart(
	connection: Connection,
	target: UploadTarget,
	partNumber: number,
	range: ObjectRange,
	asking: Asking,
): Promise<CompletedPart> {
	const proofOf = (answer: UploadPartCopyCommandOutput) => proofOfCopy(answer, partHashKind(connection));
	const answer = await ask(connection, COPY_PART, copyCommand(target, partNumber, range), {
		...asking,
		patient: true,
		check: (answer) => void proofOf(answer),
	}).catch((error: unknown) => throwCopyError(error, range));
	const proof = proofOf(answer);
	checkCopy(range, proof);
	return { partNumber, size: range.byteLength, ...proof };
}
