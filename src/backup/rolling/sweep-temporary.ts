import { abortLater } from "../../async/abort-later.ts";
import type { ZipferryEventListener } from "../../events.ts";
import type { Connection } from "../../s3/connection.ts";
import type { RequestOptions } from "../../s3/objects/request-options.ts";
import { HURRIED_REMOVAL_MS } from "../../storage/put/settle/hurry.ts";
import { removeHelpers, warnOfHelpers } from "../../upload/base/remove-helpers.ts";
import type { KeyTemplate } from "../template/key-template.ts";

/** Removes temporary objects that runs have left which were killed while runs of a base were joined. Each had a key of its own. */
export async function sweepTemporary(
	connection: Connection,
	{ bucket, prefix }: KeyTemplate,
	keys: readonly string[],
	{ signal }: RequestOptions,
	onEvent: ZipferryEventListener,
): Promise<void> {
	const helpers = keys.map((key) => ({ bucket, key }));
	const left = await removeHelpers(connection, helpers, abortLater(signal, HURRIED_REMOVAL_MS));
	signal?.throwIfAborted();
	if (left !== undefined) onEvent({ type: "warning", ...warnOfHelpers(left, `s3://${bucket}/${prefix}`) });
}
