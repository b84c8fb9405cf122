import { deafTo, unheardBy } from "../../../archive/heard-events.ts";
import { formatNumber } from "../../../bytes/units.ts";
import type { EditZipResult } from "../../../edit/edit-result.ts";
import type { EditOptions } from "../../../edit/options.ts";
import { parseS3Url } from "../../../s3/address.ts";
import type { Values } from "../../options/option.ts";
import type { RUN_OPTIONS } from "../../options/output-options.ts";
import { warningInCommands } from "../../terminal/command-words.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { showProgress } from "../../terminal/progress/progress.ts";
import { describeSkipped, exitCodeOfRun, printJson } from "../../terminal/report.ts";
import { asInterrupted } from "../../terminal/signals.ts";
import { describeRequest } from "../../terminal/storage-events.ts";
import { formatBytes, formatCount, formatSeconds, printable } from "../../terminal/text.ts";
import { unfinishedUpload } from "../../terminal/unfinished-upload.ts";
import { progressStyle } from "../write/progress-style.ts";

/** What commands that change an archive show of it. */
type ShownValues = Partial<Values<typeof RUN_OPTIONS>>;

/**
 * Changes an archive, and shows how.
 *
 * @param target - Address of the new archive.
 * @param more - For programs, besides the result.
 */
export async function runEdit(
	target: string,
	values: ShownValues,
	io: Io,
	edit: (told: Pick<EditOptions, "signal" | "onEvent">) => Promise<EditZipResult>,
	more: object = {},
): Promise<number> {
	const address = parseS3Url(target);
	const progress = showProgress(progressStyle(values, io), io);
	const startedAt = Date.now();
	try {
		const result = await edit({
			signal: io.signal,
			onEvent: deafTo(unheardBy(progress.onEvent), (event) => {
				if (event.type === "upload-created") io.mayLeave(unfinishedUpload(address, event, false));
				if (event.type === "request" && values.debug === true) writeLine(io.stderr, describeRequest(event));
				return progress.onEvent(event);
			}),
		});
		io.mayLeave(undefined);
		progress.end();
		if (values.json === true) {
			const warnings = result.warnings.map(warningInCommands);
			const done = result.dryRun ? undefined : `the archive ${target} is complete`;
			await printJson(io, { ...result, ...more, warnings }, done);
		} else if (result.dryRun) await io.stdout.print(`${planLines(result).join("\n")}\n`);
		else if (values.quiet !== true)
			writeLine(io.stderr, describeResult(result, target, Date.now() - startedAt, values.verbose));
		return exitCodeOfRun(result.warnings);
	} catch (error) {
		throw asInterrupted(error, UNTOUCHED);
	} finally {
		progress.end();
	}
}

const UNTOUCHED = "nothing was published, and what was there is as it was";

/** What a dry run has found out, one fact a line. */
function planLines(result: EditZipResult): readonly string[] {
	const { bucket, key, size, entryCount, addedEntryCount, removedEntryCount, skippedCount } = result;
	const { copiedEntryCount, copiedSize, carriedEntryCount, carriedSize, zip64 } = result;
	const sized = (count: number, bytes: number) => `${formatNumber(count)} (${formatBytes(bytes)})`;
	return [
		`bucket      ${bucket}`,
		`key         ${printable(key)}`,
		`entries     ${formatNumber(entryCount)}`,
		`added       ${formatNumber(addedEntryCount)}`,
		`removed     ${formatNumber(removedEntryCount)}`,
		`copied      ${sized(copiedEntryCount, copiedSize)}, by the storage`,
		`carried     ${sized(carriedEntryCount, carriedSize)}, read and sent as they are`,
		`at most     ${size === undefined ? "unknown" : `${formatNumber(size)} (${formatBytes(size)})`}`,
		`ZIP64       ${zip64 ? "if it gets that large" : "no"}`,
		...(skippedCount === 0 ? [] : [`left out    ${formatNumber(skippedCount)}`]),
	];
}

function describeResult(
	result: EditZipResult,
	target: string,
	elapsedMs: number,
	verbose: boolean | undefined,
): string {
	const { entryCount, addedEntryCount, removedEntryCount, size = 0, copiedSize, partCount, zip64 } = result;
	if (partCount === 0) return `${printable(target)}: nothing to add, left as it is`;
	const facts = [
		formatCount(entryCount, "entry", "entries"),
		...(addedEntryCount === 0 ? [] : [`${formatNumber(addedEntryCount)} added`]),
		...(removedEntryCount === 0 ? [] : [`${formatNumber(removedEntryCount)} removed`]),
		`${formatBytes(size)} in ${formatSeconds(elapsedMs / 1000)}`,
		...(copiedSize === 0 ? [] : [`${formatBytes(copiedSize)} of it copied by the storage`]),
		...(zip64 ? ["ZIP64"] : []),
		...describeSkipped(result.skippedCount, verbose),
	];
	return `${printable(target)}: ${facts.join(", ")}`;
}
