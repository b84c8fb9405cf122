import type { BackupJob } from "../../../../backup/job.ts";
import { openParts } from "../../../../backup/run/real-parts.ts";
import { runBackup } from "../../../../backup/run/run-backup.ts";
import type { RunEvent } from "../../../../backup/run/run-events.ts";
import type { RunWords } from "../../../../backup/run/run-state.ts";
import type { RunReport } from "../../../../backup/run-report.ts";
import { keepHeapSmall } from "../../../sources/small-heap.ts";
import { adviceInCommands, warningInCommands } from "../../../terminal/command-words.ts";
import type { Io } from "../../../terminal/io.ts";
import { displayJob, type OutputValues } from "./job-display.ts";

/** Runs one job, and shows on stderr how it goes. */
export async function runJob(
	job: BackupJob,
	words: RunWords,
	values: OutputValues,
	io: Io,
): Promise<RunReport> {
	keepHeapSmall(job.sources);
	const display = displayJob(job.name, values, io);
	let address = { bucket: job.template.bucket, key: "" };
	try {
		const report = await runBackup(job, {
			words,
			signal: io.signal,
			parts: openParts,
			onEvent(event) {
				if (event.type === "run-archive") address = { bucket: event.bucket, key: event.key };
				noteLeftovers(event, address, io);
				return display.onEvent(event);
			},
		});
		return { ...report, warnings: report.warnings.map(warningInCommands) };
	} finally {
		display.end();
		io.mayLeave(undefined);
	}
}

/** What a second signal would leave behind. */
function noteLeftovers(
	event: RunEvent,
	address: { readonly bucket: string; readonly key: string },
	io: Io,
): void {
	if (event.type === "run-stage") io.mayLeave(undefined);
	if (event.type !== "upload-created") return;
	const { uploadId } = event;
	io.mayLeave({
		what: `the incomplete upload ${uploadId} of s3://${address.bucket}/${address.key}`,
		stopping: "aborting the upload",
		removal: `the next run removes it, or ${adviceInCommands({ kind: "abort-upload", ...address, uploadId })}`,
	});
}
