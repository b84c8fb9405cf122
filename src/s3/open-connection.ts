import { connectionOf } from "./client/callers-client.ts";
import { type Connection, connect } from "./connection.ts";
import type { StorageSettings } from "./options.ts";

/**
 * The connection that the options ask for. Makes no request.
 *
 * @param concurrency - Requests under way at once.
 * @param onRequest - Told of each attempt of a request that has ended.
 * @throws {InvalidOptionError} if they do not tell where to send requests.
 */
export async function openConnection(
	options: StorageSettings,
	bucket: string,
	concurrency: number,
	onRequest?: Connection["onRequest"],
): Promise<Connection> {
	const connection =
		options.client === undefined
			? await connect(options, bucket, concurrency)
			: await connectionOf(options.client, options, bucket);
	return { ...connection, onRequest };
}
