import { RunReport } from "../../archive/run-report.ts";
import { crc32 } from "../../bytes/crc32.ts";
import { invalidOption } from "../../options/invalid-option.ts";
import { resolveOptions } from "../../options/resolve-options.ts";
import type { Connection } from "../../s3/connection.ts";
import { storageOf } from "../../s3/options.ts";
import { providerByName } from "../../s3/providers.ts";
import { openPinned } from "../../sources/pins/open-pinned.ts";
import { isUnknownUpload } from "../../storage/incomplete/unknown-upload.ts";
import { type ListedPart, listUploadedParts } from "../../storage/incomplete/uploaded-parts.ts";
import { Bandwidth } from "../../storage/parts/bandwidth.ts";
import { checkPartMemory, USUAL_CONCURRENCY, usualConcurrency } from "../../storage/parts/part-memory.ts";
import type { DirectorySlice } from "../../zip/directory/slice.ts";
import { findFinished } from "../finish/find-finished.ts";
import { isUnderWay, readManifest, readSliceHead, removeSlice, writeSlice } from "../helper-objects.ts";
import type { Manifest } from "../manifest.ts";
import { shardsRetryTime } from "../options.ts";
import { uploadGone } from "../over.ts";
import { type PlanStorage, withPlanStorage } from "../plan-storage.ts";
import { shardConnection } from "../shard-connection.ts";
import type { ShardPlan } from "../shard-plan.ts";
import type { SliceHead } from "../slice.ts";
import { checkProbe } from "./check-probe.ts";
import { type MadeShard, madeShard, shardOfPlanThatIsOver } from "./made-shard.ts";
import { MAKE_SHARD_SCHEMA, type MakeShardOptions, type MakeShardSettings } from "./options.ts";
import { type SentShard, sendShard } from "./send-shard.ts";

/**
 * Makes one shard of an archive that was planned by {@link planShards}: archives its entries, uploads the parts, and leaves a slice that
 * says that it is made. Any process can make any shard, at any time, as often as it likes: the bytes are the same each time.
 *
 * Where a worker has sent parts of it before, only those are sent that are missing or differ. If the call fails or is stopped, no slice
 * is left; parts are, for whoever makes the shard next.
 *
 * @param plan - As JSON has it.
 * @param index - Of the shard, from 0 to `shardCount - 1`.
 * @throws {@link InvalidOptionError} for options out of range, before anything is read.
 * @throws {@link SourceError} if a file or object is gone, cannot be read, or is not in the state in which it was planned.
 * @throws {@link StorageError} if the storage refuses, cannot be reached, or holds something other than what was written.
 * @throws {@link ShardsError} if the archive is complete or was aborted already, or this process compresses in another way than the one
 * that has planned.
 */
export async function makeShard(
	plan: ShardPlan,
	index: number,
	options: MakeShardOptions = {},
): Promise<MadeShard> {
	const settings = resolveOptions(MAKE_SHARD_SCHEMA, options);
	const use = (storage: PlanStorage, own: MakeShardSettings) => {
		const { shardCount } = storage.plan;
		if (!(Number.isInteger(index) && index >= 0 && index < shardCount))
			throw invalidOption("index", `a whole number from 0 to ${shardCount - 1}`, index);
		return new ShardMaker(storage, index, own).make();
	};
	return withPlanStorage(plan, settings, use, settings.concurrency ?? USUAL_CONCURRENCY);
}

class ShardMaker {
	readonly #storage: PlanStorage;
	readonly #index: number;
	readonly #settings: MakeShardSettings;
	readonly #report: RunReport;

	constructor(storage: PlanStorage, index: number, settings: MakeShardSettings) {
		this.#storage = storage;
		this.#index = index;
		this.#settings = settings;
		this.#report = new RunReport(settings.onEvent);
	}

	async make(): Promise<MadeShard> {
		const { connection, plan, requests, firstRequest } = this.#storage;
		const index = this.#index;
		const manifest = await readManifest(connection, plan, firstRequest);
		await checkProbe(manifest);
		const [slice, held] = await Promise.all([
			readSliceHead(connection, plan, index, requests),
			this.#heldParts(manifest),
		]);
		if (held === undefined) return this.#overOr(uploadGone(plan));
		if (slice !== undefined && holdsAll(held, slice)) return madeShard(slice, true);
		let head: SliceHead;
		try {
			head = await this.#send(manifest, held);
		} catch (error) {
			if (!isUnknownUpload(error)) throw error;
			return this.#overOr(error);
		}
		// Whoever has finished or aborted meanwhile may have looked for slices before this one was there.
		if (await isUnderWay(connection, plan, requests)) return madeShard(head, false);
		await removeSlice(connection, plan, index, requests);
		return shardOfPlanThatIsOver(index);
	}

