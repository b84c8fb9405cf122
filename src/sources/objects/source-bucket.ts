import type { ZipferryEventListener } from "../../events.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import type { SdkError } from "../../s3/errors/sdk-error.ts";
import type { RequestOptions } from "../../s3/objects/request-options.ts";
import type { TimeSettings } from "../entry-time.ts";

/** As long as an upload asks its own storage again: neither is to fail for an outage that the other survives. */
const RETRY_TIME_MS = 600_000;

/** A bucket that objects are read from, and what all entries of it have in common. */
export interface SourceBucket {
	readonly name: string;
	readonly connection: Connection;
	readonly times: TimeSettings;
	/** Whether it is in the storage that the archive goes to, and reached by the same credentials. */
	readonly isOfTarget?: boolean | undefined;
	readonly onEvent: ZipferryEventListener | undefined;
}

/** For messages. */
export function originOf({ bucket, key }: ObjectAddress): string {
	return `s3://${bucket}/${key}`;
}

/** How requests to the bucket are sent, once it has answered. */
export function requestOptions(
	{ onEvent }: Pick<SourceBucket, "onEvent">,
	signal: AbortSignal | undefined,
): RequestOptions {
	return {
		signal,
		retryTimeMs: RETRY_TIME_MS,
		onRetry: ({ code }: SdkError, waitMs: number, operation: string) =>
			onEvent?.({ type: "retry", operation, reason: code, waitMs }),
	};
}
