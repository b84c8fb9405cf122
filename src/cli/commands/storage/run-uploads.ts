import { formatNumber } from "../../../bytes/units.ts";
import { StorageError } from "../../../errors.ts";
import { formatDuration } from "../../../options/duration.ts";
import { shownValue } from "../../../options/shown-value.ts";
import { type PrefixAddress, parseS3PrefixUrl } from "../../../s3/address.ts";
import type { AbortedUpload } from "../../../storage/incomplete/abort-uploads.ts";
import { describeAge } from "../../../storage/incomplete/age.ts";
import type { IncompleteUpload } from "../../../storage/incomplete/list-uploads.ts";
import { ABANDONED_AFTER_MS, type ListUploadsOptions } from "../../../storage/incomplete/options.ts";
import { errorToJson } from "../../error-to-json.ts";
import { EXIT, exitCodeOf } from "../../exit-codes.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import type { UPLOADS_OPTIONS } from "../../options/uploads-options.ts";
import { messageInCommands } from "../../terminal/command-words.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { printJson } from "../../terminal/report.ts";
import { Interrupted } from "../../terminal/signals.ts";
import { storageEvents } from "../../terminal/storage-events.ts";
import { formatBytes, formatCount, printable } from "../../terminal/text.ts";
import type { Given } from "../command.ts";
import { noticeCredentials, warnOfBucket } from "../connect-notices.ts";

type UploadsOptions = typeof UPLOADS_OPTIONS & typeof OUTPUT_OPTIONS & typeof CONNECT_OPTIONS;
type UploadsGiven = Given<UploadsOptions, { readonly url: string }>;

export async function runUploads(given: UploadsGiven, io: Io): Promise<number> {
	const address = parseS3PrefixUrl(given.operands.url);
	const { abort = false, json = false, quiet = false } = given.values;
	const { dryRun = false, olderThanMs, ...settings } = given.settings;
	const options: ListUploadsOptions = {
		...address,
		...settings,
		signal: io.signal,
		onEvent: storageEvents(given.values, io),
	};
	noticeCredentials(given.values, io);
	warnOfBucket(address.bucket, io);
	const told = { json, quiet, keptMs: olderThanMs ?? ABANDONED_AFTER_MS };
	try {
		if (abort) {
			const { abortUploads } = await import("../../../storage/incomplete/abort-uploads.ts");
			const rows = await abortUploads({ ...options, olderThanMs, dryRun });
			return await report(found(rows, options), address, told, io);
		}
		const { listUploads } = await import("../../../storage/incomplete/list-uploads.ts");
		return await report(found(await listUploads(options), options), address, told, io);
	} catch (error) {
		throw error instanceof Interrupted ? error.saying(REMOVED) : error;
	}
}

const REMOVED = "uploads that were removed before that stay removed";

/** @throws {StorageError} if the upload that was asked for is not among them. */
function found<Found>(
	rows: readonly Found[],
	{ bucket, prefix = "", uploadId }: ListUploadsOptions,
): readonly Found[] {
	if (uploadId === undefined || rows.length > 0) return rows;
	throw new StorageError(
		"NO_SUCH_UPLOAD",
		`there is no incomplete upload ${shownValue(uploadId)} under s3://${bucket}/${prefix}`,
		{ bucket, key: prefix },
	);
}

type Row = IncompleteUpload & Partial<Pick<AbortedUpload, "outcome" | "error">>;

async function report(
	rows: readonly Row[],
	address: PrefixAddress,
	{ json, quiet, keptMs }: { readonly json: boolean; readonly quiet: boolean; readonly keptMs: number },
	io: Io,
): Promise<number> {
	const failed = rows.filter(({ outcome }) => outcome === "failed");
	const done = rows.some(({ outcome }) => outcome === "removed") ? REMOVED : undefined;
	if (json) await printJson(io, { ...address, uploads: rows.map(toJson) }, done);
	else await io.stdout.print([...lines(rows)].map((line) => `${line}\n`).join(""), done);
	for (const { uploadId, error } of failed)
		writeLine(io.stderr, `zipferry: ${messageInCommands(error)}; upload ${uploadId} is still there`);
	if (!json && !quiet) writeLine(io.stderr, summary(rows, address, keptMs));
	return failed.reduce((code, { error }) => Math.max(code, exitCodeOf(error)), EXIT.ok as number);
}

function toJson({ error, ...row }: Row): unknown {
	return error === undefined ? row : { ...row, error: errorToJson(error) };
}

const WORDS = { removed: "removed", kept: "kept", selected: "would be removed", failed: "FAILED" } as const;

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

/** @param keptMs - Uploads that received a part in this time were kept. */
function summary(rows: readonly Row[], { bucket, prefix }: PrefixAddress, keptMs: number): string {
	const where = printable(`s3://${bucket}/${prefix}`);
	const count = formatCount(rows.length, "incomplete upload");
	const size = rows.reduce((sum, row) => sum + (row.size ?? 0), 0);
	if (rows.length === 0) return `no incomplete uploads under ${where}`;
	const of = (outcome: Row["outcome"]) => rows.filter((row) => row.outcome === outcome).length;
	const outcomes = Object.entries(WORDS).flatMap(([outcome, word]) => {
		const number = of(outcome as AbortedUpload["outcome"]); // the keys of WORDS
		const why =
			word === WORDS.kept ? ` (idle for less than ${formatDuration(keptMs)}; see --older-than)` : "";
		return number === 0 ? [] : [`${formatNumber(number)} ${word.toLowerCase()}${why}`];
	});
	const tail = outcomes.length === 0 ? "" : `: ${outcomes.join(", ")}`;
	return `${count} under ${where}, ${formatBytes(size)}${tail}`;
}
