import type { Argv } from "yargs";
import { parseS3Url } from "../storage/s3-url.ts";
import type { UploadPlan, UploadZipOptions, UploadZipResult } from "../upload-zip.ts";
import { connectOptions } from "./connect-options.ts";
import { EXIT_CODE_HELP } from "./exit-codes.ts";
import { type Action, type Io, writeLine } from "./io.ts";
import {
	ARCHIVE_OPTIONS,
	type ArchiveArguments,
	makeOptions,
	operandsOf,
	progressStyle,
	STORAGE_OPTIONS,
	type StorageArguments,
	withOptions,
} from "./options.ts";
import { parseDuration, parsePairs, parseSize, parseSource } from "./parse.ts";
import { showProgress } from "./progress.ts";
import { exitCodeOfRun, printJson } from "./report.ts";
import { formatBytes, formatCount, formatSeconds, printable } from "./text.ts";

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
				.epilogue(EXIT_CODE_HELP),
		(given) => choose(() => runUpload(given as unknown as UploadArguments, io)),
	);
}

async function runUpload(given: UploadArguments, io: Io): Promise<number> {
	const { sources, target } = operandsOf(given, "zipferry upload ./photos s3://my-bucket/photos.zip");
	const address = parseS3Url(target);
	const progress = showProgress(progressStyle(given, io), io);
	const options: UploadZipOptions = {
		...address,
		...(await makeOptions(given)),
		...storageOptions(given),
		signal: io.signal,
		onEvent(event) {
			if (event.type === "upload-created") io.onUploadCreated(event.uploadId, target);
			progress.onEvent(event);
		},
	};
	const paths = await Promise.all(sources.map(parseSource));
	// Loaded here: the SDK takes a moment, which --help and wrong arguments need not pay for.
	const { planUpload, uploadZip } = await import("../upload-zip.ts");
	if (given["dry-run"] === true) {
		const plan = await planUpload(paths, options);
		if (given.json === true) printJson(io, plan);
		else printPlan(io, plan, target);
		return exitCodeOfRun(plan.warnings);
	}
	const startedAt = Date.now();
	try {
		const result = await uploadZip(paths, options);
		progress.end();
		if (given.json === true) printJson(io, result);
		else if (given.quiet !== true)
			writeLine(io.stderr, describeResult(result, target, Date.now() - startedAt));
		return exitCodeOfRun(result.warnings);
	} finally {
		progress.end();
	}
}

function storageOptions(given: StorageArguments) {
	return {
		...connectOptions(given),
		partSize: given["part-size"] === undefined ? undefined : parseSize("part-size", given["part-size"]),
		concurrency: given.concurrency,
		hash: given.hash,
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

function printPlan(io: Io, plan: UploadPlan, target: string): void {
	const { entries, sourceBytes, maxBytes, exact, zip64, partSize, maxParts, provider } = plan;
	const lines = [
		`target      ${printable(target)} (provider ${provider})`,
		`entries     ${entries.toLocaleString("en")}`,
		`bytes       ${sourceBytes.toLocaleString("en")} (${formatBytes(sourceBytes)})`,
		`${exact ? "archive" : "at most"}     ${maxBytes === undefined ? "unknown" : `${maxBytes.toLocaleString("en")} (${formatBytes(maxBytes)})`}`,
		`ZIP64       ${zip64 ? (exact ? "yes" : "if it gets that large") : "no"}`,
		`part size   ${formatBytes(partSize)}`,
		`parts       ${maxParts === undefined ? "unknown" : `at most ${maxParts.toLocaleString("en")}`}`,
		...(plan.skipped === 0 ? [] : [`left out    ${plan.skipped.toLocaleString("en")}`]),
	];
	for (const line of lines) writeLine(io.stdout, line);
}

const HASHES = ["md5", "sha256", "crc32"] as const;

function describeResult(result: UploadZipResult, target: string, elapsedMs: number): string {
	const { entries, bytes, parts, zip64, skipped } = result;
	const seconds = elapsedMs / 1000;
	const facts = [
		formatCount(entries, "entry", "entries"),
		`${formatBytes(bytes)} in ${formatSeconds(seconds)}`,
		formatCount(parts, "part"),
		...(zip64 ? ["ZIP64"] : []),
		...(skipped > 0 ? [`${skipped.toLocaleString("en")} left out`] : []),
		...HASHES.flatMap((name) => (result[name] === undefined ? [] : [`${name} ${result[name]}`])),
	];
	return `${printable(target)}: ${facts.join(", ")}`;
}
