import type { Argv } from "yargs";
import { parseS3Url } from "../../s3/address.ts";
import type { UploadZipResult } from "../../upload/attempt.ts";
import type { UploadZipOptions } from "../../upload/options.ts";
import type { UploadPlan } from "../../upload/plan-upload.ts";
import { parseBandwidth } from "../arguments/bandwidth-option.ts";
import { connectOptions } from "../arguments/connect-options.ts";
import {
	ARCHIVE_OPTIONS,
	type ArchiveArguments,
	makeOptions,
	operandsOf,
	progressStyle,
	STORAGE_OPTIONS,
	type StorageArguments,
	withOptions,
} from "../arguments/options.ts";
import { parseDuration, parsePairs, parseSize, parseSource } from "../arguments/parse.ts";
import { EXIT_CODE_HELP } from "../exit-codes.ts";
import type { KeptParts } from "../kept-upload.ts";
import { KeptUpload } from "../kept-upload.ts";
import { type Action, type Io, writeLine } from "../terminal/io.ts";
import { showProgress } from "../terminal/progress.ts";
import { describeHash, exitCodeOfRun, printJson } from "../terminal/report.ts";
import { formatBytes, formatCount, formatNumber, formatSeconds, printable } from "../terminal/text.ts";

type UploadArguments = ArchiveArguments & StorageArguments & { readonly _: readonly string[] };

export function uploadCommand(cli: Argv, io: Io, choose: (action: Action) => void): Argv {
	return cli.command(
		"upload",
		"Archive sources and stream the archive into a bucket: upload <source..> <s3-url>",
		(command) =>
			withOptions(withOptions(command, ARCHIVE_OPTIONS), STORAGE_OPTIONS)
				.usage(
					"zipferry upload <source..> <s3-url>\n\nA source is a file, a directory, or name=path to name it in the archive.",
				)
				.example("zipferry upload ./photos s3://my-bucket/photos.zip", "contents of photos at the root")
				.example("zipferry upload src docs s3://my-bucket/work.zip", "src/… and docs/…")
				.example("zipferry upload 2026=./photos s3://my-bucket/photos.zip", "as 2026/…")
				.example("zipferry upload . s3://b/k.zip --exclude node_modules --dry-run", "what it would be")
				.example("zipferry upload --resume /srv s3://b/k.zip", "again after a kill: sends what is missing")
				.epilogue(EXIT_CODE_HELP),
		(given) => choose(() => runUpload(given as unknown as UploadArguments, io)),
	);
}

async function runUpload(given: UploadArguments, io: Io): Promise<number> {
	const { sources, target } = operandsOf(given, "zipferry upload ./photos s3://my-bucket/photos.zip");
	const address = parseS3Url(target);
	const progress = await showProgress(progressStyle(given, io), io);
	let kept: KeptParts | undefined;
	const options: UploadZipOptions = {
		...address,
		...(await makeOptions(given)),
		...storageOptions(given),
		hash: given.hash,
		signal: io.signal,
		onEvent(event) {
			if (event.type === "upload-created" || event.type === "upload-resumed") {
				io.mayLeave(`the incomplete upload ${event.uploadId} of ${target}`);
				kept = undefined;
			}
			if (event.type === "upload-kept") kept = event;
			progress.onEvent(event);
		},
	};
	const paths = await Promise.all(sources.map(parseSource));
	// Loaded here: the SDK takes a moment, which --help and wrong arguments need not pay for.
	if (given["dry-run"] === true) {
		const { planUpload } = await import("../../upload/plan-upload.ts");
		const plan = await planUpload(paths, options);
		if (given.json === true) await printJson(io, plan);
		else await printPlan(io, plan, target);
		return exitCodeOfRun(plan.warnings);
	}
	const { uploadZip } = await import("../../upload/upload-zip.ts");
	const startedAt = Date.now();
	try {
		const result = await uploadZip(paths, options);
		io.mayLeave(undefined);
		progress.end();
		if (given.json === true) await printJson(io, result, `the archive ${target} is complete`);
		else if (given.quiet !== true)
			writeLine(io.stderr, describeResult(result, target, Date.now() - startedAt));
		return exitCodeOfRun(result.warnings);
	} catch (error) {
		throw kept === undefined ? error : new KeptUpload(error, kept, target);
	} finally {
		progress.end();
	}
}

function storageOptions(given: StorageArguments) {
	return {
		...connectOptions(given),
		partSize: given["part-size"] === undefined ? undefined : parseSize("part-size", given["part-size"]),
		expectedSize:
			given["expected-size"] === undefined ? undefined : parseSize("expected-size", given["expected-size"]),
		resume: given.resume,
		bandwidthLimit: given.bwlimit === undefined ? undefined : parseBandwidth(given.bwlimit),
		concurrency: given.concurrency,
		transport: given.transport,
		noClobber: given["no-clobber"],
		retryTimeMs: parseDuration("retry-time", given["retry-time"]),
		contentType: given["content-type"],
		contentDisposition: given["content-disposition"],
		cacheControl: given["cache-control"],
		metadata: given.metadata === undefined ? undefined : parsePairs("metadata", given.metadata),
		storageClass: given["storage-class"],
		acl: given.acl,
		sse: given.sse,
		sseKmsKeyId: given["sse-kms-key-id"],
	};
}

async function printPlan(io: Io, plan: UploadPlan, target: string): Promise<void> {
	const { entryCount, sourceSize, sizeBound, exact, zip64, partSize, maxPartCount, provider } = plan;
	const growth = plan.partSizeGrows ? ", doubled after every tenth of the parts" : "";
	const lines = [
		`target      ${printable(target)} (provider ${provider})`,
		`entries     ${formatNumber(entryCount)}`,
		`bytes       ${formatNumber(sourceSize)} (${formatBytes(sourceSize)})`,
		`${exact ? "archive" : "at most"}     ${sizeBound === undefined ? "unknown" : `${formatNumber(sizeBound)} (${formatBytes(sizeBound)})`}`,
		`ZIP64       ${zip64 ? (exact ? "yes" : "if it gets that large") : "no"}`,
		`part size   ${formatBytes(partSize)}${growth}`,
		`parts       ${maxPartCount === undefined ? "unknown" : `at most ${formatNumber(maxPartCount)}`}`,
		`memory      ${formatBytes(plan.partMemory)} for parts`,
		...(plan.skippedCount === 0 ? [] : [`left out    ${formatNumber(plan.skippedCount)}`]),
	];
	await io.stdout.print(`${lines.join("\n")}\n`);
}

function describeResult(result: UploadZipResult, target: string, elapsedMs: number): string {
	const { entryCount, size, partCount, zip64, skippedCount, resumedPartCount, resumedSize } = result;
	const seconds = elapsedMs / 1000;
	const facts = [
		formatCount(entryCount, "entry", "entries"),
		`${formatBytes(size)} in ${formatSeconds(seconds)}`,
		formatCount(partCount, "part"),
		...(resumedPartCount > 0
			? [`${formatNumber(resumedPartCount)} of them (${formatBytes(resumedSize)}) from before`]
			: []),
		...(zip64 ? ["ZIP64"] : []),
		...(skippedCount > 0 ? [`${formatNumber(skippedCount)} left out`] : []),
		...describeHash(result),
	];
	return `${printable(target)}: ${facts.join(", ")}`;
}
