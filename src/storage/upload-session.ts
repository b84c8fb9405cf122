import { createHash } from "node:crypto";
import {
	AbortMultipartUploadCommand,
	CompleteMultipartUploadCommand,
	CreateMultipartUploadCommand,
	PutObjectCommand,
	type S3Client,
	UploadPartCommand,
} from "@aws-sdk/client-s3";
import { StorageError } from "../errors.ts";
import { toStorageError } from "./storage-errors.ts";
import type { PutRequest } from "./transport.ts";

/** A part the storage has confirmed. */
interface SentPart {
	readonly size: number;
	/** Of the bytes that were sent. */
	readonly md5: Buffer;
	/** As the storage gave it, without quotes. */
	readonly etag: string;
}

/**
 * Looks over the shoulder of an uploader: it sees each request and its answer, so it knows the upload id
 * and the hash of every part, can stop everything at the first failure, and knows when nothing is under
 * way any more.
 */
export class UploadSession {
	readonly #client: S3Client;
	readonly #request: PutRequest;
	readonly #stop = new AbortController();
	readonly #underWay = new Set<Promise<unknown>>();
	readonly #parts = new Map<number, SentPart>();
	#uploadedSize = 0;
	uploadId: string | undefined;
	/** The request that makes the object visible has been sent: from here only asking tells the outcome. */
	committing = false;
	/** What the storage answered to that request. */
	committed: { readonly versionId: string | undefined } | undefined;

	constructor(client: S3Client, request: PutRequest) {
		this.#client = client;
		this.#request = request;
		const { signal } = request;
		if (signal?.aborted) this.fail(signal.reason);
		else signal?.addEventListener("abort", this.#onAbort, { once: true });
	}

	/** Aborts as soon as anything has failed, with the first failure as its reason. */
	get stop(): AbortSignal {
		return this.#stop.signal;
	}

	/** A client like the one it was made with, for the uploader. */
	get client(): S3Client {
		const watched: S3Client = Object.create(this.#client);
		// The SDK's overloads cannot be implemented by name; the uploader only ever passes a command.
		watched.send = ((command: { readonly input: unknown }) => this.#watch(command)) as S3Client["send"];
		return watched;
	}

	/** Records the first failure and ends what is under way. Later ones are its consequences. */
	fail(error: unknown): void {
		this.#stop.abort(error);
	}

	/** Resolves when no request is under way any more. */
	async settled(): Promise<void> {
		this.#request.signal?.removeEventListener("abort", this.#onAbort);
		await Promise.allSettled(this.#underWay);
	}

	get partCount(): number {
		return Math.max(1, this.#parts.size);
	}

	/** Bytes that the storage has confirmed. */
	get uploadedSize(): number {
		return this.#uploadedSize;
	}

	/**
	 * The ETag the object must have: the MD5 of its only part, or the MD5 of the MD5s of its parts.
	 *
	 * @returns `undefined` where the storage's ETags are no MD5s (encryption with customer or KMS keys).
	 */
	get expectedEtag(): string | undefined {
		const parts = [...this.#parts].sort(([a], [b]) => a - b).map(([, part]) => part);
		if (parts.some(({ md5, etag }) => md5.toString("hex") !== etag)) return undefined;
		if (this.uploadId === undefined) return parts[0]?.etag;
		const joined = createHash("md5").update(Buffer.concat(parts.map(({ md5 }) => md5)));
		return `${joined.digest("hex")}-${parts.length}`;
	}

	readonly #onAbort = (): void => {
		// Once the object may be visible, stopping would only hide whether it is.
		if (!this.committing) this.fail(this.#request.signal?.reason);
	};

	async #watch(command: { readonly input: unknown }): Promise<unknown> {
		const answer = this.#dispatch(command);
		this.#underWay.add(answer);
		try {
			return await answer;
		} catch (error) {
			this.fail(error);
			throw error;
		} finally {
			this.#underWay.delete(answer);
		}
	}

	async #dispatch(command: { readonly input: unknown }): Promise<unknown> {
		this.stop.throwIfAborted();
		const abortable = { abortSignal: this.stop };
		if (command instanceof CreateMultipartUploadCommand) {
			const operation = "CreateMultipartUpload";
			const { UploadId } = await this.#asked(operation, this.#client.send(command, abortable));
			if (UploadId === undefined) throw notS3(operation, this.#request);
			this.uploadId = UploadId;
			this.#request.onUploadCreated(UploadId);
			return { UploadId };
		}
		if (command instanceof UploadPartCommand) {
			const { Body, PartNumber = 1 } = command.input;
			const answer = this.#asked("UploadPart", this.#client.send(command, abortable));
			return this.#confirmed(PartNumber, Body, answer);
		}
		if (command instanceof PutObjectCommand) {
			const sent = this.#asked("PutObject", this.#client.send(command, abortable));
			const answer = await this.#confirmed(1, command.input.Body, sent);
			this.committed = { versionId: answer.VersionId };
			return answer;
		}
		if (command instanceof CompleteMultipartUploadCommand) {
			this.committing = true;
			const answer = await this.#asked("CompleteMultipartUpload", this.#client.send(command));
			this.committed = { versionId: answer.VersionId };
			return answer;
		}
		// Removing the upload is not left to the uploader: see abortUpload().
		if (command instanceof AbortMultipartUploadCommand) return {};
		throw new TypeError("the uploader sent a request that nobody expected");
	}

	/** The storage's answer, or its refusal in words that say what was asked. */
	async #asked<Answer>(operation: string, answer: Promise<Answer>): Promise<Answer> {
		try {
			return await answer;
		} catch (error) {
			throw toStorageError(error, operation, this.#request.address);
		}
	}

	/** Notes a part down once the storage has it. */
	async #confirmed<Answer extends { ETag?: string | undefined }>(
		partNumber: number,
		body: unknown,
		answer: Promise<Answer>,
	): Promise<Answer> {
		if (!(body instanceof Uint8Array)) throw new TypeError("a part is not in memory");
		const md5 = createHash("md5").update(body).digest(); // while the request is on its way
		const etag = unquote((await answer).ETag);
		if (etag === undefined) throw notS3(`part ${partNumber}`, this.#request);
		this.#parts.set(partNumber, { size: body.byteLength, md5, etag });
		this.#uploadedSize += body.byteLength;
		this.#request.onProgress(this.#uploadedSize);
		return answer;
	}
}

export function unquote(etag: string | undefined): string | undefined {
	return etag?.replace(/^"|"$/g, "");
}

/** A captive portal or gateway that answers 200 to everything is not a storage. */
function notS3(what: string, { address: { bucket, key } }: PutRequest): StorageError {
	return new StorageError(
		"STORAGE_REFUSED",
		`the answer to ${what} of s3://${bucket}/${key} is not one of an S3 storage; check the endpoint`,
		{ bucket, key },
	);
}
