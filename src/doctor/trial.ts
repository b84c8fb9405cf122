import { randomBytes } from "node:crypto";
import {
	AbortMultipartUploadCommand,
	CompleteMultipartUploadCommand,
	type CompleteMultipartUploadCommandInput,
	type CompleteMultipartUploadCommandOutput,
	CreateMultipartUploadCommand,
	DeleteObjectCommand,
	ListObjectVersionsCommand,
	ListPartsCommand,
	PutObjectCommand,
	type PutObjectCommandInput,
	type PutObjectCommandOutput,
	type ServiceInputTypes,
	type ServiceOutputTypes,
	UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { ZipferryEventListener } from "../events.ts";
import type { ObjectAddress, PrefixAddress } from "../s3/address.ts";
import type { Connection } from "../s3/connection.ts";
import { factsOf } from "../s3/errors/refusals.ts";
import { expectUploadId } from "../s3/expected-answers.ts";
import { type S3Command, type SendOptions, send } from "../s3/send.ts";
import { abortUpload } from "../storage/incomplete/abort-upload.ts";
import { uploadPages } from "../storage/incomplete/uploads-listing.ts";
import { isRefusal, REFUSABLE, type Refusal } from "./refusal.ts";

/** All clearing up together, also after Ctrl-C. */
const CLEAR_TIME_MS = 8_000;

/** The parts of an upload, as Complete wants them. */
export type TrialPart = { readonly PartNumber: number; readonly ETag: string | undefined };

/** How the requests of a trial are sent. */
interface TrialOptions {
	/** Milliseconds for which each is repeated. */
	readonly retryTimeMs: number;
	readonly signal: AbortSignal | undefined;
	readonly onEvent?: ZipferryEventListener | undefined;
}

/** The unusual settings of a request. */
type More<Output> = Partial<SendOptions<Output>>;

/** A throw-away key: what is done to it, and the removal of all of it. */
export class Trial {
	readonly address: ObjectAddress;
	readonly #connection: Connection;
	readonly #signal: AbortSignal | undefined;
	readonly #retrying: Pick<SendOptions<unknown>, "retryTimeMs" | "onRetry">;
	readonly #uploads = new Set<string>();
	readonly #versions = new Set<string>();
	#written = false;
	#uploadId: string | undefined;
	#parts: readonly TrialPart[] = [];

	constructor(
		connection: Connection,
		{ bucket, prefix }: PrefixAddress,
		{ retryTimeMs, signal, onEvent }: TrialOptions,
	) {
		this.#connection = connection;
		this.#signal = signal;
		this.#retrying = {
			retryTimeMs,
			onRetry: ({ code }, waitMs, operation) => onEvent?.({ type: "retry", operation, reason: code, waitMs }),
		};
		this.address = { bucket, key: `${prefix}zipferry-doctor-${randomBytes(6).toString("hex")}` };
	}

	get target(): { readonly Bucket: string; readonly Key: string } {
		return { Bucket: this.address.bucket, Key: this.address.key };
	}

	/** Asks, and again for a little while if the failure may pass. */
	ask<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
		command: S3Command<Input, Output>,
		more: More<Output> = {},
		connection: Connection = this.#connection,
	): Promise<Output> {
		return send(connection, command, { signal: this.#signal, ...this.#retrying, ...more });
	}

	/** As {@link ask}, for what may be refused. */
	try<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
		command: S3Command<Input, Output>,
	): Promise<Output> {
		return this.ask(command, REFUSABLE);
	}

	/** Waits for something that may be refused. @returns the refusal, if it was. */
	async refusal(trying: Promise<unknown>): Promise<Refusal | undefined> {
		try {
			await trying;
			return undefined;
		} catch (error) {
			const { status, serverCode = "" } = factsOf(error);
			if (!isRefusal(status)) throw error;
			return { status, code: serverCode, error };
		}
	}

	/** Aborts when the user stops the program. */
	get signal(): AbortSignal | undefined {
		return this.#signal;
	}

	/** Puts the object; gives its ETag. */
	async put(Body: Uint8Array): Promise<string | undefined> {
		return this.#put(Body, {}, {});
	}

	/** As {@link put}, in a way that may be refused. */
	async tryPut(Body: Uint8Array, how: Partial<PutObjectCommandInput>): Promise<void> {
		await this.#put(Body, how, REFUSABLE);
	}

	async #put(
		Body: Uint8Array,
		how: Partial<PutObjectCommandInput>,
		more: More<PutObjectCommandOutput>,
	): Promise<string | undefined> {
		this.#written = true; // an answer may get lost
		const answer = await this.ask(new PutObjectCommand({ ...this.target, Body, ...how }), more);
		if (answer.VersionId !== undefined) this.#versions.add(answer.VersionId);
		return answer.ETag;
	}

	/** The upload that the checks of multipart operations share, while it is open. */
	get uploadId(): string | undefined {
		return this.#uploadId;
	}

	/** What that upload was given; also when it is completed. */
	get parts(): readonly TrialPart[] {
		return this.#parts;
	}

	/** Begins that upload. */
	async begin(): Promise<void> {
		this.#uploadId = await this.createUpload();
	}

	/** Says which parts that upload has now. */
	keepParts(...parts: readonly TrialPart[]): void {
		this.#parts = parts;
	}

	/** @param connection - By default as all requests; one without checksums begins an upload that has none. */
	async createUpload(connection: Connection = this.#connection): Promise<string> {
		const checksum = { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" } as const;
		const input = { ...this.target, ...(connection.provider.checksums ? checksum : {}) };
		const check = (answer: { readonly UploadId?: string | undefined }) => expectUploadId(answer.UploadId);
		const { UploadId = "" } = await this.ask(new CreateMultipartUploadCommand(input), { check }, connection);
		this.#uploads.add(UploadId);
		return UploadId;
	}

	async sendPart(
		UploadId: string,
		PartNumber: number,
		Body: Uint8Array,
		connection?: Connection,
	): Promise<TrialPart> {
		const part = new UploadPartCommand({ ...this.target, UploadId, PartNumber, Body });
		const { ETag } = await this.ask(part, {}, connection);
		return { PartNumber, ETag };
	}

	/** Completes an upload, once: a repetition would be refused for another reason. */
	async complete(
		UploadId: string,
		Parts: readonly TrialPart[],
		more: Partial<CompleteMultipartUploadCommandInput> = {},
	): Promise<CompleteMultipartUploadCommandOutput> {
		this.#written = true;
		const MultipartUpload = { Parts: [...Parts] };
		const command = new CompleteMultipartUploadCommand({
			...this.target,
			UploadId,
			MultipartUpload,
			...more,
		});
		const answer = await this.ask(command, { retryTimeMs: 0 });
		if (answer.VersionId !== undefined) this.#versions.add(answer.VersionId);
		this.#uploads.delete(UploadId);
		if (this.#uploadId === UploadId) this.#uploadId = undefined;
		return answer;
	}

	/** Begins an upload and aborts it. @returns whether it is still there. */
	async abortOne(): Promise<boolean> {
		const UploadId = await this.createUpload();
		const upload = { ...this.target, UploadId };
		await this.ask(new AbortMultipartUploadCommand(upload));
		const refusal = await this.refusal(this.try(new ListPartsCommand(upload)));
		return refusal === undefined;
	}

	/** Deletes the object, or the versions of it that we know of. */
	async delete(): Promise<void> {
		const versions = this.#versions.size === 0 ? [undefined] : [...this.#versions];
		for (const VersionId of versions) {
			const command = new DeleteObjectCommand({ ...this.target, ...(VersionId && { VersionId }) });
			// Also when the user has stopped the program.
			await send(this.#connection, command, this.#retrying);
			if (VersionId !== undefined) this.#versions.delete(VersionId);
		}
		this.#written = false;
	}

	/** Removes everything, whatever happened before. @returns what is left, in words. */
	async clear(): Promise<readonly string[]> {
		const left: string[] = [];
		await this.#findLostUploads();
		for (const id of this.#uploads) {
			if (!(await abortUpload(this.#connection, this.address, id, AbortSignal.timeout(CLEAR_TIME_MS / 2))))
				left.push(`upload ${id}`);
		}
		if (this.#written) {
			await this.#findVersions();
			await this.delete().catch(() => left.push("the object"));
		}
		return left;
	}

	/** The key is ours alone, so all its uploads are. */
	async #findLostUploads(): Promise<void> {
		const { bucket, key: prefix } = this.address;
		const signal = AbortSignal.timeout(CLEAR_TIME_MS / 4);
		try {
			const pages = uploadPages(this.#connection, { bucket, prefix }, { signal, retryTimeMs: 0 });
			for await (const page of pages) for (const { uploadId } of page) this.#uploads.add(uploadId);
		} catch {
			// Not permitted: those we know of have to do.
		}
	}

	/** Finds the versions in a versioned bucket; a response that named one may have been lost. */
	async #findVersions(): Promise<void> {
		if (this.#versions.size === 0) return;
		const command = new ListObjectVersionsCommand({ Bucket: this.address.bucket, Prefix: this.address.key });
		const found = await send(this.#connection, command, { retryTimeMs: 0 }).catch(() => undefined);
		for (const { VersionId } of [...(found?.Versions ?? []), ...(found?.DeleteMarkers ?? [])]) {
			if (VersionId !== undefined) this.#versions.add(VersionId);
		}
	}
}
