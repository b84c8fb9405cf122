import type { Argv, InferredOptionTypes } from "yargs";
import { InvalidOptionError } from "../../errors.ts";
import { type PrefixAddress, parseS3PrefixUrl } from "../../s3/address.ts";
import type { AbortedUpload } from "../../storage/incomplete/abort-uploads.ts";
import { describeAge } from "../../storage/incomplete/age.ts";
import type { IncompleteUpload } from "../../storage/incomplete/list-uploads.ts";
import {
	CONNECT_OPTIONS,
	type ConnectArguments,
	connectOptions,
	table,
} from "../arguments/connect-options.ts";
import { ARCHIVE_OPTIONS, operandOf, withOptions } from "../arguments/options.ts";
import { parseDuration } from "../arguments/parse.ts";
import { EXIT, EXIT_CODE_HELP, exitCodeOf } from "../exit-codes.ts";
import { type Action, type Io, writeLine } from "../terminal/io.ts";
import { printJson } from "../terminal/report.ts";
import { Interrupted } from "../terminal/signals.ts";
import { formatBytes, formatCount, formatNumber, printable } from "../terminal/text.ts";

const UPLOADS = "Incomplete uploads:";

export const UPLOADS_OPTIONS = table({
	abort: { group: UPLOADS, type: "boolean", describe: "Remove those that are old enough" },
	"older-than": {
		group: UPLOADS,
		type: "string",
		requiresArg: true,
		describe: "How long nothing must have been added to one for --abort to remove it; default 1d",
	},
	"upload-id": {
		group: UPLOADS,
		type: "string",
		requiresArg: true,
		describe: "Only this upload; --abort removes it whatever its age",
	},
	"dry-run": { group: UPLOADS, type: "boolean", describe: "Say what --abort would remove; remove nothing" },
	json: ARCHIVE_OPTIONS.json,
	debug: ARCHIVE_OPTIONS.debug,
	...CONNECT_OPTIONS,
});

type UploadsArguments = InferredOptionTypes<typeof UPLOADS_OPTIONS> &
	ConnectArguments & { readonly _: readonly string[] };

export function uploadsCommand(cli: Argv, io: Io, choose: (action: Action) => void): Argv {
	return cli.command(
		"uploads",
		"List or remove incomplete uploads, which take space: uploads <s3-url>",
		(command) =>
			withOptions(command, UPLOADS_OPTIONS)
				.usage(
					"zipferry uploads <s3-url>\n\nLists the incomplete uploads of all keys that begin with the one in the address; it may be empty.\nRESUME tells which of them zipferry upload --resume goes on with, given the sources and KEY.",
				)
				.example("zipferry uploads s3://my-bucket", "everything that was never finished")
				.example("zipferry uploads --abort s3://my-bucket/backups/", "remove what is idle for a day")
				.example("zipferry uploads --abort --older-than 2h --dry-run s3://b/k.zip", "what it would be")
				.epilogue(EXIT_CODE_HELP),
		(given) => choose(() => runUploads(given as unknown as UploadsArguments, io)),
	);
}

async function runUploads(given: UploadsArguments, io: Io): Promise<number> {
	const address = parseS3PrefixUrl(operandOf(given, "zipferry uploads s3://my-bucket/backups/"));
	if (given["dry-run"] === true && given.abort !== true)
		throw new InvalidOptionError("--dry-run goes with --abort; without it nothing is removed anyway");
	const uploadId = given["upload-id"];
	const options = { ...address, uploadId, ...connectOptions(given), signal: io.signal };
	const olderThanMs =
		given["older-than"] === undefined ? undefined : parseDuration("older-than", given["older-than"]);
	try {
		if (given.abort === true) {
			const { abortUploads } = await import("../../storage/incomplete/abort-uploads.ts");
			const dryRun = given["dry-run"];
			return await report(await abortUploads({ ...options, olderThanMs, dryRun }), address, given, io);
		}
		const { listUploads } = await import("../../storage/incomplete/list-uploads.ts");
		return await report(await listUploads(options), address, given, io);
	} catch (error) {
		throw error instanceof Interrupted ? error.saying(REMOVED) : error;
	}
}

const REMOVED = "what was removed until then stays removed";

type Row = IncompleteUpload & Partial<Pick<AbortedUpload, "outcome" | "error">>;

async function report(
	rows: readonly Row[],
	address: PrefixAddress,
	given: UploadsArguments,
	io: Io,
): Promise<number> {
	const failed = rows.filter(({ outcome }) => outcome === "failed");
	const done = rows.some(({ outcome }) => outcome === "removed") ? REMOVED : undefined;
	if (given.json === true) await printJson(io, { ...address, uploads: rows.map(toJson) }, done);
	else await io.stdout.print([...lines(rows)].map((line) => `${line}\n`).join(""), done);
	for (const { uploadId, error } of failed)
		writeLine(io.stderr, `zipferry: ${printable(messageOf(error))}; upload ${printable(uploadId)} stays`);
	if (given.json !== true) writeLine(io.stderr, summary(rows, address));
	return failed.reduce((code, { error }) => Math.max(code, exitCodeOf(error)), EXIT.ok as number);
}

function toJson({ error, ...row }: Row): unknown {
	return error === undefined ? row : { ...row, error: messageOf(error) };
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

const WORDS = { removed: "removed", kept: "kept", selected: "would go", failed: "FAILED" } as const;

function* lines(rows: readonly Row[]): Generator<string> {
	if (rows.length === 0) return;
	const cells = rows.map(({ ageMs, idleMs, size, partCount, resumable, key, uploadId, outcome }) => [
		...(outcome === undefined ? [] : [WORDS[outcome]]),
		describeAge(ageMs),
		describeAge(idleMs),
		size === undefined ? "?" : formatBytes(size),
		partCount === undefined ? "?" : formatNumber(partCount),
		resumable === undefined ? "?" : resumable ? "yes" : "no",
		printable(key),
		printable(uploadId),
	]);
	const outcome = rows[0]?.outcome === undefined ? [] : ["OUTCOME"];
	const table = [[...outcome, "AGE", "IDLE", "SIZE", "PARTS", "RESUME", "KEY", "UPLOAD ID"], ...cells];
	const widths =
		table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
	for (const row of table) {
		yield row
			.map((cell, column) => cell.padEnd(widths[column] ?? 0))
			.join("  ")
			.trimEnd();
	}
}

function summary(rows: readonly Row[], { bucket, prefix }: PrefixAddress): string {
	const where = printable(`s3://${bucket}/${prefix}`);
	const count = formatCount(rows.length, "incomplete upload");
	const size = rows.reduce((sum, row) => sum + (row.size ?? 0), 0);
	if (rows.length === 0) return `no incomplete uploads under ${where}`;
	const of = (outcome: Row["outcome"]) => rows.filter((row) => row.outcome === outcome).length;
	const outcomes = Object.entries(WORDS).flatMap(([outcome, word]) => {
		const number = of(outcome as AbortedUpload["outcome"]); // the keys of WORDS
		return number === 0 ? [] : [`${formatNumber(number)} ${word.toLowerCase()}`];
	});
	const tail = outcomes.length === 0 ? "" : `: ${outcomes.join(", ")}`;
	return `${count} under ${where}, ${formatBytes(size)}${tail}`;
}
