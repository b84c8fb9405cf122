import type { RunReport } from "../../archive/run-report.ts";
import { InvalidOptionError } from "../../errors.ts";
import type { Connection } from "../../s3/connection.ts";
import { copyingConnection, whyNoCopies } from "../../storage/copying/copying-connection.ts";
import { supposeCopying } from "../../storage/copying/probe-copying.ts";
import type { PinnedObject } from "../../upload/base/pinned-object.ts";
import { retryTimeOf } from "../../upload/options.ts";
import type { EditedArchive } from "../archives/open-edited.ts";
import type { Edit, EditConnection } from "../edit.ts";

/**
 * The connection to edit with: where nobody knows whether the storage copies ranges, one that does so after a trial, or without, if nothing
 * is to be written.
 *
 * @param archives - The largest of them is what the trial copies from.
 */
export async function connectionToCopy(
	connection: Connection,
	archives: readonly EditedArchive[],
	{ target, settings }: Pick<Edit, "target" | "settings">,
	report: RunReport,
): Promise<EditConnection> {
	const { provider } = connection;
	const [largest] = [...archives].sort((a, b) => b.pin.size - a.pin.size);
	const reason = whyNoCopies(provider);
	if (reason !== undefined || largest === undefined) return { connection, whyNoCopies: reason };
	// Nothing of a small archive is copied but the whole, at the end: if that fails, the old one is still there.
	if (settings.dryRun || largest.pin.size <= provider.limits.minPartSize)
		return { connection: supposeCopying(connection), whyNoCopies: undefined };
	const { bucket, key, versionId, etag, size } = largest.pin;
	const { signal, sse, sseKmsKeyId } = settings;
	const sample = { source: { bucket, key, versionId }, etag, size };
	const copying = await copyingConnection(connection, target, sample, {
		...{ signal, retryTimeMs: retryTimeOf(settings), object: { sse, sseKmsKeyId } },
		onEvent: (event) => void report.onEvent(event),
	});
	return typeof copying === "string"
		? { connection, whyNoCopies: `a trial has failed: ${copying}` }
		: { connection: copying, whyNoCopies: undefined };
}

/**
 * Refuses to replace an archive where nothing can be undone: a new one is put beside the old one and copied over it, or the bucket has
 * to keep the old one as a version.
 *
 * @param there - What is under the key.
 * @throws {InvalidOptionError}
 */
export function refuseIrreplaceable(there: PinnedObject | undefined, reason: string | undefined): void {
	if (there === undefined || there.versionId !== undefined || reason === undefined) return;
	const problem = `s3://${there.bucket}/${there.key} cannot be replaced safely: its bucket keeps no versions, and ${reason}`;
	throw new InvalidOptionError(problem, {
		advice: { kind: "other", text: "merge it into an archive of another name" },
	});
}
