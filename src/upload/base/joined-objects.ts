import pLimit from "p-limit";
import { abortLater } from "../../async/abort-later.ts";
import { anySignal, underAnySignal } from "../../async/any-signal.ts";
import type { Base } from "../../compose/base/base-composition.ts";
import { type Chain, plainSize } from "../../compose/base/chains.ts";
import { problemOf } from "../../errors.ts";
import type { ZipferryEventListener } from "../../events.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { isForbidden } from "../../s3/errors/refusals.ts";
import { listObjects } from "../../s3/objects/list-objects.ts";
import { joinedKey, joinedPrefix } from "../../sources/objects/helper-keys.ts";
import { PASSING_OBJECT } from "../../storage/copying/beside-target.ts";
import { abortUpload } from "../../storage/incomplete/abort-upload.ts";
import { uploadPages } from "../../storage/incomplete/uploads-listing.ts";
import type { ObjectRange } from "../../storage/parts/object-range.ts";
import type { ObjectSettings } from "../../storage/put/object-options.ts";
import { putInParts } from "../../storage/put/parts-transport.ts";
import { HURRIED_REMOVAL_MS } from "../../storage/put/settle/hurry.ts";
import { leftUpload } from "../incomplete/left-upload.ts";
import { bodyOf } from "./copied-body.ts";
import { type PinnedObject, realVersion } from "./pinned-object.ts";
import { removeHelpers, warnOfHelpers } from "./remove-helpers.ts";

/** Chains that are made at once; the joins of one follow each other. */
const CONCURRENCY = 8;
/** How long it may go on at most. */
const REMOVAL_MS = 60_000;
/** Rounds of looking for what earlier runs have left: behind a version that is removed there may be another. */
const ROUNDS = 4;

export interface JoinedObjectsOptions {
	/** The archive to be, beside which the objects are. */
	readonly target: ObjectAddress;
	/** Settings of the archive: of these its encryption and its ACL are theirs as well. */
	readonly object: ObjectSettings;
	readonly rangeOf: Base["rangeOf"];
	/** Milliseconds for which a failing request is repeated. */
	readonly retryTimeMs: number;
	/** Of the caller. */
	readonly signal: AbortSignal | undefined;
	/** Told of retries, and of what could not be removed. */
	readonly onEvent: ZipferryEventListener;
}

/**
 * Temporary objects in which the storage joins short runs of a base to the ends of long ones. Each is made of two ranges, of which the
 * last may be short. They are there until {@link JoinedObjects.remove} is called.
 */
export class JoinedObjects {
	readonly #connection: Connection;
	readonly #options: JoinedObjectsOptions;
	readonly #limit = pLimit(CONCURRENCY);
	/** All that are there. */
	readonly #objects = new Set<PinnedObject>();
	/** Those of all chains, or what they have failed with, if they are being made or were made. */
	#made: Promise<readonly ObjectRange[]> | undefined;
	readonly #removals: Promise<void>[] = [];
	/** How many could not be removed, and the first reason. */
	#left = { count: 0, problem: "" };

	constructor(connection: Connection, options: JoinedObjectsOptions) {
		this.#connection = connection;
		this.#options = options;
	}

