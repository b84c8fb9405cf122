import { abortLater } from "../../async/abort-later.ts";
import type { Connection } from "../../s3/connection.ts";
import { type CompletedPart, hashPart, type PartHash } from "../parts/completed-part.ts";
import { proveSource } from "../parts/copied-part.ts";
import type { ObjectRange } from "../parts/object-range.ts";
import { PartSlots } from "../parts/part-slots.ts";
import { ReusableParts } from "../parts/reusable-parts.ts";
import type { PutEvent, ResumedParts } from "./put-event.ts";
import { completeUpload, putObject } from "./requests/commit.ts";
import { createUpload } from "./requests/create-upload.ts";
import { type Failure, LOOK_AT_SOURCE, type Operation } from "./requests/operations.ts";
import { copyPart, partHashKind, type SentPart, sendPart } from "./requests/part-sender.ts";
import { SentObject } from "./sent-object.ts";
import type { SessionRequest } from "./transport.ts";
import type { CreateTime, UploadOutcome } from "./upload-outcome.ts";
import type { Committed } from "./upload-phase.ts";
import { UploadState } from "./upload-state.ts";

/**
 * One object on its way: what is sent when, what the storage has confirmed, and how far it has come
 * ({@link UploadPhase}). The first failure stops everything that is under way.
 */
export class UploadSession {
	readonly #connection: Connection;
	readonly #request: SessionRequest;
	readonly #state: UploadState;
	readonly #sent: SentObject;
	readonly #reusable: ReusableParts;
	readonly #slots: PartSlots;
	#uploadId: string | undefined;
	#resumed: ResumedParts = { count: 0, size: 0 };
	/** When this run started the upload, if it did. */
	#create: CreateTime | undefined;
	#createLost = false;

	constructor(connection: Connection, request: SessionRequest) {
		const { destination, pace, resume, signal } = request;
		this.#connection = connection;
		this.#request = request;
		this.#sent = new SentObject(connection.provider.checksums, resume.others);
		this.#slots = new PartSlots(pace.concurrency);
		this.#uploadId = resume.upload?.uploadId;
		this.#reusable = new ReusableParts(resume.upload, destination.object.sse);
		this.#state = new UploadState(signal, request.beforeComplete);
	}

	/** Aborts as soon as anything has failed, with the first failure as its reason. */
	get stop(): AbortSignal {
		return this.#state.stop;
	}

	/** The upload in parts, once there is one. */
	get uploadId(): string | undefined {
		return this.#uploadId;
	}

