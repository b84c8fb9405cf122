import type { RunReport } from "../archive/run-report.ts";
import type { PutEvent } from "../storage/put/put-event.ts";

/** The facts of a new upload that its public event has besides the id. */
interface UploadFacts {
	/** Bytes per part. */
	readonly partSize: number;
	/** Whether its parts are kept if the run fails or is killed. */
	readonly resumable: boolean;
}

/** Tells the events of a transport as those of the public API. */
export function putEventTeller(
	report: RunReport,
	{ partSize, resumable }: UploadFacts,
): (event: PutEvent) => void {
	let warned = false;
	return (event) => {
		switch (event.type) {
			case "part-completed":
				report.onUploaded(event.uploadedSize, event.resumed);
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
