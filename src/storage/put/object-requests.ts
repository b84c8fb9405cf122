import {
	CompleteMultipartUploadCommand,
	CreateMultipartUploadCommand,
	PutObjectCommand,
	UploadPartCommand,
	UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { NEXT_TO_THE_WIRE } from "../../s3/answers.ts";
import type { Connection } from "../../s3/connection.ts";
import { UnexpectedAnswerError } from "../../s3/sdk-error.ts";
import { pacer } from "../parts/bandwidth.ts";
import {
	type CompletedPart,
	checkReceipt,
	hashHeader,
	type PartAnswer,
	type PartHash,
	unquote,
} from "../parts/completed-part.ts";
import { copyReceipt, throwCopyError } from "../parts/copied-part.ts";
import { copyHeaders, type ObjectRange } from "../parts/object-range.ts";
import { objectParams } from "./object-params.ts";
import type { Expectation } from "./proof.ts";
import type { PutRequest } from "./transport.ts";

/** A part that is in memory. */
interface PartToSend {
	readonly uploadId: string | undefined;
	readonly partNumber: number;
	readonly bytes: Uint8Array;
	readonly hash: PartHash;
}

/** What the storage says of a part that it has received. */
export interface ConfirmedPart {
	readonly receipt: CompletedPart;
	/** How the storage encrypts it. */
	readonly encryption: string | undefined;
}

/** The answer to the request that makes the object visible. */
export interface Committed {
	readonly versionId: string | undefined;
	/** Without quotes; some storages do not tell. */
	readonly etag: string | undefined;
}

/**
 * The requests that bring one object into its bucket: what each of them says, and what its answer has to
 * be. Each is sent once; when to send it, and again, is up to the session.
 */
export class ObjectRequests {
	readonly #connection: Connection;
	readonly #request: PutRequest;
	readonly #target: { readonly Bucket: string; readonly Key: string };
	readonly #pace: ReturnType<typeof pacer> | undefined;

	constructor(connection: Connection, request: PutRequest) {
		const { address, bandwidth } = request;
		this.#connection = connection;
		this.#request = request;
		this.#target = { Bucket: address.bucket, Key: address.key };
		this.#pace = bandwidth && pacer(bandwidth);
	}

	/** The kind of hash that goes with each part. */
	get partHashKind(): PartHash["kind"] {
		return this.#connection.provider.checksums ? "crc32" : "md5";
	}

	/** Begins a multipart upload; gives its id. */
	async create(abortSignal: AbortSignal): Promise<string> {
		const command = new CreateMultipartUploadCommand({
			...this.#target,
			...objectParams(this.#request.object),
			...(this.#connection.provider.checksums
				? { ChecksumAlgorithm: "CRC32" as const, ChecksumType: "FULL_OBJECT" as const }
				: {}),
		});
		const { UploadId } = await this.#connection.client.send(command, { abortSignal });
		if (!UploadId)
			throw new UnexpectedAnswerError("the answer has no upload id; is the endpoint an S3 storage?");
		return UploadId;
	}

	async sendPart(
		{ uploadId, partNumber, bytes, hash }: PartToSend,
		abortSignal: AbortSignal,
	): Promise<ConfirmedPart> {
		const part = { UploadId: uploadId, PartNumber: partNumber, Body: bytes, ...hashHeader(hash) };
		const command = new UploadPartCommand({ ...this.#target, ...part });
		if (this.#pace !== undefined) command.middlewareStack.add(this.#pace, NEXT_TO_THE_WIRE);
		const answer: PartAnswer = await this.#connection.client.send(command, { abortSignal });
		return { receipt: checkReceipt(hash, answer), encryption: answer.ServerSideEncryption };
	}

	/** @throws {SourceError} if the object to copy from is gone, or another by now. */
	async copyPart(
		uploadId: string | undefined,
		partNumber: number,
		range: ObjectRange,
		abortSignal: AbortSignal,
	): Promise<CompletedPart> {
		const part = { UploadId: uploadId, PartNumber: partNumber, ...copyHeaders(range) };
		const command = new UploadPartCopyCommand({ ...this.#target, ...part });
		const copying = this.#connection.patient.send(command, { abortSignal });
		return copyReceipt(
			await copying.catch((error: unknown) => throwCopyError(error, range)),
			this.partHashKind,
		);
	}

	/**
	 * Sends the whole object in one request.
	 *
	 * @param onStored - Told what there is now, before that is compared with what was sent.
	 */
	async putObject(
		bytes: Uint8Array,
		hash: PartHash,
		abortSignal: AbortSignal,
		onStored: (stored: Committed) => void,
	): Promise<CompletedPart> {
		const details = { ...objectParams(this.#request.object), ...this.#condition(), ...hashHeader(hash) };
		const command = new PutObjectCommand({ ...this.#target, Body: bytes, ...details });
		if (this.#pace !== undefined) command.middlewareStack.add(this.#pace, NEXT_TO_THE_WIRE);
		const answer = await this.#connection.client.send(command, { abortSignal });
		const etag = unquote(answer.ETag);
		if (etag) onStored({ versionId: answer.VersionId, etag });
		return checkReceipt(hash, answer);
	}

	/**
	 * Makes an object of the parts.
	 *
	 * @param receipts - Of all parts, in the order of their numbers.
	 * @param whole - What a storage that keeps checksums is to compare the object with by itself.
	 */
	async complete(
		uploadId: string | undefined,
		receipts: readonly (readonly [number, CompletedPart])[],
		whole: Pick<Expectation, "size" | "crc32">,
		abortSignal: AbortSignal,
	): Promise<Committed> {
		const command = new CompleteMultipartUploadCommand({
			...this.#target,
			UploadId: uploadId,
			MultipartUpload: {
				Parts: receipts.map(([PartNumber, { etag, crc32: ChecksumCRC32 }]) => ({
					PartNumber,
					ETag: `"${etag}"`,
					...(ChecksumCRC32 === undefined ? {} : { ChecksumCRC32 }),
				})),
			},
			...this.#condition(),
			...(whole.crc32 === undefined
				? {}
				: { ChecksumType: "FULL_OBJECT" as const, ChecksumCRC32: whole.crc32, MpuObjectSize: whole.size }),
		});
		const answer = await this.#connection.patient.send(command, { abortSignal });
		// Ceph leaves the ETag empty, but an answer with nothing in it comes from something else.
		if (!answer.ETag && !answer.Key && !answer.Location) {
			throw new UnexpectedAnswerError("the answer is not one of an S3 storage");
		}
		return { versionId: answer.VersionId, etag: unquote(answer.ETag) || undefined };
	}

	#condition(): { IfNoneMatch?: string } {
		return this.#request.noClobber ? { IfNoneMatch: "*" } : {};
	}
}