	/** The kind of hash that goes with each part. */
	get partHashKind(): PartHash["kind"] {
		return partHashKind(this.#connection);
	}

	/** Records the first failure and ends what is under way. Later ones are its consequences. */
	fail(error: unknown): void {
		this.#state.fail(error);
	}

	/** Sees the bytes of the object in their order. */
	readonly observe = (chunk: Uint8Array): void => {
		this.#sent.observe(chunk);
	};

	/** Begins a multipart upload. */
	create(): Promise<string> {
		const sentAt = performance.now();
		this.#create = { sentAt, endedAt: sentAt };
		return this.#state.run(async () => {
			this.#uploadId = await createUpload(this.#connection, this.#request.destination, {
				...this.#asking,
				// Without the id in its response nobody can abort the upload that it has started.
				attemptSignal: abortLater(this.stop, CREATE_GRACE_MS),
				onAttemptEnded: () => {
					this.#create = { sentAt, endedAt: performance.now() };
				},
			});
			this.#tell({ type: "upload-created", uploadId: this.#uploadId });
			return this.#uploadId;
		});
	}

	/**
	 * Sends one part, from memory, as often as it takes; not at all if the upload holds it already.
	 *
	 * @param hash - Of the bytes, if somebody has computed it already.
	 */
	async sendPart(
		partNumber: number,
		bytes: Uint8Array,
		hash: PartHash = hashPart(bytes, this.partHashKind),
	): Promise<SentPart> {
		const found = this.#reusable.find(partNumber, bytes.byteLength, hash);
		if (found !== undefined) return this.#state.run(() => this.#reuse(found));
		const sending = { ...this.#asking, bandwidth: this.#request.pace.bandwidth };
		return this.#inSlot(async () => {
			const sent = await sendPart(this.#connection, this.#target, { partNumber, bytes, hash }, sending);
			if (this.#reusable.checkSent(sent.part, sent.encryption))
				this.#tell({ type: "part-not-comparable", partNumber });
			this.#confirm(sent.part);
			return sent;
		});
	}

	/**
	 * Has a part copied from another object. What was copied before a resume is copied again: it costs no
	 * transfer, and there are no bytes here to compare it with.
	 *
	 * @throws {SourceError} if that object is gone, or another by now.
	 */
	copyPart(partNumber: number, range: ObjectRange): Promise<CompletedPart> {
		return this.#inSlot(async () => {
			const part = await copyPart(this.#connection, this.#target, partNumber, range, this.#asking);
			this.#sent.addCopied(part, range);
			this.#tellProgress();
			return part;
		});
	}

	/** Makes sure that all parts were copied from what was meant; one request for each object. */
	async proveSources(): Promise<void> {
		const { onFailure, ...options } = this.#asking;
		const onRetry = (failure: Failure, waitMs: number) => onFailure(LOOK_AT_SOURCE, failure, waitMs);
		const prove = (range: ObjectRange) =>
			this.#inSlot(() => proveSource(this.#connection, range, { ...options, onRetry }));
		await Promise.all(this.#sent.sources.map(prove));
	}

	/**
	 * Sends the whole object in one request. Not stopped by an abort, as {@link complete}.
	 *
	 * @returns the ETag
	 */
	putObject(bytes: Uint8Array): Promise<string> {
		return this.#state.run(async () => {
			await this.#state.ready();
			this.#state.commit();
			const size = bytes.byteLength;
			const hash = hashPart(bytes, this.partHashKind);
			this.#sent.sendWhole({ size, etag: hash.kind === "md5" ? hash.hex : undefined });
			const committing = { ...this.#committing, bandwidth: this.#request.pace.bandwidth };
			const { destination } = this.#request;
			const { etag, md5 } = await putObject(this.#connection, destination, { bytes, hash }, committing);
			this.#sent.sendWhole({ size, etag: md5 });
			this.#tellProgress();
			return etag;
		});
	}

	/** Makes the object visible. Not stopped by an abort, which would only hide whether it is. */
	complete(): Promise<void> {
		return this.#state.run(async () => {
			await this.#state.ready();
			this.#state.commit();
			const { uploadId } = this.#target;
			const { parts, expectation } = this.#sent;
			const upload = { uploadId, parts: parts.inOrder, expectation };
			await completeUpload(this.#connection, this.#request.destination, upload, this.#committing);
		});
	}

	/** Waits until no request is under way any more, and gives what has become of the upload. */
	async end(): Promise<UploadOutcome> {
		const phase = await this.#state.end();
		const uploadId = this.#uploadId;
		const { parts, expectation, isWhole } = this.#sent;
		const held = this.#reusable.heldWith(parts.inOrder);
		const isOpen = phase.name !== "committed" || isWhole;
		return {
			phase,
			expectation,
			partCount: Math.max(1, parts.count),
			resumed: this.#resumed,
			openUploadId: isOpen ? uploadId : undefined,
			held: uploadId === undefined || held.partCount === 0 ? undefined : { uploadId, ...held },
			hasSurplus: held.partCount > parts.count,
			// An upload that an earlier run has started is known by its id.
			lostCreate: this.#createLost && this.#create ? { ...this.#create, uploadId } : undefined,
		};
	}

	get #target() {
		if (this.#uploadId === undefined) throw new TypeError("there is no upload for the parts");
		return { address: this.#request.destination.address, uploadId: this.#uploadId };
	}

	get #asking() {
		const { retryTimeMs } = this.#request;
		return { retryTimeMs, signal: this.stop, onFailure: this.#onFailure };
	}

	get #committing() {
		const onStored = (answer: Committed) => this.#state.store(answer);
		return { ...this.#asking, signal: this.#state.giveUp, onStored };
	}

	readonly #onFailure = (operation: Operation, failure: Failure, waitMs?: number): void => {
		const aftermath = operation.aftermath(failure);
		if (aftermath === "object") this.#state.doubt();
		if (aftermath === "upload") this.#createLost = true;
		if (waitMs === undefined) return;
		this.#slots.noteFailure(failure);
		this.#tell({ type: "retry", operation: operation.name, reason: failure.code, waitMs });
	};

	#inSlot<Result>(work: () => Promise<Result>): Promise<Result> {
		return this.#slots.run(() => this.#state.run(work));
	}

	async #reuse(part: CompletedPart): Promise<SentPart> {
		this.stop.throwIfAborted();
		this.#resumed = { count: this.#resumed.count + 1, size: this.#resumed.size + part.size };
		this.#confirm(part);
		return { part, encryption: undefined, repeated: false };
	}

	#confirm(part: CompletedPart): void {
		this.#sent.parts.add(part);
		this.#tellProgress();
	}

	/** Takes up speed again after complaints, and tells how far it is. */
	#tellProgress(): void {
		this.#slots.noteConfirmed(this.#sent.parts.count);
		const { size: uploadedSize, copiedSize } = this.#sent;
		this.#tell({ type: "part-completed", uploadedSize, resumed: this.#resumed, copiedSize });
	}

	/** An error of the listener counts as the first failure, whatever happens to it on its way up. */
	#tell(event: PutEvent): void {
		try {
			this.#request.onEvent(event);
		} catch (error) {
			this.fail(error);
			throw error;
		}
	}
}

/** How long the answer to Create is waited for when everything else stops. */
const CREATE_GRACE_MS = 2_000;
