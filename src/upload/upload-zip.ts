import { type PlannedArchive, planZip } from "../archive/planned-archive.ts";
import { RunReport } from "../archive/run-report.ts";
import { withOwnSignal } from "../async/any-signal.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import { unusualName } from "../s3/bucket-name.ts";
import type { Connection } from "../s3/connection.ts";
import { checkCredentials } from "../s3/credentials.ts";
import { openConnection } from "../s3/open-connection.ts";
import { isPlainHttp } from "../s3/plain-http.ts";
import { destroyUnread, holdBackUnread } from "../sources/generated/unread-streams.ts";
import type { Source } from "../sources/source.ts";
import { warnOfOlderUploads } from "../storage/incomplete/older-uploads.ts";
import { Bandwidth } from "../storage/parts/bandwidth.ts";
import type { ObjectRange } from "../storage/parts/object-range.ts";
import { USUAL_CONCURRENCY } from "../storage/parts/part-memory.ts";
import { checkTagsOf } from "../storage/put/object-tags.ts";
import { refuseExisting } from "../storage/put/probe-bucket.ts";
interface Uploading {
	readonly connection: Connection;
	readonly report: RunReport;
	readonly base: OpenedBase | undefined;
}

async function uploadPlanned(
	planned: PlannedArchive<ObjectRange>,
	settings: UploadSettings,
	metadata: Readonly<Record<string, string>>,
	{ connection, report, base }: Uploading,
): Promise<UploadZipResult> {
	const { bucket, key, noClobber, bandwidthLimit, signal } = settings;
	const { provider } = connection;
	const address = { bucket, key };
	const { entryCount, sourceSize, sizeBound, zip64 } = planned.plan;
	const copied = base?.composition.copied;
	const { parts, warning } = planParts(settings, sizeBound, provider, copied);
	const { partSize, maxPartCount } = parts;
	report.onEvent({ type: "planned", entryCount, sourceSize, sizeBound, zip64, partSize, maxPartCount });
	if (base !== undefined) report.onEvent(composedEvent(base, planned.plan));
	// Before anything else is asked, which gives up sooner, or does not tell that it waits.
	const older = await reachStorage(connection, address, {
		retryTimeMs: settings.retryTimeMs,
		signal,
		onRetry: (operation, reason, waitMs) => report.onEvent({ type: "retry", operation, reason, waitMs }),
	});
	const found = await searchResumable(connection, settings, { sizeBound, parts, copied });
	const left = warnOfOlderUploads(address, older, found.upload?.uploadId);
	if (left !== undefined) report.onEvent({ type: "warning", ...left });
	for (const { uploadId, reason } of found.unfit) report.onEvent(notResumed(uploadId, reason));
	if (noClobber) await refuseExisting(connection, address, { retryTimeMs: retryTimeOf(settings), signal });
	const bandwidth = bandwidthLimit === undefined ? undefined : new Bandwidth(bandwidthLimit);
	const run = { planned, settings, metadata, bandwidth, connection, report, sizeWarning: warning, base };
	return found.upload === undefined
		? attemptUpload(run, parts, undefined)
		: resumeUpload(run, parts, found.upload);
}
