import { createHash } from "node:crypto";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { StorageError } from "../../errors.ts";
import type { ObjectAddress } from "../address.ts";
import type { Connection } from "../connection.ts";
import { factsOf, isConditionFailed, isNotFound } from "../errors/refusals.ts";
import { expectAnyOf } from "../expected-answers.ts";
import { md5OfEtag, unquote } from "../object-proof.ts";
import { send } from "../send.ts";
import { getSmall } from "./get-small.ts";
import { headObject } from "./head-object.ts";
import { READ_TIME_MS, type RequestOptions } from "./request-options.ts";

export interface PutSmallOptions extends RequestOptions {
	/** `"nothing"`: there must be no object; an ETag without quotes: the object there must have it. */
	readonly replaces?: "nothing" | { readonly etag: string } | undefined;
	readonly contentType?: string | undefined;
	/** Kept with the object as `x-amz-meta-*`. */
	readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** An object that was put. */
export interface PutSmallResult {
	/** Without quotes. */
	readonly etag: string;
	/** On versioned buckets. */
	readonly versionId: string | undefined;
}

/** As often bytes may arrive damaged. */
const MOST_DAMAGED = 3;

const NOT_IMPLEMENTED = 501;

/**
 * Puts one object that is in memory, in one request. The storage compares the bytes with a hash that goes
 * with them. Not every one does, so the ETag of its answer is compared as well, and an object that arrived damaged is
 * put again.
 *
 * An answer may get lost and the request be repeated. If its condition does not hold then, it is looked into
 * by what is under the key: these very bytes are taken for ours. Where that matters, as for a lock, the
 * bytes have to be unlike those of anybody else.
 *
 * @throws {StorageError} `DESTINATION_EXISTS` if there is an object where there must be none; for
 * {@link isConditionFailed} if it is another one than `replaces` says, or gone; for {@link mayNotKnowConditions} if the
 * storage knows no conditions. Some take no notice of them.
 */
export async function putSmall(
	connection: Connection,
	address: ObjectAddress,
	body: Uint8Array,
	options: PutSmallOptions = {},
): Promise<PutSmallResult> {
	const md5 = createHash("md5").update(body).digest();
	let { replaces } = options;
	for (let damaged = 1; ; damaged++) {
		const { md5: stored, ...put } = await putOnce(
			connection,
			address,
			{ bytes: body, md5 },
			replaces,
			options,
		);
		if (stored === undefined || stored === md5.toString("hex")) return put;
		if (damaged === MOST_DAMAGED) {
			const { bucket, key } = address;
			const message = `s3://${bucket}/${key} is not what was sent: its ETag is ${stored}, not ${md5.toString("hex")}`;
			throw new StorageError("INTEGRITY", message, { bucket, key });
		}
		// What is there now is ours.
		if (replaces !== undefined) replaces = put;
	}
}

async function putOnce(
	connection: Connection,
	address: ObjectAddress,
	body: Body,
	replaces: PutSmallOptions["replaces"],
	options: PutSmallOptions,
): Promise<Stored> {
	const put = new Put(connection, address, body, options);
	if (replaces === undefined) return put.send({});
	if (replaces === "nothing") return put.send({ IfNoneMatch: "*" });
	const { etag } = replaces;
	try {
		return await put.send({ IfMatch: `"${etag}"` });
	} catch (error) {
		if (!isConditionFailed(error)) throw error;
		const isThere = async () => (await headObject(connection, address, options))?.etag === etag;
		if (!(await isThere())) throw error;
		try {
			// Ceph compares the ETag as it stands, without the quotes that HTTP has around it.
			return await put.send({ IfMatch: etag });
		} catch (again) {
			if (!isConditionFailed(again) || !(await isThere())) throw again;
			// On buckets that keep versions, Ceph compares it with that of an object that is not there yet.
			const problem = `the storage refuses to replace s3://${address.bucket}/${address.key} on a condition that holds`;
			throw new StorageError("STORAGE_REFUSED", problem, { ...factsOf(again), status: NOT_IMPLEMENTED });
		}
	}
}

interface Body {
	readonly bytes: Uint8Array;
	readonly md5: Buffer;
}

interface Stored extends PutSmallResult {
	/** Of the bytes as they have arrived, hex; `undefined` if the storage does not tell. */
	readonly md5: string | undefined;
}

interface Condition {
	readonly IfNoneMatch?: string;
	readonly IfMatch?: string;
}

class Put {
	readonly #connection: Connection;
	readonly #address: ObjectAddress;
	readonly #body: Body;
	readonly #options: PutSmallOptions;
	/** An attempt may have put the object, though its answer did not say so. */
	#mayBeThere = false;

	constructor(connection: Connection, address: ObjectAddress, body: Body, options: PutSmallOptions) {
		this.#connection = connection;
		this.#address = address;
		this.#body = body;
		this.#options = options;
	}

	async send(condition: Condition): Promise<Stored> {
		const { contentType, metadata, signal, retryTimeMs = READ_TIME_MS, onRetry } = this.#options;
		const { bytes, md5 } = this.#body;
		const command = new PutObjectCommand({
			Bucket: this.#address.bucket,
			Key: this.#address.key,
			Body: bytes,
			...(contentType === undefined ? {} : { ContentType: contentType }),
			...(metadata === undefined ? {} : { Metadata: { ...metadata } }),
			// If the storage keeps checksums, the SDK adds one.
			...(this.#connection.provider.checksums ? {} : { ContentMD5: md5.toString("base64") }),
			...condition,
		});
		try {
			const { ETag, VersionId, ...encryption } = await send(this.#connection, command, {
				signal,
				retryTimeMs,
				check: (answer) => expectAnyOf(answer.ETag),
				onRetry: (failure, waitMs, operation) => {
					const { status } = failure;
					if (status === undefined || status >= 500) this.#mayBeThere = true;
					onRetry?.(failure, waitMs, operation);
				},
			});
			const etag = unquote(ETag) ?? "";
			return { etag, versionId: VersionId, md5: md5OfEtag(etag, encryption) };
		} catch (error) {
			const replaced = condition.IfMatch !== undefined && (isConditionFailed(error) || isNotFound(error));
			if (!replaced && !isConditionFailed(error)) throw error;
			const ours = this.#mayBeThere ? await this.#findOurs() : undefined;
			if (ours !== undefined) return ours;
			throw replaced ? this.#replaced(error) : error;
		}
	}

	async #findOurs(): Promise<Stored | undefined> {
		const { signal, retryTimeMs } = this.#options;
		const maxSize = this.#body.bytes.byteLength;
		const there = await getSmall(this.#connection, this.#address, { maxSize, signal, retryTimeMs });
		if (there === undefined || there === "too-large") return undefined;
		if (Buffer.compare(there.bytes, this.#body.bytes) !== 0) return undefined;
		return { etag: there.etag, versionId: there.versionId, md5: undefined };
	}

	/** In the words for a condition on the object that is there; usually it is about there being none. */
	#replaced(error: unknown): StorageError {
		const { bucket, key } = this.#address;
		const message = `s3://${bucket}/${key} was replaced or removed by somebody else, and is left as it is`;
		return new StorageError("STORAGE_REFUSED", message, { ...factsOf(error), status: 412, cause: error });
	}
}
