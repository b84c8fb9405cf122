import type { RunReport } from "../archive/run-report.ts";
import type { Warning } from "../events.ts";
import type { PutEvent } from "../storage/put/put-event.ts";

/** The facts of a new upload that its public event has besides the id. */
interface UploadFacts {
	/** Bytes per part. */
	readonly partSize: number;
	/** Whether its parts are kept if the run fails or is killed. */
	readonly resumable: boolean;
	/** Bytes that its parts hold. */
	readonly capacity: number;
	/** What there is to say of an archive that may outgrow them. */
	readonly sizeWarning: Warning | undefined;
}

/** The share of its parts that an archive has filled when it is worth a warning that they may not be enough. */
const WORTH_A_WARNING = 1 / 10;

/** Tells the events of a transport as those of the public API. */
export function putEventTeller(
	report: RunReport,
	{ partSize, resumable, capacity, sizeWarning }: UploadFacts,
): (event: PutEvent) => void {
	let warned = false;
	let untold = sizeWarning;
	return (event) => {
		switch (event.type) {
			case "part-completed":
				report.onUploaded(event);
				if (untold === undefined || event.uploadedSize < capacity * WORTH_A_WARNING) break;
				report.onEvent({ type: "warning", ...untold });
				untold = undefined;
				break;
			case "upload-created":
				report.onEvent({ type: "upload-created", uploadId: event.uploadId, partSize, resumable });
				break;
			case "part-not-comparable":
				if (!warned) report.onEvent({ type: "warning", code: "NOT_RESUMED", message: NOT_COMPARABLE });
				warned = true;
				break;
			case "retry":
			case "upload-kept":
				report.onEvent(event);
		}
	};
}

const NOT_COMPARABLE =
	"the storage encrypts with its own keys, its ETags are no MD5, and it keeps no checksums: parts of the incomplete upload cannot be compared and are sent again";
