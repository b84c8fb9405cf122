import { CREATE_ZIP_SCHEMA, type CreateZipSettings } from "../../../archive/options.ts";
import { planZip } from "../../../archive/planned-archive.ts";
import { RunReport } from "../../../archive/run-report.ts";
import { type CreateZipResult, writeArchive } from "../../../archive/write-archive.ts";
import { formatNumber } from "../../../bytes/units.ts";
import { InvalidOptionError } from "../../../errors.ts";
import { resolveOptions } from "../../../options/resolve-options.ts";
import { looksLikeS3Url } from "../../../s3/address.ts";
import type { ARCHIVE_OPTIONS } from "../../options/archive-options.ts";
import type { COMMAND_OPTIONS } from "../../options/command-options.ts";
import type { FILE_OPTIONS } from "../../options/file-options.ts";
import type { RUN_OPTIONS } from "../../options/output-options.ts";
import type { REMOTE_OPTIONS } from "../../options/sources/remote-options.ts";
import { openOutput } from "../../output/output-file.ts";
import { warningInCommands } from "../../terminal/command-words.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { type Progress, showProgress } from "../../terminal/progress/progress.ts";
import { describeHash, describeSkipped, exitCodeOfRun, printJson } from "../../terminal/report.ts";
import { asInterrupted } from "../../terminal/signals.ts";
import { formatBytes, formatCount, printable } from "../../terminal/text.ts";
import type { Given } from "../command.ts";
import { noticeSources } from "../connect-notices.ts";
import { archiveSettings } from "./archive-settings.ts";
import { namedSources, type SourceOperands } from "./named-sources.ts";
import { progressStyle } from "./progress-style.ts";
import { noteMaxMtime } from "./source-date-epoch.ts";

type CreateOptions = typeof ARCHIVE_OPTIONS &
	typeof REMOTE_OPTIONS &
	typeof COMMAND_OPTIONS &
	typeof FILE_OPTIONS &
	typeof RUN_OPTIONS;
type CreateGiven = Given<CreateOptions, SourceOperands & { readonly target: string }>;

export async function runCreate(given: CreateGiven, io: Io): Promise<number> {
	const { operands, values } = given;
	const { target } = operands;
	if (target === "") throw new InvalidOptionError("the destination is empty; is a variable unset?");
	if (looksLikeS3Url(target))
		throw new InvalidOptionError(`to put an archive into a bucket: zipferry upload … ${target}`);
	const output = await openOutput(target, values["no-clobber"] === true, io);
	if (output.isStdout && values.json === true)
		throw new InvalidOptionError("--json and an archive cannot share stdout");
	if (output.isStdout && io.stdout.isTTY && values["dry-run"] !== true) {
		throw new InvalidOptionError("an archive is not for a terminal; send stdout to a file or a program");
	}
	const paths = await namedSources(given, io);
	noticeSources(paths, { profile: values["source-profile"], quiet: values.quiet }, io);
	const progress = showProgress(progressStyle(values, io), io);
	const archive = await archiveSettings(given, io);
	const { maxMtime } = archive;
	noteMaxMtime(maxMtime, values.quiet, io);
	const showsHash = values.json === true || values.quiet !== true;
	const settings = resolveOptions(CREATE_ZIP_SCHEMA, {
		...archive,
		hash: showsHash ? archive.hash : "none",
		signal: io.signal,
		onEvent: progress.onEvent,
		omit: output.ownPaths,
	});
	try {
		if (values["dry-run"] === true) return await dryRun(values.json === true, paths, settings, progress, io);
		await output.tidyUp(values.quiet === true);
		const result = await writeArchive(paths, settings, { reusable: true }, output.write);
		io.mayLeave(undefined);
		progress.end();
		if (values.json === true)
			await printJson(
				io,
				{ file: target, ...result, maxMtime, warnings: result.warnings.map(warningInCommands) },
				`the archive ${target} is complete`,
			);
		else if (values.quiet !== true) writeLine(io.stderr, describeResult(result, target, values.verbose));
		return exitCodeOfRun(result.warnings);
	} catch (error) {
		throw asInterrupted(error, output.untouched);
	} finally {
		progress.end();
	}
}

async function dryRun(
	json: boolean,
	paths: Parameters<typeof planZip>[0],
	settings: CreateZipSettings,
	progress: Progress,
	io: Io,
): Promise<number> {
	const report = new RunReport(settings.onEvent);
	const { plan } = await planZip(paths, settings, report);
	progress.end();
	const { entryCount, sourceSize, sizeBound, exact, zip64 } = plan;
	if (json) {
		const { skippedCount } = report;
		const warnings = report.warnings.map(warningInCommands);
		await printJson(io, {
			...{ entryCount, sourceSize, sizeBound, exact, zip64, skippedCount, warnings },
			maxMtime: settings.maxMtime,
		});
	} else {
		const lines = [
			`entries     ${formatNumber(entryCount)}`,
			`bytes       ${formatNumber(sourceSize)} (${formatBytes(sourceSize)})`,
			...(sizeBound === undefined
				? []
				: [`${exact ? "archive" : "at most"}     ${formatNumber(sizeBound)} (${formatBytes(sizeBound)})`]),
			`ZIP64       ${zip64 ? (exact ? "yes" : "if it gets that large") : "no"}`,
			...(report.skippedCount === 0 ? [] : [`left out    ${formatNumber(report.skippedCount)}`]),
		];
		await io.stdout.print(`${lines.join("\n")}\n`);
	}
	return exitCodeOfRun(report.warnings);
}

function describeResult(result: CreateZipResult, target: string, verbose: boolean | undefined): string {
	const { entryCount, size, skippedCount } = result;
	const facts = [
		formatCount(entryCount, "entry", "entries"),
		formatBytes(size),
		...describeSkipped(skippedCount, verbose),
		...describeHash(result),
	];
	return `${target === "-" ? "stdout" : printable(target)}: ${facts.join(", ")}`;
}
