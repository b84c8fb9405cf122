import { abortLater } from "../../async/abort-later.ts";
import { onAbort } from "../../async/abort-listeners.ts";
import { requestController } from "../../async/request-controller.ts";
import { crc32 } from "../../bytes/crc32.ts";
import type { Connection } from "../../s3/connection.ts";
import { withRetries } from "../../s3/retry.ts";
import { readSdkError, type SdkError } from "../../s3/sdk-error.ts";
import { toStorageError } from "../../s3/storage-errors.ts";
import type { LostCreate } from "../incomplete/lost-uploads.ts";
import { type CompletedPart, encodeCrc32, hashPart, type PartHash } from "../parts/completed-part.ts";
import { CompletedParts } from "../parts/completed-parts.ts";
import { proveSource } from "../parts/copied-part.ts";
import { ListedParts } from "../parts/listed-parts.ts";
import type { ObjectRange } from "../parts/object-range.ts";
import { PartSlots } from "../parts/part-slots.ts";
import { type Committed, type ConfirmedPart, ObjectRequests } from "./object-requests.ts";
import type { Expectation } from "./proof.ts";
import type { KeptParts, PutRequest, ResumedParts } from "./transport.ts";

export interface SentPart {
	/** As the storage gave it, without quotes. */
	readonly etag: string;
	/** It took more than one attempt; an abandoned connection may still look at the bytes. */
	readonly repeated: boolean;
}

/**
 * One object on its way: when its requests are sent, repeated where that may help, and what is known of
 * their outcome. The first failure stops everything that is under way. What the requests say is up to
 * {@link ObjectRequests}.
 */
export class UploadSession {
	readonly #connection: Connection;
	readonly #request: PutRequest;
	readonly #requests: ObjectRequests;
	readonly #stop = requestController();
	/** Ends the wait for Complete, some time after the caller has asked for an end. */
	readonly #giveUp = new AbortController();
	/** Lets go of the caller's signal. */
	readonly #unfollow: () => void;
	readonly #underWay = new Set<Promise<unknown>>();
	readonly #ledger: CompletedParts;
	readonly #listed: ListedParts;
	readonly #slots: PartSlots;
	#crc32 = 0;
	/** One range of each object that parts were copied from. */
	readonly #sources = new Map<string, ObjectRange>();
	uploadId: string | undefined;
	/** When the first Create was sent, and when the last one ended; of the monotonic clock. */
	#createdAt = { sent: 0, ended: 0 };
	#createLost = false;
	/** Of a whole that is sent in one request: known before it is confirmed. */
	#alone: Pick<Expectation, "size" | "etag"> | undefined;
	/** The request that makes the object visible has been sent. */
	committing = false;
	/** It may have been carried out, though nobody said so: only asking tells the outcome. */
	outcomeUnknown = false;
	/** What the storage answered to that request. */
	committed: Committed | undefined;

	constructor(connection: Connection, request: PutRequest) {
		const { signal, concurrency, resume } = request;
		this.#connection = connection;
		this.#request = request;
		this.#requests = new ObjectRequests(connection, request);
		this.#slots = new PartSlots(concurrency);
		this.uploadId = resume?.uploadId;
		this.#ledger = new CompletedParts(resume?.parts);
		this.#listed = new ListedParts(request);
		this.#unfollow = onAbort(signal, this.#onAbort);
	}

	/** Aborts as soon as anything has failed, with the first failure as its reason. */
	get stop(): AbortSignal {
		return this.#stop.signal;
	}

	/** Records the first failure and ends what is under way. Later ones are its consequences. */
	fail(error: unknown): void {
		this.#stop.abort(error);
	}