	/** Parts that the upload holds under the numbers of the shard; `undefined` if there is no such upload. */
	async #heldParts({ shards }: Manifest): Promise<readonly ListedPart[] | undefined> {
		const { connection, plan, requests, onEvent } = this.#storage;
		const { firstPart: first = 1, partCount: count = 0 } = shards[this.#index] ?? {};
		const listed = await listUploadedParts(connection, plan.bucket, plan, requests.signal, {
			retryTimeMs: requests.retryTimeMs,
			onRetry: (operation, reason, waitMs) => onEvent({ type: "retry", operation, reason, waitMs }),
			within: { first, count },
		});
		return listed === "refused" ? [] : listed?.parts; // without the right to look, all are sent
	}

	/** Sends all parts, then writes the slice. */
	async #send(manifest: Manifest, held: readonly ListedPart[]): Promise<SliceHead> {
		const { connection, plan, requests, onEvent } = this.#storage;
		const { signal, bandwidthLimit, compressConcurrency } = this.#settings;
		const { partSize, shards } = manifest;
		const shard = shards[this.#index];
		if (shard === undefined) throw new TypeError("the manifest has fewer shards than the plan");
		const { concurrency = usualConcurrency(partSize) } = this.#settings;
		checkPartMemory({ partSize, maxPartCount: undefined }, { concurrency, holdsTwice: false });
		const sources = await openPinned(manifest.sources, {
			...this.#settings,
			storage: this.#settings.sourceStorage ?? storageOf(this.#settings),
			times: manifest.archive,
			signal,
			onEvent,
		});
		try {
			const sent = await sendShard({
				...{ manifest, index: this.#index, shard, sources, held, concurrency, compressConcurrency, signal },
				connection: partConnection(connection, manifest),
				bandwidth: bandwidthLimit === undefined ? undefined : new Bandwidth(bandwidthLimit),
				retryTimeMs: shardsRetryTime(this.#settings),
				report: this.#report,
			});
			const head = sliceHead(plan, this.#index, sent);
			signal?.throwIfAborted();
			await writeSlice(connection, plan, head, sent.directory.pages, sent.tail, requests);
			return head;
		} finally {
			sources.close();
		}
	}

	/** There is no upload any more: because the archive is complete, or was aborted, or something is wrong. */
	async #overOr(error: unknown): Promise<MadeShard> {
		const { connection, plan, requests } = this.#storage;
		const isUp = await isUnderWay(connection, plan, requests);
		// The manifest is removed only after the archive is complete.
		if (isUp && (await findFinished(this.#storage)) === undefined) throw error;
		return shardOfPlanThatIsOver(this.#index);
	}
}

/** The connection for parts, by the facts of the storage as it was planned. */
function partConnection(connection: Connection, manifest: Manifest): Connection {
	return shardConnection({ ...connection, provider: providerByName(manifest.provider) }, manifest);
}

function sliceHead({ id }: ShardPlan, index: number, sent: SentShard): SliceHead {
	const { directory, tail, size, contentSize, parts, copiedEntryCount, copiedSize } = sent;
	const { directorySize, crc } = digestOf(directory);
	return {
		...{ version: 1, plan: id, index, size, contentSize, parts, copiedEntryCount, copiedSize },
		entryCount: directory.entryCount,
		directorySize,
		crc32: crc32(tail, crc),
		tailSize: tail.byteLength,
	};
}

function digestOf({ pages }: DirectorySlice): { readonly directorySize: number; readonly crc: number } {
	let directorySize = 0;
	let crc = 0;
	for (const page of pages) {
		directorySize += page.byteLength;
		crc = crc32(page, crc);
	}
	return { directorySize, crc };
}

/** Whether the upload holds the very parts that the slice of a shard names. */
function holdsAll(held: readonly ListedPart[], { parts }: SliceHead): boolean {
	const listed = new Map(held.map((part) => [part.partNumber, part]));
	return parts.every(({ partNumber, size, etag }) => {
		const part = listed.get(partNumber);
		return part?.size === size && part.etag === etag;
	});
}
