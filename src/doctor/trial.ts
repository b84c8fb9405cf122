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
	type S3Client,
	UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { ObjectAddress, PrefixAddress } from "../s3/address.ts";
import type { Connection } from "../s3/connection.ts";
import { withRetries } from "../s3/retry.ts";
import { readSdkError, type SdkError } from "../s3/sdk-error.ts";
import { abortUpload } from "../storage/incomplete/abort-upload.ts";
import { uploadPages } from "../storage/incomplete/uploads-listing.ts";

/** A blip is over by then. */
const RETRY_TIME_MS = 3_000;
/** All clearing up together, also after Ctrl-C. */
const CLEAR_TIME_MS = 8_000;

/** The parts of an upload, as Complete wants them. */
export type TrialPart = { readonly PartNumber: number; readonly ETag: string | undefined };

/** What the storage said instead of doing it. */
export type Refusal = SdkError & { readonly error: unknown };

type Options = { readonly abortSignal?: AbortSignal };

/** A throw-away key: what is done to it, and the removal of all of it. */
export class Trial {
	readonly address: ObjectAddress;
	readonly client: S3Client;
	/** The upload that the checks of multipart operations share. */
	uploadId: string | undefined;
	readonly parts: TrialPart[] = [];
	readonly #connection: Connection;
	readonly #signal: AbortSignal | undefined;
	readonly #uploads = new Set<string>();
	readonly #versions = new Set<string>();
	#written = false;

	constructor(connection: Connection, { bucket, prefix }: PrefixAddress, signal: AbortSignal | undefined) {
		this.#connection = connection;
		this.client = connection.client;
		this.#signal = signal;
		this.address = { bucket, key: `${prefix}zipferry-doctor-${randomBytes(6).toString("hex")}` };
	}

	get target(): { readonly Bucket: string; readonly Key: string } {
		return { Bucket: this.address.bucket, Key: this.address.key };
	}

	get #options(): Options {
		return this.#signal === undefined ? {} : { abortSignal: this.#signal };
	}

	/** Asks, and again for a little while if the failure may pass. */
	async ask<Answer>(send: (options: Options) => Promise<Answer>): Promise<Answer> {
		return withRetries(() => send(this.#options), { budgetMs: RETRY_TIME_MS, stop: this.#signal });
	}

	/** Asks for something that may be refused. @returns the refusal, if it was. */
	async refusal(send: (options: Options) => Promise<unknown>): Promise<Refusal | undefined> {
		return this.ask(async (options) => {
			try {
				await send(options);
				return undefined;
			} catch (error) {
				const failure = readSdkError(error);
				const { status } = failure;
				// No refusal of what was asked for, and it may pass.
				if (status === undefined || (status >= 500 && status !== 501)) throw error;
				return { ...failure, error };
			}
		});
	}

	/** Aborts when the user stops the program. */
	get signal(): AbortSignal | undefined {
		return this.#signal;
	}

	async put(Body: Uint8Array, more: Partial<PutObjectCommandInput> = {}): Promise<string | undefined> {
		this.#written = true; // an answer may get lost
		const answer = await this.client.send(
			new PutObjectCommand({ ...this.target, Body, ...more }),
			this.#options,
		);
		if (answer.VersionId !== undefined) this.#versions.add(answer.VersionId);
		return answer.ETag;
	}

	async createUpload(): Promise<string> {
		const checksum = { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" } as const;
		const { UploadId } = await this.ask((options) => {
			const input = { ...this.target, ...(this.#connection.provider.checksums ? checksum : {}) };
			return this.client.send(new CreateMultipartUploadCommand(input), options);
		});
		if (!UploadId) throw new Error("the answer has no upload id; is the endpoint an S3 storage?");
		this.#uploads.add(UploadId);
		return UploadId;
	}

	async sendPart(UploadId: string, PartNumber: number, Body: Uint8Array): Promise<TrialPart> {
		const part = new UploadPartCommand({ ...this.target, UploadId, PartNumber, Body });
		const { ETag } = await this.ask((options) => this.client.send(part, options));
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
		const answer = await this.client.send(command, this.#options);
		if (answer.VersionId !== undefined) this.#versions.add(answer.VersionId);
		this.#uploads.delete(UploadId);
		return answer;
	}

	/** Begins an upload and aborts it. @returns whether it is still there. */
	async abortOne(): Promise<boolean> {
		const UploadId = await this.createUpload();
		const upload = { ...this.target, UploadId };
		await this.ask((options) => this.client.send(new AbortMultipartUploadCommand(upload), options));
		const refusal = await this.refusal((options) => this.client.send(new ListPartsCommand(upload), options));
		return refusal === undefined;
	}

	/** Deletes the object, or the versions of it that we know of. */
	async delete(): Promise<void> {
		const versions = this.#versions.size === 0 ? [undefined] : [...this.#versions];
		for (const VersionId of versions) {
			const command = new DeleteObjectCommand({ ...this.target, ...(VersionId && { VersionId }) });
			await withRetries(() => this.client.send(command), { budgetMs: RETRY_TIME_MS });
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

	/** Of a versioned bucket; an answer that told of one may have got lost. */
	async #findVersions(): Promise<void> {
		if (this.#versions.size === 0) return;
		const command = new ListObjectVersionsCommand({ Bucket: this.address.bucket, Prefix: this.address.key });
		const found = await this.client.send(command).catch(() => undefined);
		for (const { VersionId } of [...(found?.Versions ?? []), ...(found?.DeleteMarkers ?? [])]) {
			if (VersionId !== undefined) this.#versions.add(VersionId);
		}
	}
}
