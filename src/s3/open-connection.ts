import { connectionOf } from "./callers-client.ts";
import { type Connection, connect } from "./connection.ts";
import type { StorageSettings } from "./options.ts";

/**
 * The connection that the options ask for. Makes no request.
 *
 * @param concurrency - Requests under way at once.
 * @throws {InvalidOptionError} if they do not tell where to send requests.
 */
export function openConnection(
	options: StorageSettings,
	bucket: string,
	concurrency: number,
): Promise<Connection> {
	return options.client === undefined
		? connect(options, bucket, concurrency)
		: connectionOf(options.client, options, bucket);
}
