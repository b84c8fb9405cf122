import type { S3Client } from "@aws-sdk/client-s3";
import { connectionOf } from "./client/callers-client.ts";
import { type Connection, type ConnectOptions, connect } from "./connection.ts";

/** How to reach a storage: by options, or through a client that is there already. */
export interface StorageOptions extends ConnectOptions {
	/**
	 * A client of your own, as it comes from the SDK; it is neither changed nor closed. Retries, timeouts and
	 * checksums of the upload follow the rules of this library whatever the client is set to. Endpoint, region,
	 * credentials, HTTP agents and middleware are the client's: of the options on how to connect, only
	 * `provider` and `readTimeoutMs` have an effect.
	 */
	readonly client?: S3Client | undefined;
}

/**
 * The connection that the options ask for. Makes no request.
 *
 * @param concurrency - Requests under way at once.
 * @throws {InvalidOptionError} if they do not tell where to send requests, or are out of range.
 */
export function openConnection(
	options: StorageOptions,
	bucket: string,
	concurrency: number,
): Promise<Connection> {
	return options.client === undefined
		? connect(options, bucket, concurrency)
		: connectionOf(options.client, options, bucket);
}
