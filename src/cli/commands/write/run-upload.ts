import { deafTo, unheardBy } from "../../../archive/heard-events.ts";
import { formatNumber } from "../../../bytes/units.ts";
import { InvalidOptionError } from "../../../errors.ts";
import { shownValue } from "../../../options/shown-value.ts";
import { looksLikeS3Url, type ObjectAddress, parseS3Url } from "../../../s3/address.ts";
import type { UploadZipResult } from "../../../upload/attempt.ts";
import type { UploadZipOptions } from "../../../upload/options.ts";
import type { ARCHIVE_OPTIONS } from "../../options/archive-options.ts";
import type { BASE_OPTIONS } from "../../options/base/base-options.ts";
import type { COMMAND_OPTIONS } from "../../options/command-options.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { RUN_OPTIONS } from "../../options/output-options.ts";
import type { PUT_OPTIONS } from "../../options/put-options.ts";
import type { REMOTE_OPTIONS } from "../../options/sources/remote-options.ts";
import { ResumableFailure, type UploadKept } from "../../run-failure.ts";
import { adviceInCommands, warningInCommands } from "../../terminal/command-words.ts";
import { type Io, type Unfinished, writeLine } from "../../terminal/io.ts";
import { showProgress } from "../../terminal/progress/progress.ts";
import { describeHash, describeSkipped, exitCodeOfRun, printJson } from "../../terminal/report.ts";
import { asInterrupted } from "../../terminal/signals.ts";
import { describeRequest } from "../../terminal/storage-events.ts";
import { formatBytes, formatCount, formatSeconds, printable } from "../../terminal/text.ts";
import type { Given } from "../command.ts";
import { noticeCredentials } from "../connect-notices.ts";
import { archiveSettings } from "./archive-settings.ts";
import { namedSources, type SourceOperands } from "./named-sources.ts";
import { progressStyle } from "./progress-style.ts";
import { noteMaxMtime } from "./source-date-epoch.ts";
import { uploadPlanLines } from "./upload-plan-lines.ts";

type UploadOptions = typeof ARCHIVE_OPTIONS &
	typeof REMOTE_OPTIONS &
	typeof COMMAND_OPTIONS &
	typeof RUN_OPTIONS &
	typeof CONNECT_OPTIONS &
	typeof PUT_OPTIONS &
	typeof BASE_OPTIONS;
type UploadGiven = Given<UploadOptions, SourceOperands & { readonly url: string }>;

export async function runUpload(given: UploadGiven, io: Io): Promise<number> {
	const { operands, values } = given;
	const target = operands.url;
	if (!looksLikeS3Url(target) && operands.source.some(looksLikeS3Url))
		throw new InvalidOptionError(`the target comes last, and ${shownValue(target)} is no s3:// address`);
	const address = parseS3Url(target);
	noticeCredentials(values, io);
	const paths = await namedSources(given, io);
	const archive = await archiveSettings(given, io);
	const { maxMtime } = archive;
	noteMaxMtime(maxMtime, values.quiet, io);
	const progress = showProgress(progressStyle(values, io), io);
	let kept: UploadKept | undefined;
	const options: UploadZipOptions = {
		...address,
		...given.settings,
		...archive,
		signal: io.signal,
		onEvent: deafTo(unheardBy(progress.onEvent), (event) => {
			if (event.type === "upload-created" || event.type === "upload-resumed") {
				io.mayLeave(unfinishedUpload(address, event, given.settings.resume === true));
				kept = undefined;
			}
			if (event.type === "upload-kept") kept = event;
			if (event.type === "request" && values.debug === true) writeLine(io.stderr, describeRequest(event));
			return progress.onEvent(event);
		}),
	};
	// Loaded here: the SDK takes a moment, which --help and wrong arguments need not pay for.
	try {
		if (values["dry-run"] === true) {
			const { planUpload } = await import("../../../upload/plan-upload.ts");
			const plan = await planUpload(paths, options);
			progress.end();
			if (values.json === true)
				await printJson(io, { ...plan, maxMtime, warnings: plan.warnings.map(warningInCommands) });
			else await io.stdout.print(`${uploadPlanLines(plan).join("\n")}\n`);
			return exitCodeOfRun(plan.warnings);
		}
		const { uploadZip } = await import("../../../upload/upload-zip.ts");
		const startedAt = Date.now();
		const result = await uploadZip(paths, options);
		io.mayLeave(undefined);
		progress.end();
		if (values.json === true) {
			const warnings = result.warnings.map(warningInCommands);
			await printJson(io, { ...result, maxMtime, warnings }, `the archive ${target} is complete`);
		} else if (values.quiet !== true)
			writeLine(io.stderr, describeResult(result, target, Date.now() - startedAt, values.verbose));
		return exitCodeOfRun(result.warnings);
	} catch (error) {
		throw kept === undefined
			? asInterrupted(error, NOTHING_LEFT)
			: new ResumableFailure(error, kept, address);
	} finally {
		progress.end();
	}
}

const NOTHING_LEFT = "nothing was published and nothing of the upload is left";

/** What an upload would leave behind if it were ended at once. */
function unfinishedUpload(
	{ bucket, key }: ObjectAddress,
	{ uploadId }: { readonly uploadId: string },
	resumable: boolean,
): Unfinished {
	const abort = adviceInCommands({ kind: "abort-upload", bucket, key, uploadId });
	return {
		what: `the incomplete upload ${uploadId} of s3://${bucket}/${key}`,
		stopping: resumable ? "the upload is kept for --resume" : "aborting the upload",
		removal: resumable ? `the same command with --resume resumes it, ${abort}` : abort,
	};
}

function describeResult(
	result: UploadZipResult,
	target: string,
	elapsedMs: number,
	verbose: boolean | undefined,
): string {
	const { entryCount, size, partCount, zip64, skippedCount, resumedPartCount, resumedSize } = result;
	const seconds = elapsedMs / 1000;
	const facts = [
		formatCount(entryCount, "entry", "entries"),
		`${formatBytes(size)} in ${formatSeconds(seconds)}`,
		formatCount(partCount, "part"),
		...(resumedPartCount > 0
			? [`${formatNumber(resumedPartCount)} of them (${formatBytes(resumedSize)}) from an earlier run`]
			: []),
		...describeCopied(result, verbose),
		...(zip64 ? ["ZIP64"] : []),
		...describeSkipped(skippedCount, verbose),
		...describeHash(result),
		...(result.verified === undefined ? [] : [`${result.verified} verified`]),
	];
	return `${printable(target)}: ${facts.join(", ")}`;
}

/** What the storage has copied, and what was sent; none if there was nothing to copy from. */
function describeCopied(result: UploadZipResult, verbose: boolean | undefined): string[] {
	const { base, size, copiedEntryCount, copiedSize, resumedSize } = result;
	if (copiedEntryCount === 0 && base === undefined) return [];
	if (copiedEntryCount === 0) return [`nothing copied${verbose === true ? "" : " (--verbose says why)"}`];
	const copied = `copied ${formatCount(copiedEntryCount, "entry", "entries")} (${formatBytes(copiedSize)})`;
	return [copied, `sent ${formatBytes(size - copiedSize - resumedSize)}`];
}
