import type { ZipferryEventListener } from "../../events.ts";
import type { SdkError } from "../../s3/errors/sdk-error.ts";

/** Gets the failures of requests that are retried. */
export type RetryTeller = (failure: SdkError, waitMs: number, operation: string) => void;

/** Tells them as events. */
export function retryTeller(onEvent: ZipferryEventListener | undefined): RetryTeller {
	return ({ code: reason }, waitMs, operation) => onEvent?.({ type: "retry", operation, reason, waitMs });
}
