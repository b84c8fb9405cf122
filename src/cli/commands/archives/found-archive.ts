import { InvalidOptionError } from "../../../errors.ts";
import type { FIND_OPTIONS } from "../../options/backup/find-options.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { Values } from "../../options/option.ts";
import type { READER_OPTIONS } from "../../options/reader-options.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import type { StorageTelling } from "../../terminal/storage-events.ts";
import { printable } from "../../terminal/text.ts";
import { backupsOptions } from "./given-backups.ts";

/** What was given besides the archive. */
export type FindValues = Values<typeof FIND_OPTIONS & typeof READER_OPTIONS & typeof CONNECT_OPTIONS> &
	StorageTelling & { readonly json?: boolean | undefined };

/** Objects may have such keys, but hardly any has. */
const LIKE_A_TEMPLATE = /^s3:\/\/.*(%[YFGj]|\{(name|host)\})/i;

/**
 * The address of the archive that a command reads: what was typed, or that of the archive of a backup which `--latest` or
 * `--at` ask for. Says which one that is.
 *
 * @param word - As it was typed: a template, with one of these options.
 * @throws {InvalidOptionError} if it is no template then
 * @throws {SourceError} `SOURCE_NOT_FOUND` if there is no such archive
 */
export async function foundArchive(word: string, values: FindValues, io: Io): Promise<string> {
	const { latest = false, at, name: job, json = false, quiet = false } = values;
	if (!latest && at === undefined) {
		if (LIKE_A_TEMPLATE.test(word) && !quiet)
			writeLine(io.stderr, "for an archive of a template, add --latest, or --at with a day");
		return word;
	}
	if (latest && at !== undefined) throw new InvalidOptionError("give --latest or --at, not both");
	if (values["version-id"] !== undefined)
		throw new InvalidOptionError(
			`--version-id is for one object; it cannot go with --${latest ? "latest" : "at"}`,
		);
	const { templateOf } = await import("./given-template.ts");
	const { endOfMoment } = await import("../../../backup/archives/given-moment.ts");
	const { findArchive } = await import("../../../backup/archives/find-archive.ts");
	const { withBackups } = await import("../../../backup/archives/with-backups.ts");
	const template = templateOf(word, values);
	const { bucket } = template;
	const before = at === undefined ? undefined : endOfMoment("--at", at, template.timeZone);
	const { key } = await withBackups(bucket, backupsOptions(values, io), (connection, requests) =>
		findArchive(connection, template, before, { ...requests, job }),
	);
	const location = `s3://${bucket}/${key}`;
	if (!quiet && !json) writeLine(io.stderr, printable(location));
	return location;
}
