import type { Argv } from "yargs";
import { type CreateZipResult, createZip } from "../create-zip.ts";
import { InvalidOptionError } from "../errors.ts";
import { planZip } from "../make-archive.ts";
import { RunReport } from "../run-report.ts";
import { looksLikeS3Url } from "../storage/s3-url.ts";
import { EXIT_CODE_HELP } from "./exit-codes.ts";
import { type Action, type Io, writeLine } from "./io.ts";
import {
	ARCHIVE_OPTIONS,
	type ArchiveArguments,
	makeOptions,
	operandsOf,
	progressStyle,
	withOptions,
} from "./options.ts";
import { openOutput } from "./output-file.ts";
import { parseSource } from "./parse.ts";
import { showProgress } from "./progress.ts";
import { describeHash, exitCodeOfRun, printJson } from "./report.ts";
import { formatBytes, formatCount, formatNumber, printable } from "./text.ts";

type CreateArguments = ArchiveArguments & { readonly _: readonly string[] };

export function createCommand(cli: Argv, io: Io, choose: (action: Action) => void): Argv {
	return cli.command(
		"create",
		"Archive sources into a file or to stdout: create <source..> <file|->",
		(command) =>
			withOptions(command, ARCHIVE_OPTIONS)
				.usage(
					"zipferry create <source..> <file|->\n\nA source is a file, a directory, or name=path to name it in the archive. The archive goes into\na file, or to stdout for -.",
				)
				.example("zipferry create ./photos photos.zip", "contents of photos at the root")
				.example("zipferry create src docs - | ssh host 'cat > work.zip'", "through a pipe")
				.epilogue(EXIT_CODE_HELP),
		(given) => choose(() => runCreate(given as unknown as CreateArguments, io)),
	);
}

async function runCreate(given: CreateArguments, io: Io): Promise<number> {
	const { sources, target } = operandsOf(given, "zipferry create ./photos photos.zip");
	if (target === "") throw new InvalidOptionError("the destination is empty; is a variable unset?");
	if (looksLikeS3Url(target))
		throw new InvalidOptionError(`to put an archive into a bucket: zipferry upload … ${target}`);
	if (target === "-" && given.json === true)
		throw new InvalidOptionError("--json and an archive cannot share stdout");
	if (target === "-" && io.stdout.isTTY && given["dry-run"] !== true) {
		throw new InvalidOptionError("an archive is not for a terminal; send stdout to a file or a program");
	}
	const paths = await Promise.all(sources.map(parseSource));
	const progress = await showProgress(progressStyle(given, io), io);
	const options = {
		...(await makeOptions(given)),
		hash: given.hash,
		signal: io.signal,
		onEvent: progress.onEvent,
	};
	if (given["dry-run"] === true) return dryRun(given, paths, options, io);

	const output = openOutput(target, io);
	try {
		const result = await createZip(paths, { ...options, omit: output.ownPaths }, output.write);
		progress.end();
		if (given.json === true) printJson(io, { file: target, ...result });
		else if (given.quiet !== true) writeLine(io.stderr, describeResult(result, target));
		return exitCodeOfRun(result.warnings);
	} finally {
		progress.end();
	}
}

async function dryRun(
	given: CreateArguments,
	paths: Parameters<typeof planZip>[0],
	options: Parameters<typeof planZip>[1],
	io: Io,
): Promise<number> {
	const report = new RunReport(options.onEvent);
	const { plan } = await planZip(paths, options, report.onEvent);
	const { entryCount, sourceSize, sizeBound, exact, zip64 } = plan;
	if (given.json === true) {
		const { warnings, skippedCount: skipped } = report;
		printJson(io, {
			entries: entryCount,
			sourceBytes: sourceSize,
			maxBytes: sizeBound,
			exact,
			zip64,
			skipped,
			warnings,
		});
	} else {
		writeLine(io.stdout, `entries     ${formatNumber(entryCount)}`);
		writeLine(io.stdout, `bytes       ${formatNumber(sourceSize)} (${formatBytes(sourceSize)})`);
		if (sizeBound !== undefined) {
			writeLine(
				io.stdout,
				`${exact ? "archive" : "at most"}     ${formatNumber(sizeBound)} (${formatBytes(sizeBound)})`,
			);
		}
		writeLine(io.stdout, `ZIP64       ${zip64 ? (exact ? "yes" : "if it gets that large") : "no"}`);
	}
	return exitCodeOfRun(report.warnings);
}

function describeResult(result: CreateZipResult, target: string): string {
	const { entries, bytes, skipped } = result;
	const facts = [
		formatCount(entries, "entry", "entries"),
		formatBytes(bytes),
		...(skipped > 0 ? [`${formatNumber(skipped)} left out`] : []),
		...describeHash(result),
	];
	return `${target === "-" ? "stdout" : printable(target)}: ${facts.join(", ")}`;
}
