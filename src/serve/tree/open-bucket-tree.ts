import type { ZipferryEventListener } from "../../events.ts";
import { resolveOptions } from "../../options/resolve-options.ts";
import { parseS3PrefixUrl } from "../../s3/address.ts";
import { openConnection } from "../../s3/open-connection.ts";
import { STORAGE_SCHEMA, type StorageOptions } from "../../s3/options.ts";
import type { FilterLists } from "../../sources/files/filter.ts";
import { BucketTree } from "./bucket-tree.ts";

/** As many requests of people who look around; archives have connections of their own. */
const CONNECTIONS = 64;

/** Nobody waits longer for a page. Milliseconds. */
const RETRY_TIME_MS = 15_000;

export interface OpenBucketOptions {
	readonly storage: StorageOptions;
	readonly retryTimeMs: number | undefined;
	readonly filters: FilterLists;
	readonly signal: AbortSignal;
	/** Told of requests. */
	readonly onEvent: ZipferryEventListener;
	/** Told that there is nothing to serve yet. */
	readonly onWarning: (warning: { readonly message: string }) => void;
}

/**
 * Asks once whether the bucket can be listed, so that whoever starts a server hears of it if not.
 *
 * @throws {StorageError}
 * @throws {InvalidOptionError}
 */
export async function openBucketTree(
	url: string,
	{ storage, retryTimeMs = RETRY_TIME_MS, filters, signal, onEvent, onWarning }: OpenBucketOptions,
): Promise<BucketTree> {
	const address = parseS3PrefixUrl(url);
	const settings = resolveOptions(STORAGE_SCHEMA, storage);
	const connection = await openConnection(settings, address.bucket, CONNECTIONS, onEvent);
	try {
		const tree = new BucketTree({ address, connection, storage, retryTimeMs }, filters);
		if ((await tree.look([], true, signal)) === undefined)
			onWarning({ message: `there is nothing below ${url}; it is "not found" until there is` });
		return tree;
	} catch (error) {
		connection.close();
		throw error;
	}
}