	/**
	 * Makes the objects of chains. If the archive is made anew, they are there already.
	 *
	 * @throws {SourceError} `SOURCE_CHANGED` or `SOURCE_NOT_FOUND` if the base is another by now.
	 */
	readonly join: NonNullable<Base["join"]> = async (chains, signal) => {
		await this.#made?.catch(() => {
			this.#made = undefined;
		});
		this.#made ??= this.#makeAll(chains, signal);
		return await this.#made;
	};

	/** Removes all that was made, and what earlier runs have left. To be called in any case when the upload has ended; never throws. */
	async remove(): Promise<void> {
		const { target, signal, onEvent } = this.#options;
		await this.#made?.catch(() => {}); // whoever has asked for them was told
		const limits = [abortLater(signal, HURRIED_REMOVAL_MS), AbortSignal.timeout(REMOVAL_MS)];
		await underAnySignal(limits, async (hurry) => {
			await Promise.all(this.#removals);
			await this.#remove([...this.#objects], hurry);
			await Promise.all([this.#removeOlder(hurry), this.#abortOlder(hurry)]);
		});
		if (this.#left.count === 0) return;
		onEvent({
			type: "warning",
			...warnOfHelpers(this.#left, urlOf(target.bucket, joinedPrefix(target.key))),
		});
	}

	async #makeAll(chains: readonly Chain[], signal: AbortSignal | undefined): Promise<readonly ObjectRange[]> {
		const failed = new AbortController();
		const stop = anySignal(signal, failed.signal);
		try {
			const made = chains.map((chain, number) =>
				this.#limit(async () => {
					stop.signal.throwIfAborted();
					return await this.#make(chain, number, stop.signal);
				}),
			);
			for (const one of made) one.catch((error: unknown) => failed.abort(error)); // the first failure ends all
			await Promise.allSettled(made);
			if (failed.signal.aborted) throw failed.signal.reason;
			return await Promise.all(made);
		} finally {
			stop.release();
		}
	}

	/** Joins the runs of a chain, one after the other. */
	async #make(chain: Chain, number: number, signal: AbortSignal): Promise<ObjectRange> {
		const { rangeOf, target } = this.#options;
		const [first, ...short] = chain.runs;
		let range = rangeOf(first.start + plainSize(chain), first.end);
		let last: PinnedObject | undefined;
		for (const [join, { start, end }] of short.entries()) {
			const key = joinedKey(target.key, number, join);
			const object = await this.#put(key, [range, rangeOf(start, end)], signal);
			if (last !== undefined) this.#removeSoon(last);
			last = object;
			const { bucket, versionId, etag, size } = object;
			range = { source: { bucket, key, versionId }, etag, offset: 0, byteLength: size, isWhole: true };
		}
		return range;
	}

	async #put(key: string, ranges: readonly ObjectRange[], signal: AbortSignal): Promise<PinnedObject> {
		const { target, retryTimeMs, onEvent, object } = this.#options;
		const { acl, sse, sseKmsKeyId } = object;
		const address = { bucket: target.bucket, key };
		const size = ranges.reduce((sum, { byteLength }) => sum + byteLength, 0);
		const put = await putInParts(this.#connection, {
			destination: {
				address,
				object: { ...PASSING_OBJECT, acl, sse, sseKmsKeyId },
				noClobber: false,
			},
			body: { open: () => bodyOf(ranges, size), sizeBound: size, mayCopy: "first", hash: undefined },
			parts: { partSizeOf: () => size, capacity: size },
			pace: { concurrency: ranges.length, bandwidth: undefined },
			resume: { upload: undefined, keepParts: false },
			...{ retryTimeMs, signal },
			onEvent(event) {
				if (event.type === "retry") onEvent(event);
			},
		});
		for (const id of put.incomplete)
			onEvent(leftUpload(address, id, "could not be removed and still takes space"));
		const pinned = { ...address, etag: put.etag, versionId: realVersion(put.versionId), size };
		this.#objects.add(pinned);
		return pinned;
	}

	/** Removes one that another has taken the place of. */
	#removeSoon(object: PinnedObject): void {
		const hurry = abortLater(this.#options.signal, HURRIED_REMOVAL_MS);
		this.#removals.push(this.#remove([object], hurry));
	}

	async #remove(objects: readonly PinnedObject[], hurry: AbortSignal): Promise<void> {
		for (const object of objects) this.#objects.delete(object);
		this.#note(await removeHelpers(this.#connection, objects, hurry));
	}

	/** One listing, as a rule: what is there was left by a run that was killed. */
	async #removeOlder(hurry: AbortSignal): Promise<void> {
		const { bucket, key } = this.#options.target;
		const at = { bucket, prefix: joinedPrefix(key) };
		try {
			for (let round = 0; round < ROUNDS && this.#left.count === 0; round++) {
				let found = 0;
				for await (const { objects } of listObjects(this.#connection, at, { signal: hurry })) {
					found += objects.length;
					const helpers = objects.map((object) => ({ bucket, key: object.key }));
					this.#note(await removeHelpers(this.#connection, helpers, hurry));
				}
				if (found === 0) return;
			}
		} catch (error) {
			this.#notFound("temporary objects", error);
		}
	}

	/** Ends the uploads of such objects that a run was killed in: nobody else has any under these keys. */
	async #abortOlder(hurry: AbortSignal): Promise<void> {
		const { target, onEvent } = this.#options;
		const { bucket } = target;
		const at = { bucket, prefix: joinedPrefix(target.key) };
		try {
			for await (const page of uploadPages(this.#connection, at, { signal: hurry, retryTimeMs: 0 })) {
				for (const { key, uploadId } of page) {
					if (await abortUpload(this.#connection, { bucket, key }, uploadId, hurry)) continue;
					onEvent(leftUpload({ bucket, key }, uploadId, "could not be removed and still takes space"));
				}
			}
		} catch (error) {
			this.#notFound("incomplete uploads", error);
		}
	}

	/** Whoever may upload need not be allowed to list what earlier runs have left. */
	#notFound(what: string, error: unknown): void {
		if (isForbidden(error)) return;
		const { target, onEvent } = this.#options;
		const origin = urlOf(target.bucket, joinedPrefix(target.key));
		const message = `${what} that earlier runs may have left under ${origin} were not looked for: ${problemOf(error)}`;
		onEvent({ type: "warning", code: "HELPERS_LEFT", message, origin });
	}

	#note(left: Awaited<ReturnType<typeof removeHelpers>>): void {
		if (left === undefined) return;
		const { count, problem } = this.#left;
		this.#left = { count: count + left.count, problem: problem || left.problem };
	}
}

function urlOf(bucket: string, key: string): string {
	return `s3://${bucket}/${key}`;
}
