import type { ZipferryEventListener } from "../../events.ts";
import {
	type Fields,
	type OptionSchema,
	optional,
	type Resolved,
	schemaOf,
	withDefault,
} from "../../options/field.ts";
import { callback, count, signal, text } from "../../options/kinds.ts";
import { type ConnectDefaults, retryTime, STORAGE_FIELDS, type StorageOptions } from "../../s3/options.ts";
import { SOURCE_FIELDS } from "../../sources/options.ts";
import type { SourceOptions } from "../../sources/source-options.ts";
import { QUEUE_NAME } from "../flow/flow-jobs.ts";
import type { WorkerEvent } from "./worker-event.ts";

/** Which queue it is, of those on a server. */
export interface QueueOptions {
	/**
	 * Name of the queue.
	 *
	 * @defaultValue `"zipferry"`
	 */
	readonly queueName?: string | undefined;
	/**
	 * What the keys of the queue begin with.
	 *
	 * @defaultValue `"bull"`, as BullMQ has it
	 */
	readonly prefix?: string | undefined;
}

/** Options of {@link createZipWorker}: the queue, and how to reach the storage, as jobs hold no credentials. */
export interface ZipWorkerOptions
	extends StorageOptions,
		QueueOptions,
		Pick<SourceOptions, "blockingReads" | "readAhead" | "readAheadSize" | "sourceStorage"> {
	/**
	 * Shards to make at once, 1 to 64. One keeps a core busy if it is compressed; more hide the delays of a storage.
	 *
	 * @defaultValue `1`
	 */
	readonly concurrency?: number | undefined;
	/** PEM file with certificate authorities to trust besides the well-known ones, for a `rediss://` URL. */
	readonly redisCaFile?: string | undefined;
	/**
	 * Milliseconds for which a request to the storage is retried that fails for a temporary reason, and for which the queue is waited for
	 * at the start.
	 *
	 * @defaultValue 10 minutes for the storage, 30 seconds for the queue
	 */
	readonly retryTimeMs?: number | undefined;
	/** Closes the worker, as its `close()` does. */
	readonly signal?: AbortSignal | undefined;
	/** Is told what the worker does. */
	readonly onEvent?: ((event: WorkerEvent) => void) | undefined;
	/** Gets the events of each shard: retries, requests, warnings, progress. */
	readonly onStorageEvent?: ZipferryEventListener | undefined;
}

export type ZipWorkerDefaults =
	| ConnectDefaults
	| "queueName"
	| "prefix"
	| "concurrency"
	| "blockingReads"
	| "readAhead"
	| "readAheadSize";

/** {@link ZipWorkerOptions} with their defaults. */
export type ZipWorkerSettings = Resolved<ZipWorkerOptions, ZipWorkerDefaults>;

const QUEUE_FIELDS: Fields<QueueOptions, "queueName" | "prefix"> = {
	queueName: withDefault(text("the name of a queue"), QUEUE_NAME),
	prefix: withDefault(text("what the keys of a queue begin with"), "bull"),
};

const { blockingReads, readAhead, readAheadSize, sourceStorage } = SOURCE_FIELDS;

export const ZIP_WORKER_SCHEMA: OptionSchema<ZipWorkerOptions, ZipWorkerDefaults> = schemaOf<
	ZipWorkerOptions,
	ZipWorkerDefaults
>()({
	...STORAGE_FIELDS,
	...QUEUE_FIELDS,
	...{ blockingReads, readAhead, readAheadSize, sourceStorage },
	concurrency: withDefault(count(1, 64), 1),
	redisCaFile: optional(text("the path of a file with certificates")),
	retryTimeMs: optional(retryTime()),
	signal: optional(signal()),
	onEvent: optional(callback<NonNullable<ZipWorkerOptions["onEvent"]>>()),
	onStorageEvent: optional(callback<ZipferryEventListener>()),
});
