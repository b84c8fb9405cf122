import { stat } from "node:fs/promises";
import { openCrcCache } from "../archive/layout/crc/open-crc-cache.ts";
import { InvalidOptionError, SourceError } from "../errors.ts";
import type { ZipferryEventListener } from "../events.ts";
import { DESCRIBE_DOWNLOAD_SCHEMA } from "../http/options.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import { shownAddress } from "../reader/ranged/url/shown-url.ts";
import { looksLikeS3Url } from "../s3/address.ts";
import type { StorageOptions } from "../s3/options.ts";
import { looksLikeWebUrl } from "../sources/address.ts";
import type { FilterLists } from "../sources/files/filter.ts";
import { unreachable } from "../sources/files/path-source.ts";
import { basicAuth } from "./request/basic-auth.ts";
import { isLoopback } from "./request/host-names.ts";
import { requestHandler } from "./server/handle-requests.ts";
import type { ServeEvent } from "./server/serve-events.ts";
import { GRACE_MS, MEASURE_TIME_MS } from "./server/serve-limits.ts";
import { type ServerAddress, startServer } from "./server/start-server.ts";
import { DiskTree } from "./tree/disk-tree.ts";
import type { ServedTree } from "./tree/served-tree.ts";

/** What is served, where, and to whom. */
export interface ServeOptions extends ServerAddress {
	/** Path of a directory, or `s3://bucket/prefix`. */
	readonly source: string;
	/** Relative to the root. */
	readonly filters: FilterLists;
	/** `user:password`; `undefined` lets everybody in. */
	readonly credentials: string | undefined;
	/** How to reach a bucket. */
	readonly storage: StorageOptions;
	/** How long a request to the bucket is tried, milliseconds; by default as long as somebody waits for a page. */
	readonly retryTimeMs?: number | undefined;
	/** File in which CRC-32s are kept. */
	readonly crcCacheFile: string;
	/**
	 * How long a page waits for the sizes of archives, milliseconds.
	 *
	 * @defaultValue 2 seconds
	 */
	readonly measureTimeMs?: number | undefined;
	/** Ends the start. */
	readonly signal: AbortSignal;
	readonly onEvent: (event: ServeEvent) => void;
	/** Requests to the storage. */
	readonly onStorageEvent: ZipferryEventListener;
	/** About the file of CRC-32s, and a prefix of a bucket with nothing below it. */
	readonly onWarning: (warning: { readonly message: string }) => void;
}

/** A server that answers requests. */
export interface ServedSite {
	/** `http://127.0.0.1:8080/` */
	readonly url: string;
	/** The address it listens at. */
	readonly address: string;
	/** Takes no more requests; downloads may go on for some seconds, and are cut then. */
	close(): Promise<void>;
}

/**
 * Starts to serve a directory, or what is below a prefix of a bucket.
 *
 * @throws {SourceError} if there is no such directory.
 * @throws {StorageError} if the bucket cannot be listed.
 * @throws {InvalidOptionError} if nobody can listen at the address.
 */
export async function serveTree(options: ServeOptions): Promise<ServedSite> {
	const { filters, credentials, onEvent, host, port } = options;
	const tree = await openTree(options);
	const crcCache = await openCrcCache(options.crcCacheFile, {
		onEvent: (event) => {
			if (event.type === "warning") options.onWarning(event);
		},
	});
	const server = await startServer({ host, port }, (request, response) => handle(request, response));
	const handle = requestHandler({
		tree,
		onEvent,
		archives: resolveOptions(DESCRIBE_DOWNLOAD_SCHEMA, {
			...filters,
			symlinks: "skip",
			method: "wrap",
			crcCache,
			onEvent: options.onStorageEvent,
			allowEmpty: true,
		}),
		measureTimeMs: options.measureTimeMs ?? MEASURE_TIME_MS,
		checkAuth: credentials === undefined ? undefined : basicAuth(credentials),
		loopbackOnly: isLoopback(server.address),
	});
	return {
		url: server.url,
		address: server.address,
		async close() {
			await server.close(GRACE_MS);
			tree.close();
			await crcCache.close();
		},
	};
}

async function openTree({
	source,
	filters,
	storage,
	retryTimeMs,
	signal,
	onStorageEvent,
	onWarning,
}: ServeOptions): Promise<ServedTree> {
	if (looksLikeS3Url(source)) {
		const { openBucketTree } = await import("./tree/open-bucket-tree.ts");
		return openBucketTree(source, {
			storage,
			retryTimeMs,
			filters,
			signal,
			onEvent: onStorageEvent,
			onWarning,
		});
	}
	if (looksLikeWebUrl(source))
		throw new InvalidOptionError(`a directory or s3://bucket/prefix is served, not ${shownAddress(source)}`);
	const stats = await stat(source).catch((error: unknown) => {
		throw unreachable(source, error);
	});
	if (!stats.isDirectory())
		throw new SourceError("SOURCE_UNREADABLE", `${source} is no directory`, { origin: source });
	return new DiskTree(source, filters);
}