	/** Resolves when no request is under way any more. */
	async settled(): Promise<void> {
		this.#unfollow();
		await Promise.allSettled(this.#underWay);
	}

	get partCount(): number {
		return Math.max(1, this.#ledger.count);
	}

	/** Parts that were there from the beginning and did not have to be sent. */
	get resumed(): ResumedParts {
		return this.#ledger.resumed;
	}

	/** The upload in parts that is open, though the object may be there: it was sent in one request. */
	get openUploadId(): string | undefined {
		return this.committed === undefined || this.#alone !== undefined ? this.uploadId : undefined;
	}

	/** What the upload holds, if it holds anything: of this run, and of those before. */
	get held(): KeptParts | undefined {
		const { held } = this.#ledger;
		return this.uploadId === undefined || held.count === 0 ? undefined : { uploadId: this.uploadId, ...held };
	}

	/** Whether the upload holds parts behind the end of the object. */
	get hasSurplus(): boolean {
		return this.#ledger.held.count > this.#ledger.count;
	}

	/** Sees the bytes of the object in their order. */
	readonly observe = (chunk: Uint8Array): void => {
		if (this.#connection.provider.checksums) this.#crc32 = crc32(chunk, this.#crc32);
	};

	/** Begins a multipart upload. */
	create(): Promise<string> {
		const now = performance.now();
		this.#createdAt = { sent: now, ended: now };
		// Its answer has the id, without which nobody can remove what it has begun.
		const abortSignal = abortLater(this.stop, CREATE_GRACE_MS);
		const send = async () => {
			try {
				this.uploadId = await this.#requests.create(abortSignal);
				return this.uploadId;
			} finally {
				this.#createdAt = { sent: now, ended: performance.now() };
			}
		};
		const tell = (uploadId: string) => {
			this.#request.onUploadCreated(uploadId);
			return uploadId;
		};
		return this.#ask("CreateMultipartUpload", send, tell);
	}

	/** Set if an answer to Create got lost. */
	get lostCreate(): LostCreate | undefined {
		if (!this.#createLost) return undefined;
		const { sent, ended } = this.#createdAt;
		return { sentMs: performance.now() - sent, durationMs: ended - sent, uploadId: this.uploadId };
	}

	/** The kind of hash that goes with each part. */
	get partHashKind(): PartHash["kind"] {
		return this.#requests.partHashKind;
	}

	/**
	 * Sends one part, from memory, as often as it takes; not at all if the upload holds it already.
	 *
	 * @param hash - Of the bytes, if somebody has computed it already.
	 */
	sendPart(
		partNumber: number,
		bytes: Uint8Array,
		hash: PartHash = hashPart(bytes, this.partHashKind),
	): Promise<SentPart> {
		const listed = this.#listed.receiptOf(partNumber, bytes.byteLength, hash);
		if (listed !== undefined) return this.#skip(partNumber, bytes.byteLength, listed);
		const part = { uploadId: this.uploadId, partNumber, bytes, hash };
		let attempts = 0;
		const send = () => {
			attempts += 1;
			return this.#requests.sendPart(part, this.stop);
		};
		const confirm = ({ encryption, receipt }: ConfirmedPart) => {
			this.#listed.checkAnswer(partNumber, bytes.byteLength, encryption, receipt);
			this.#ledger.confirm(partNumber, bytes.byteLength, receipt);
			this.#onConfirmed();
			return { etag: receipt.etag, repeated: attempts > 1 };
		};
		return this.#slots.run(() => this.#ask("UploadPart", send, confirm));
	}

	/**
	 * Has a part copied from another object. What was copied before a resume is copied again: it costs no
	 * transfer, and there are no bytes here to compare it with.
	 *
	 * @throws {SourceError} if that object is gone, or another by now.
	 */
	copyPart(partNumber: number, range: ObjectRange): Promise<SentPart> {
		const { uploadId } = this;
		const send = () => this.#requests.copyPart(uploadId, partNumber, range, this.stop);
		const confirm = (receipt: CompletedPart): SentPart => {
			this.#sources.set(JSON.stringify([range.source, range.etag]), range);
			this.#ledger.confirm(partNumber, range.byteLength, receipt);
			this.#onConfirmed();
			return { etag: receipt.etag, repeated: false };
		};
		return this.#slots.run(() => this.#ask("UploadPartCopy", send, confirm));
	}

	/** Makes sure that all parts were copied from what was meant; one request for each object. */
	async proveSources(): Promise<void> {
		const { client } = this.#connection;
		const prove = (range: ObjectRange) =>
			this.#ask("HeadObject", () => proveSource(client, range, this.stop));
		const proofs = [...this.#sources.values()].map((range) => this.#slots.run(() => prove(range)));
		await Promise.all(proofs);
	}

	async #skip(partNumber: number, size: number, receipt: CompletedPart): Promise<SentPart> {
		this.stop.throwIfAborted();
		this.#ledger.confirmListed(partNumber, size, receipt);
		try {
			this.#onConfirmed();
		} catch (error) {
			this.fail(error);
			throw error;
		}
		return { etag: receipt.etag, repeated: false };
	}

	/** Sends the whole object in one request. Not stopped by an abort, as {@link complete}. */
	putObject(bytes: Uint8Array): Promise<SentPart> {
		const hash = hashPart(bytes, this.partHashKind);
		this.committing = true;
		this.#alone = { size: bytes.byteLength, etag: hash.kind === "md5" ? hash.hex : undefined };
		// Damaged or not, it is there: should no later attempt replace it, it has to be taken back.
		const onStored = (stored: Committed) => {
			this.committed = stored;
		};
		const send = () => this.#requests.putObject(bytes, hash, this.#giveUp.signal, onStored);
		const confirm = (receipt: CompletedPart): SentPart => {
			this.#alone = { size: bytes.byteLength, etag: receipt.md5 };
			this.#onConfirmed();
			return { etag: receipt.etag, repeated: false };
		};
		return this.#ask("PutObject", send, confirm);
	}

	/** Makes the object visible. Not stopped by an abort, which would only hide whether it is. */
	complete(): Promise<void> {
		this.committing = true;
		const { uploadId, expectation } = this;
		const { receipts } = this.#ledger;
		return this.#ask("CompleteMultipartUpload", async () => {
			const { signal } = this.#giveUp;
			this.committed = await this.#requests.complete(uploadId, receipts, expectation, signal);
		});
	}

	/** What the storage must hold if all went well. */
	get expectation(): Expectation {
		const { checksums } = this.#connection.provider;
		const { size, etag } = this.#alone ?? this.#ledger;
		return {
			size,
			etag,
			crc32: checksums ? encodeCrc32(this.#wholeCrc32) : undefined,
		};
	}

	/** Of the bytes as they came; where some were copied, put together from those of the parts. */
	get #wholeCrc32(): number {
		return this.#sources.size > 0 ? this.#ledger.crc32 : this.#crc32;
	}

	readonly #onAbort = (reason: unknown): void => {
		if (!this.committing) this.fail(reason);
		// Once the object may be visible, stopping at once would only hide whether it is.
		else setTimeout(() => this.#giveUp.abort(reason), COMMIT_GRACE_MS).unref();
	};

	/** Sends a request, repeats it where that may help, and stops everything if it fails for good. */
	async #ask<Answer, Result = Answer>(
		operation: string,
		send: () => Promise<Answer>,
		accept?: (answer: Answer) => Result,
	): Promise<Result> {
		const { address, retryTimeMs } = this.#request;
		const answer = withRetries(send, {
			budgetMs: retryTimeMs,
			stop: this.committing ? this.#giveUp.signal : this.stop,
			refreshCredentials: () => this.#refreshCredentials(),
			onRetry: (failure, waitMs) => this.#onRetry(operation, failure, waitMs),
		});
		this.#underWay.add(answer);
		try {
			const settled = await answer.catch((error: unknown) => {
				this.#noteOutcome(operation, readSdkError(error));
				// A stop is passed on as it is: its reason is what failed first.
				throw this.#isStop(error) ? error : toStorageError(error, operation, address);
			});
			return accept === undefined ? (settled as unknown as Result) : accept(settled);
		} catch (error) {
			this.fail(error);
			throw error;
		} finally {
			this.#underWay.delete(answer);
		}
	}

	/** Clients of ours keep credentials of their own, those of a caller's client share them. */
	async #refreshCredentials(): Promise<void> {
		const { client, patient } = this.#connection;
		for (const refresh of new Set([client.config.credentials, patient.config.credentials]))
			await refresh({ forceRefresh: true });
	}

