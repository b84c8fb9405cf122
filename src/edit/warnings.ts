import type { RunReport } from "../archive/run-report.ts";
import type { ObjectAddress } from "../s3/address.ts";
import { unusualName } from "../s3/bucket-name.ts";
import type { Connection } from "../s3/connection.ts";
import { isPlainHttp } from "../s3/plain-http.ts";

/** Warns of what may be wrong with the place of an archive, before anything is sent there. */
export function warnOfTarget(
	{ bucket }: ObjectAddress,
	{ endpoint }: Connection,
	{ onEvent }: Pick<RunReport, "onEvent">,
): void {
	const unusual = unusualName(bucket);
	if (unusual !== undefined) onEvent({ type: "warning", ...unusual });
	if (!isPlainHttp(endpoint)) return;
	const message = `${endpoint} is not encrypted: others can read everything on the way except the secret key`;
	onEvent({ type: "warning", code: "INSECURE_ENDPOINT", message });
}

/**
 * Warns that large archives go through this machine.
 *
 * @param reason - Why nothing of them is copied, in words.
 */
export function warnOfCarrying(reason: string, { onEvent }: Pick<RunReport, "onEvent">): void {
	const message = `all of it is read and sent, as ${reason}`;
	onEvent({ type: "warning", code: "BASE_NOT_USED", message });
}
