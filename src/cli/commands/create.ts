import type { Argv } from "yargs";
import { CREATE_ZIP_SCHEMA, type CreateZipSettings } from "../../archive/options.ts";
import { planZip } from "../../archive/planned-archive.ts";
import { RunReport } from "../../archive/run-report.ts";
import { type CreateZipResult, writeArchive } from "../../archive/write-archive.ts";
import { InvalidOptionError } from "../../errors.ts";
import { resolveOptions } from "../../options/resolve-options.ts";
import { looksLikeS3Url } from "../../s3/address.ts";
import {
	ARCHIVE_OPTIONS,
	type ArchiveArguments,
	makeOptions,
	operandsOf,
	progressStyle,
	withOptions,
} from "../arguments/options.ts";
import { parseSource } from "../arguments/parse.ts";
import { EXIT_CODE_HELP } from "../exit-codes.ts";
import { openOutput } from "../output/output-file.ts";
import { type Action, type Io, writeLine } from "../terminal/io.ts";
import { showProgress } from "../terminal/progress.ts";
import { describeHash, exitCodeOfRun, printJson } from "../terminal/report.ts";
import { formatBytes, formatCount, formatNumber, printable } from "../terminal/text.ts";

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
	const output = await openOutput(target, io);
	if (output.isStdout && given.json === true)
		throw new InvalidOptionError("--json and an archive cannot share stdout");
	if (output.isStdout && io.stdout.isTTY && given["dry-run"] !== true) {
		throw new InvalidOptionError("an archive is not for a terminal; send stdout to a file or a program");
	}
	const paths = await Promise.all(sources.map(parseSource));
	const progress = await showProgress(progressStyle(given, io), io);
	const settings = resolveOptions(CREATE_ZIP_SCHEMA, {
		...(await makeOptions(given)),
		hash: given.hash,
		signal: io.signal,
		onEvent: progress.onEvent,
		omit: output.ownPaths,
	});
	if (given["dry-run"] === true) return dryRun(given, paths, settings, io);

	await output.tidyUp(given.quiet === true);
	try {
		const result = await writeArchive(paths, settings, { reusable: true }, output.write);
		io.mayLeave(undefined);
		progress.end();
		if (given.json === true)
			await printJson(io, { file: target, ...result }, `the archive ${target} is complete`);
		else if (given.quiet !== true) writeLine(io.stderr, describeResult(result, target));
		return exitCodeOfRun(result.warnings);
	} finally {
		progress.end();
	}
}

async function dryRun(
	given: CreateArguments,
	paths: Parameters<typeof planZip>[0],
	settings: CreateZipSettings,
	io: Io,
): Promise<number> {
	const report = new RunReport(settings.onEvent);
	const { plan } = await planZip(paths, settings, report.onEvent);
	const { entryCount, sourceSize, sizeBound, exact, zip64 } = plan;
	if (given.json === true) {
		const { warnings, skippedCount } = report;
		await printJson(io, { entryCount, sourceSize, sizeBound, exact, zip64, skippedCount, warnings });
	} else {
		const lines = [
			`entries     ${formatNumber(entryCount)}`,
			`bytes       ${formatNumber(sourceSize)} (${formatBytes(sourceSize)})`,
			...(sizeBound === undefined
				? []
				: [`${exact ? "archive" : "at most"}     ${formatNumber(sizeBound)} (${formatBytes(sizeBound)})`]),
			`ZIP64       ${zip64 ? (exact ? "yes" : "if it gets that large") : "no"}`,
		];
		await io.stdout.print(`${lines.join("\n")}\n`);
	}
	return exitCodeOfRun(report.warnings);
}

function describeResult(result: CreateZipResult, target: string): string {
	const { entryCount, size, skippedCount } = result;
	const facts = [
		formatCount(entryCount, "entry", "entries"),
		formatBytes(size),
		...(skippedCount > 0 ? [`${formatNumber(skippedCount)} left out`] : []),
		...describeHash(result),
	];
	return `${target === "-" ? "stdout" : printable(target)}: ${facts.join(", ")}`;
}