	#isStop(error: unknown): boolean {
		return [this.stop, this.#giveUp.signal].some(({ aborted, reason }) => aborted && reason === error);
	}

	#onRetry(operation: string, failure: SdkError, waitMs: number): void {
		this.#noteOutcome(operation, failure);
		this.#slots.noteFailure(failure);
		this.#request.onRetry(operation, failure.code, waitMs);
	}

	/** What a failure may have left behind, unless the storage says that it has done nothing. */
	#noteOutcome(operation: string, { status = 0, code }: SdkError): void {
		if (operation === "CreateMultipartUpload" && !NOTHING_CREATED.has(status)) this.#createLost = true;
		// The id may have been garbled on its way; then there is an upload with the real one.
		if (operation === "UploadPart" && code === "NoSuchUpload" && this.#request.resume === undefined)
			this.#createLost = true;
		if (this.committing && !NOTHING_COMMITTED.has(status)) this.outcomeUnknown = true;
	}

	/** Takes up speed again after complaints, and tells how far it is. */
	#onConfirmed(): void {
		this.#slots.noteConfirmed(this.#ledger.count);
		this.#request.onProgress(this.#alone?.size ?? this.#ledger.size, this.resumed);
	}
}

/** How long the answer to Complete is waited for when the caller wants to stop. */
const COMMIT_GRACE_MS = 3_000;

/** How long the answer to Create is waited for when everything else stops. */
const CREATE_GRACE_MS = 2_000;

/** Statuses that say for sure that nothing was created. */
const NOTHING_CREATED = new Set([400, 401, 403, 404, 409, 412, 429, 501]);
/** The same of an object. Whoever asks a second time may hear that the upload is not there, or no good. */
const NOTHING_COMMITTED = new Set([401, 403, 409, 412, 429, 501]);
