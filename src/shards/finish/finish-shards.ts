import { problemOf, StorageError } from "../../errors.ts";
import type { Warning } from "../../events.ts";
import { resolveOptions } from "../../options/resolve-options.ts";
import { isGoneError, isInvalidPartError } from "../../storage/incomplete/unfit-upload.ts";
import { TAGS_NOT_SHOWN } from "../../storage/put/object-tags.ts";
import { refuseExisting } from "../../storage/put/probe-bucket.ts";
import { saying } from "../../storage/put/settle/clean-up.ts";
import { findManifest, removeHelpers, removeSlice, type StoredSlice } from "../helper-objects.ts";
import type { Manifest } from "../manifest.ts";
import { shardsRetryTime } from "../options.ts";
import { noManifest, uploadGone } from "../over.ts";
import { type PlanStorage, withPlanStorage } from "../plan-storage.ts";
import { shardsPrefix } from "../shard-keys.ts";
import type { ShardPlan } from "../shard-plan.ts";
import { ShardsError } from "../shards-error.ts";
import { completeArchive, DamagedSliceError, type ShardsToComplete } from "./complete-archive.ts";
import { findFinished, partCountOf } from "./find-finished.ts";
import { FINISH_SHARDS_SCHEMA, type FinishShardsOptions, type FinishShardsSettings } from "./options.ts";
import { type ShardStates, shardStates } from "./shard-states.ts";
import { shownShards } from "./shown-shards.ts";

/** An archive of shards that is complete. */
export interface FinishedShards {
	/** Of the archive. */
	readonly bucket: string;
	/** Of the archive. */
	readonly key: string;
	/** Bytes. */
	readonly size: number;
	/** As the storage gives it, without quotes. */
	readonly etag: string;
	/** On versioned buckets. */
	readonly versionId: string | undefined;
	/** Entries in the archive. */
	readonly entryCount: number;
	/** Whether anything in it needed ZIP64; `undefined` if another call has completed it. */
	readonly zip64: boolean | undefined;
	/** Parts that it was made of; `undefined` if another call has completed it, and the ETag does not tell. */
	readonly partCount: number | undefined;
	/** Entries of which the storage has copied the most, from objects of its own; `undefined` if another call has completed it. */
	readonly copiedEntryCount: number | undefined;
	/** Bytes that it has copied; all others were sent. `undefined` if another call has completed it. */
	readonly copiedSize: number | undefined;
	/** Shards that had to be made here, by their index: their parts were not what their workers had written, or nobody had made them. */
	readonly remadeShards: readonly number[];
	/** Another call, an earlier one or one at the same time, has completed it. */
	readonly alreadyComplete: boolean;
	/** What is worth knowing, and did not stop the call. */
	readonly warnings: readonly Warning[];
}

/** Makes a shard in this process. */
export type ShardMaker = (index: number) => Promise<unknown>;

/** As often it is looked again what there is, when that turns out not to be what was seen. */
const MAX_ROUNDS = 4;

const KEPT = "what was uploaded so far is kept: finish it again, or abort it";

/**
 * Makes an archive of its shards, once workers have made them: compares every part that the upload holds with what the workers have written
 * about it, makes those shards again here where one differs, adds the central directory, and publishes the archive.
 *
 * All or nothing: it resolves when the storage has confirmed the whole archive. If anything fails before, the key stays as it was; what was
 * uploaded is kept, to be finished again or aborted. It may be called again, and several times at once: whoever comes second finds
 * the archive complete. Memory depends neither on the size of the archive nor on the number of entries.
 *
 * @throws {@link InvalidOptionError} for options out of range, or what is no plan.
 * @throws {@link ShardsError} `SHARDS_MISSING` if shards are not made yet, with their numbers; `SHARDS_OVER` if the archive was aborted.
 * @throws {@link SourceError} if a shard had to be made again, and its sources are not as they were planned.
 * @throws {@link StorageError} if the storage refuses, cannot be reached, or holds something other than what was sent.
 */
export async function finishShards(
	plan: ShardPlan,
	options: FinishShardsOptions = {},
): Promise<FinishedShards> {
	const { makeMissing: _, ...making } = options;
	return finishShardsWith(plan, options, async (index) => {
		const { makeShard } = await import("../work/make-shard.ts");
		await makeShard(plan, index, making);
	});
}

/** {@link finishShards}, and who makes shards again. */
export async function finishShardsWith(
	plan: ShardPlan,
	options: FinishShardsOptions,
	makeShard: ShardMaker,
): Promise<FinishedShards> {
	const settings = resolveOptions(FINISH_SHARDS_SCHEMA, options);
	return withPlanStorage(
		plan,
		settings,
		(storage, own) => new Finish(storage, own, makeShard).run(),
		settings.concurrency,
	);
}

/** The archive, whoever has completed it. */
type Archive = Omit<FinishedShards, "bucket" | "key" | "remadeShards" | "warnings">;

class Finish {
	readonly #storage: PlanStorage;
	readonly #settings: FinishShardsSettings;
	readonly #makeShard: ShardMaker;
	readonly #remade = new Set<number>();
	readonly #warnings: Warning[] = [];

	constructor(storage: PlanStorage, settings: FinishShardsSettings, makeShard: ShardMaker) {
		this.#storage = storage;
		this.#settings = settings;
		this.#makeShard = makeShard;
	}

