import type { PlannedArchive } from "../../archive/planned-archive.ts";
import type { RunReport } from "../../archive/run-report.ts";
import type { Connection } from "../../s3/connection.ts";
import { Bandwidth } from "../../storage/parts/bandwidth.ts";
import type { ObjectRange } from "../../storage/parts/object-range.ts";
import { usualConcurrency } from "../../storage/parts/part-memory.ts";
import { putInParts } from "../../storage/put/parts-transport.ts";
import type { Destination } from "../../storage/put/transport.ts";
import { ArchiveBody, warnOfStored } from "../../upload/archive-body.ts";
import type { ReplacementTarget, StoredObject } from "../../upload/base/replace-object.ts";
import { retryTimeOf, type UploadSettings } from "../../upload/options.ts";
import type { PlannedParts } from "../../upload/plan-parts.ts";
import { putEventTeller } from "../../upload/put-events.ts";
import type { CopiedRanges } from "../../upload/read-back/copied-ranges.ts";

/** An archive that is ready to be made, and how it is sent. */
export interface EditedPut {
	readonly planned: PlannedArchive<ObjectRange>;
	readonly parts: PlannedParts;
	/** Whether ranges come before all that is sent. */
	readonly copies: boolean;
	/** Notes which. */
	readonly ranges: CopiedRanges;
	readonly settings: UploadSettings;
	readonly connection: Connection;
	readonly report: RunReport;
}

/** An archive that is in its bucket. */
export interface StoredEdit extends StoredObject {
	readonly entryCount: number;
	readonly zip64: boolean;
	readonly partCount: number;
}

/** Makes the archive, and puts it where it is told to. */
export async function putEdited(
	{ planned, parts: { parts, warning }, copies, ranges, settings, connection, report }: EditedPut,
	target: ReplacementTarget & Partial<Pick<Destination, "noClobber">>,
): Promise<StoredEdit> {
	const { address, object, ifMatch, noClobber = false, beforeComplete } = target;
	const { partSizeOf, capacity } = parts;
	const partSize = partSizeOf(1);
	const { concurrency = usualConcurrency(partSize), bandwidthLimit } = settings;
	report.startArchive();
	const body = new ArchiveBody(planned, report, settings.signal, ranges);
	try {
		const stored = await putInParts(connection, {
			destination: { address, object, noClobber, ifMatch },
			body: {
				open: body.open,
				sizeBound: planned.plan.sizeBound,
				mayCopy: copies ? "first" : false,
				hash: undefined,
			},
			parts: { partSizeOf, capacity },
			pace: {
				concurrency,
				bandwidth: bandwidthLimit === undefined ? undefined : new Bandwidth(bandwidthLimit),
			},
			resume: { upload: undefined, keepParts: false },
			retryTimeMs: retryTimeOf(settings),
			signal: settings.signal,
			beforeComplete,
			onEvent: putEventTeller(report, { partSize, resumable: false, capacity, sizeWarning: warning }),
		});
		warnOfStored(address, stored, report);
		const { size, etag, versionId, partCount } = stored;
		return { ...address, size, etag, versionId, partCount, ...body.summary };
	} finally {
		body.end();
	}
}
