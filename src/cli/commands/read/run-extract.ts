import { formatNumber } from "../../../bytes/units.ts";
import { InvalidOptionError } from "../../../errors.ts";
import { type ExtractResult, extractArchive } from "../../../extract/extract-archive.ts";
import { looksLikeS3Url } from "../../../s3/address.ts";
import { looksLikeWebUrl } from "../../../sources/address.ts";
import { EXIT } from "../../exit-codes.ts";
import type { FIND_OPTIONS } from "../../options/backup/find-options.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { EXTRACT_OPTIONS, EXTRACT_RUN_OPTIONS } from "../../options/extract-options.ts";
import type { READER_OPTIONS } from "../../options/reader-options.ts";
import { RunFailure } from "../../run-failure.ts";
import { warningInCommands } from "../../terminal/command-words.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { showExtraction } from "../../terminal/progress/extraction.ts";
import { showProgress } from "../../terminal/progress/progress.ts";
import { printJson } from "../../terminal/report.ts";
import { Interrupted } from "../../terminal/signals.ts";
import { describeRequest } from "../../terminal/storage-events.ts";
import { formatBytes, formatCount, formatSeconds, printable } from "../../terminal/text.ts";
import { foundArchive } from "../archives/found-archive.ts";
import type { Given } from "../command.ts";
import { noticeArchives } from "../connect-notices.ts";
import { progressStyle } from "../write/progress-style.ts";
import { PathList } from "./path-list.ts";

type ExtractOptions = typeof EXTRACT_OPTIONS &
	typeof EXTRACT_RUN_OPTIONS &
	typeof READER_OPTIONS &
	typeof FIND_OPTIONS &
	typeof CONNECT_OPTIONS;
type ExtractGiven = Given<ExtractOptions, { readonly archive: string; readonly pattern: readonly string[] }>;

export async function runExtract(given: ExtractGiven, io: Io): Promise<number> {
	const { operands, values, settings } = given;
	if (operands.archive === "") throw new InvalidOptionError("the archive is empty; is a variable unset?");
	const { target, patterns } = readTarget(values.directory, operands.pattern);
	noticeArchives([operands.archive, target], values, io);
	const archive = await foundArchive(operands.archive, values, io);
	const progress = showProgress(progressStyle(values, io), io);
	const list = values["dry-run"] === true && values.json !== true ? new PathList(io.stdout) : undefined;
	const startedAt = Date.now();
	let hasWritten = false;
	try {
		const result = await extractArchive(archive, target, {
			...settings,
			patterns,
			signal: io.signal,
			onEvent(event) {
				if (event.type === "extracted") {
					hasWritten = values["dry-run"] !== true;
					list?.add(event.path);
				}
				if (event.type === "request" && values.debug === true) writeLine(io.stderr, describeRequest(event));
				return showExtraction(event, progress);
			},
		});
		progress.end();
		await list?.end();
		const done = `${target} is complete`;
		if (values.json === true) {
			const warnings = result.warnings.map(warningInCommands);
			await printJson(io, { archive, target, ...result, warnings }, done);
		} else if (values.quiet !== true)
			writeLine(
				io.stderr,
				describeResult(result, target, values["dry-run"] === true, Date.now() - startedAt),
			);
		return result.leftOutCount > 0 ? EXIT.incomplete : EXIT.ok;
	} catch (error) {
		const left = looksLikeS3Url(target) ? LEFT_IN_BUCKET : LEFT;
		if (error instanceof Interrupted) throw error.saying(left);
		throw hasWritten ? new RunFailure(error, left) : error;
	} finally {
		progress.end();
	}
}

const LEFT = "files that are complete stay, and --resume goes on from there";
const LEFT_IN_BUCKET = "objects that are complete stay";

/** A target in a bucket is given behind the archive, or like a directory. */
function readTarget(
	directory: string | undefined,
	words: readonly string[],
): { readonly target: string; readonly patterns: readonly string[] } {
	if (directory === "") throw new InvalidOptionError("--directory is empty; is a variable unset?");
	if (directory !== undefined && looksLikeWebUrl(directory))
		throw new InvalidOptionError(`extract writes into a directory or a bucket, not to ${directory}`);
	const [first, ...others] = words;
	if (first === undefined || !looksLikeS3Url(first)) return { target: directory ?? ".", patterns: words };
	if (directory !== undefined)
		throw new InvalidOptionError(`extract to ${first} or into ${directory}; there can be one target only`);
	return { target: first, patterns: others };
}

function describeResult(
	{ entryCount, size, resumedCount, leftOutCount }: ExtractResult,
	target: string,
	dryRun: boolean,
	elapsedMs: number,
): string {
	const facts = [
		formatCount(entryCount, "entry", "entries"),
		dryRun ? formatBytes(size) : `${formatBytes(size)} in ${formatSeconds(elapsedMs / 1000)}`,
		...(resumedCount > 0 ? [`${formatNumber(resumedCount)} there already`] : []),
		...(leftOutCount > 0 ? [`${formatNumber(leftOutCount)} left out`] : []),
	];
	return `${printable(target)}: ${dryRun ? "would extract " : ""}${facts.join(", ")}`;
}