	async run(): Promise<FinishedShards> {
		const { connection, plan, firstRequest } = this.#storage;
		const manifest = await findManifest(connection, plan, firstRequest);
		const archive =
			manifest === undefined ? await this.#finishedElse(noManifest(plan)) : await this.#finish(manifest);
		await this.#removeHelpers();
		const remadeShards = [...this.#remade].sort((a, b) => a - b);
		return { bucket: plan.bucket, key: plan.key, ...archive, remadeShards, warnings: this.#warnings };
	}

	async #finish(manifest: Manifest): Promise<Archive> {
		for (let round = 1; ; round++) {
			const states = await shardStates(this.#storage, manifest);
			const { uploaded } = states;
			if (uploaded === undefined) return this.#finishedElse(uploadGone(this.#storage.plan));
			if (await this.#makeAgain(states, round)) continue;
			const slices = states.shards.flatMap((shard) => (shard.state === "made" ? [shard.slice] : []));
			try {
				return await this.#completeArchive({ manifest, slices, uploaded });
			} catch (error) {
				if (!mayChange(error) || round === MAX_ROUNDS) return this.#finishedElse(this.#kept(error));
				if (error instanceof DamagedSliceError) await this.#dropSlice(error.index);
			}
		}
	}

	/** @returns whether anything had to be made */
	async #makeAgain({ shards }: ShardStates, round: number): Promise<boolean> {
		const { plan } = this.#storage;
		const of = (state: "missing" | "damaged") =>
			shards.flatMap((shard, index) => (shard.state === state ? [index] : []));
		const [missing, damaged] = [of("missing"), of("damaged")];
		if (
			missing.length > 0 &&
			!this.#settings.makeMissing &&
			missing.some((index) => !this.#remade.has(index))
		)
			throw new ShardsError("SHARDS_MISSING", missingProblem(plan, missing), { plan: plan.id, missing });
		const all = [...missing, ...damaged];
		if (all.length > 0 && round === MAX_ROUNDS)
			throw new ShardsError("SHARDS_MISSING", restlessProblem(plan, all), { plan: plan.id, missing: all });
		for (const index of damaged) await this.#dropSlice(index);
		for (const index of all) {
			this.#remade.add(index);
			await this.#makeShard(index);
		}
		return all.length > 0;
	}

	async #completeArchive(shards: ShardsToComplete): Promise<Archive> {
		const { connection, plan, requests } = this.#storage;
		const { noClobber } = shards.manifest.object;
		const retryTimeMs = shardsRetryTime(this.#settings);
		if (noClobber) await refuseExisting(connection, plan, { retryTimeMs, signal: requests.signal });
		const { size, etag, versionId, partCount, entryCount, zip64, lacksTags } = await completeArchive(
			this.#storage,
			shards,
			this.#settings,
		);
		if (lacksTags) this.#warn(TAGS_NOT_SHOWN);
		const sumOf = (count: (slice: StoredSlice) => number) =>
			shards.slices.reduce((sum, slice) => sum + count(slice), 0);
		const copied = {
			copiedEntryCount: sumOf(({ copiedEntryCount }) => copiedEntryCount),
			copiedSize: sumOf(({ copiedSize }) => copiedSize),
		};
		return { size, etag, versionId, entryCount, zip64, partCount, ...copied, alreadyComplete: false };
	}

	/** The archive that another call has completed. @throws what this one has failed with, if there is none */
	async #finishedElse(failure: unknown): Promise<Archive> {
		// An object that is known to be damaged is not complete, whoever has made it.
		if (failure instanceof StorageError && failure.code === "INTEGRITY") throw failure;
		const { plan, requests } = this.#storage;
		const head = requests.signal?.aborted
			? undefined
			: await findFinished(this.#storage).catch(() => undefined);
		if (head === undefined) throw failure;
		const { size, etag, versionId } = head;
		const partCount = partCountOf(etag);
		const { entryCount } = plan;
		const unknown = { zip64: undefined, copiedEntryCount: undefined, copiedSize: undefined };
		return { size, etag, versionId, entryCount, ...unknown, partCount, alreadyComplete: true };
	}

	async #dropSlice(index: number): Promise<void> {
		const { connection, plan, requests } = this.#storage;
		await removeSlice(connection, plan, index, requests);
		this.#remade.add(index);
	}

	/** The archive is complete: what is left of the work takes some space, and no more. */
	async #removeHelpers(): Promise<void> {
		const { connection, plan, requests } = this.#storage;
		try {
			await removeHelpers(connection, plan, requests);
		} catch (error) {
			const message = `the archive is complete, but not all objects under s3://${plan.bucket}/${shardsPrefix(plan)} could be removed: ${problemOf(error)}`;
			this.#warn({ code: "HELPERS_LEFT", message });
		}
	}

	#kept(error: unknown): unknown {
		const { plan, requests } = this.#storage;
		if (requests.signal?.aborted || !(error instanceof StorageError)) return error;
		const { bucket, key } = plan;
		return saying(error, error.code, KEPT, { bucket, key });
	}

	#warn(warning: Warning): void {
		this.#warnings.push(warning);
		this.#storage.onEvent({ type: "warning", ...warning });
	}
}

/** Whether it is worth to look again what there is: somebody else has changed it meanwhile, or it is damaged. */
function mayChange(error: unknown): boolean {
	return isGoneError(error) || isInvalidPartError(error) || error instanceof DamagedSliceError;
}

function missingProblem({ bucket, key, shardCount }: ShardPlan, missing: readonly number[]): string {
	const are = missing.length === 1 ? "is" : "are";
	return `s3://${bucket}/${key} cannot be finished yet: ${missing.length} of ${shardCount} shards ${are} not made (${shownShards(missing)})`;
}

function restlessProblem({ bucket, key }: ShardPlan, indexes: readonly number[]): string {
	return `s3://${bucket}/${key} cannot be finished: shards were made again and are still not what their workers have written (${shownShards(indexes)}); ${KEPT}`;
}
