import type { PrefixAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { listObjects } from "../../s3/objects/list-objects.ts";
import type { RetryTeller } from "./retry-teller.ts";

/** Keys that are held at most, some 30 MiB. */
const MOST_KEYS = 200_000;

/**
 * The keys that are there, so that those in the way are known before anything is put. Of a very large number only the first are: each object is put
 * on condition that there is none.
 */
export async function existingKeys(
	connection: Connection,
	address: PrefixAddress,
	signal: AbortSignal | undefined,
	onRetry: RetryTeller,
): Promise<ReadonlySet<string>> {
	const keys = new Set<string>();
	for await (const { objects } of listObjects(connection, address, { signal, onRetry })) {
		for (const { key } of objects) keys.add(key);
		if (keys.size >= MOST_KEYS) break;
	}
	return keys;
}
