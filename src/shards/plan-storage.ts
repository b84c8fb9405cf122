import { guardListener } from "../archive/run-report.ts";
import { withOwnSignal } from "../async/any-signal.ts";
import type { ZipferryEventListener } from "../events.ts";
import type { Connection } from "../s3/connection.ts";
import { checkCredentials } from "../s3/credentials.ts";
import type { RequestOptions } from "../s3/objects/request-options.ts";
import { openConnection } from "../s3/open-connection.ts";
import { firstContact } from "../s3/retry.ts";
import { type ShardsSettings, shardsRetryTime } from "./options.ts";
import { checkPlan } from "./plan-schema.ts";
import type { ShardPlan } from "./shard-plan.ts";

/** The storage that one call is about. */
export interface CallStorage {
	readonly connection: Connection;
	/** How requests are sent. */
	readonly requests: RequestOptions;
	/** How the first request is sent: the endpoint may be mistyped. */
	readonly firstRequest: RequestOptions;
	readonly onEvent: ZipferryEventListener;
}

/** A plan, and the storage that it is about. */
export interface PlanStorage extends CallStorage {
	readonly plan: ShardPlan;
}

/** Requests under way at once, at most, beside parts. */
const CONCURRENCY = 16;

/**
 * Connects to the storage of a plan for as long as `use` takes.
 *
 * @param concurrency - Parts under way at once.
 * @throws {InvalidOptionError} if it is no plan.
 */
export async function withPlanStorage<Settings extends ShardsSettings, Result>(
	given: ShardPlan,
	settings: Settings,
	use: (storage: PlanStorage, settings: Settings) => Promise<Result>,
	concurrency = 0,
): Promise<Result> {
	const plan = checkPlan(given);
	return withStorage(plan.bucket, settings, (storage, own) => use({ ...storage, plan }, own), concurrency);
}

/** Connects to the storage of a bucket for as long as `use` takes. */
export async function withStorage<Settings extends ShardsSettings, Result>(
	bucket: string,
	settings: Settings,
	use: (storage: CallStorage, settings: Settings) => Promise<Result>,
	concurrency = 0,
): Promise<Result> {
	return withOwnSignal(settings, async (own) => {
		own.signal?.throwIfAborted();
		const onEvent = guardListener(own.onEvent ?? (() => {}));
		const connection = await openConnection(own, bucket, Math.max(concurrency, CONCURRENCY), onEvent);
		try {
			await checkCredentials(connection.client, own.signal);
			const requests: RequestOptions = {
				signal: own.signal,
				retryTimeMs: shardsRetryTime(own),
				onRetry: ({ code }, waitMs, operation) => onEvent({ type: "retry", operation, reason: code, waitMs }),
			};
			const firstRequest = { ...requests, ...firstContact(own.retryTimeMs) };
			return await use({ connection, requests, firstRequest, onEvent }, own);
		} finally {
			connection.close();
		}
	});
}
