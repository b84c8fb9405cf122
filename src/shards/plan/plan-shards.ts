import { RunReport } from "../../archive/run-report.ts";
import { underAnySignal } from "../../async/any-signal.ts";
import { resolveOptions } from "../../options/resolve-options.ts";
import { checkCredentials } from "../../s3/credentials.ts";
import { openConnection } from "../../s3/open-connection.ts";
import { checkTagsOf } from "../../storage/put/object-tags.ts";
import { probeBucket, refuseExisting } from "../../storage/put/probe-bucket.ts";
import type { ShardPlan } from "../shard-plan.ts";
import { checkGaps } from "./check-gaps.ts";
import {
	PLAN_SHARDS_SCHEMA,
	type PlanShardsOptions,
	type PlanShardsSettings,
	retryTimeOf,
} from "./options.ts";
import { Planning } from "./planning.ts";
import type { ShardSource } from "./sources/shard-source.ts";

/**
 * Plans an archive that many workers make together, and begins its upload. The sources are listed once, in the order of the bytes of
 * names, and what is found is written into objects beside the archive while it is listed, each entry with the state that it has:
 * a worker that finds another one fails. Memory does not depend on the number of entries. Nothing is read but names and attributes.
 *
 * Whoever has the plan makes its shards with {@link makeShard}, wherever and in whatever order, and then the archive with
 * {@link finishShards}; or gives it up with {@link abortShards}. If planning fails, nothing is left in the storage.
 *
 * The archive has the entries that {@link uploadZip} would give it, in the order of their names.
 *
 * @throws {@link InvalidOptionError} for options out of range, for a source that workers cannot reach, and for a storage that would not put
 * shards together.
 * @throws {@link SourceError} for a source that is missing, unreadable or empty, or that nothing tells from another state of it.
 * @throws {@link DuplicateEntryError} if two sources give the same name.
 * @throws {@link ArchiveTooLargeError} if the archive may not fit into the storage's limits.
 * @throws {@link StorageError} if the storage refuses or cannot be reached.
 *
 * @example
 * ```ts
 * const plan = await planShards("s3://photos/2026/", { bucket: "archives", key: "2026.zip", workers: 8 });
 * for (let index = 0; index < plan.shardCount; index++) await queue.add("shard", { plan, index });
 * ```
 */
export async function planShards(
	sources: ShardSource | readonly ShardSource[],
	options: PlanShardsOptions,
): Promise<ShardPlan> {
	const settings = resolveOptions(PLAN_SHARDS_SCHEMA, options);
	const list = Array.isArray(sources) ? (sources as readonly ShardSource[]) : [sources as ShardSource];
	return underAnySignal([settings.signal], (signal) => connectAndPlan(list, settings, signal));
}

/** Pages, the manifest and the list of older objects at once. */
const CONCURRENCY = 4;

async function connectAndPlan(
	sources: readonly ShardSource[],
	settings: PlanShardsSettings,
	signal: AbortSignal,
): Promise<ShardPlan> {
	signal.throwIfAborted();
	const { bucket, key, noClobber, retryTimeMs } = settings;
	const report = new RunReport(settings.onEvent);
	const connection = await openConnection(settings, bucket, CONCURRENCY, report.onEvent);
	try {
		checkGaps(connection.provider, bucket, settings.method);
		checkTagsOf(settings, connection.provider);
		await checkCredentials(connection.client, signal);
		const address = { bucket, key };
		const onRetry = (operation: string, reason: string, waitMs: number) =>
			report.onEvent({ type: "retry", operation, reason, waitMs });
		await probeBucket(connection, address, { retryTimeMs, signal, onRetry });
		if (noClobber) await refuseExisting(connection, address, { retryTimeMs: retryTimeOf(settings), signal });
		return await new Planning(connection, settings, signal, report).run(sources);
	} finally {
		connection.close();
	}
}
