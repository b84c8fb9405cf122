import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import * as v from "valibot";
import { SourceError } from "../../../errors.ts";
import { describeFileError } from "../../../sources/files/describe-file.ts";
import { encodeEntryName } from "../../../zip/format/entry-name.ts";
import { InvalidEntryNameError } from "../../../zip/format/entry-name-errors.ts";
import type { EntryListSource, ListedEntry } from "./shard-source.ts";

/** An entry of a list, and where it stands there. */
export interface EntryLine {
	/** For messages: the list, and the number of the line or entry, from 1. */
	readonly place: string;
	/** As a byte string. */
	readonly name: string;
	readonly source: string;
}

/** Lines that are looked at together. */
const BATCH_SIZE = 256;

const LISTED_ENTRY: v.GenericSchema<unknown, ListedEntry> = v.object({
	name: v.string(),
	source: v.string(),
});

/**
 * The entries of a list, in its order, which has to be that of their names.
 *
 * @param option - Where the list is, for messages.
 * @throws {SourceError} for a list that cannot be read, a line that is no entry, or is not in its place.
 */
export async function* entryLines(
	{ entries }: EntryListSource,
	option: string,
): AsyncGenerator<readonly EntryLine[], void, void> {
	const list = typeof entries === "string" ? entries : option;
	let batch: EntryLine[] = [];
	let before: string | undefined;
	let number = 0;
	for await (const given of typeof entries === "string" ? linesOf(entries) : entries) {
		number += 1;
		if (given === "") continue;
		const place = `${list}, ${typeof entries === "string" ? "line" : "entry"} ${number}`;
		const { name, source } = readEntry(given, place, list);
		if (before !== undefined && name < before) throw notSorted(place, list);
		before = name;
		batch.push({ place, name, source });
		if (batch.length < BATCH_SIZE) continue;
		yield batch;
		batch = [];
	}
	if (batch.length > 0) yield batch;
}

async function* linesOf(path: string): AsyncGenerator<string, void, void> {
	const file = createReadStream(path, { encoding: "utf8" });
	const failed = new Promise<never>((_, reject) => file.once("error", reject));
	failed.catch(() => {}); // told below
	const lines = createInterface({ input: file, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
	try {
		for (;;) {
			const step = await Promise.race([lines.next(), failed]);
			if (step.done === true) break;
			yield step.value;
		}
		if (file.errored !== null) throw file.errored;
	} catch (cause) {
		const message = `cannot read the list ${path}: ${describeFileError(cause)}`;
		throw new SourceError("SOURCE_UNREADABLE", message, { origin: path, cause });
	} finally {
		file.destroy();
	}
}

function readEntry(given: unknown, place: string, origin: string): ListedEntry {
	const entry = v.safeParse(LISTED_ENTRY, typeof given === "string" ? parseJson(given) : given);
	if (!entry.success) {
		const problem = `${place} is not an entry like {"name":"a/b.txt","source":"s3://bucket/key"}`;
		throw new SourceError("SOURCE_UNREADABLE", problem, { origin });
	}
	const { name, source } = entry.output;
	if (name.endsWith("/"))
		throw new SourceError("SOURCE_UNREADABLE", `${place}: "${name}" is the name of a directory`, { origin });
	try {
		return { name: Buffer.from(encodeEntryName(name)).toString("latin1"), source };
	} catch (error) {
		if (!(error instanceof InvalidEntryNameError)) throw error;
		throw new SourceError("SOURCE_UNREADABLE", `${place}: ${error.problem}`, { origin, cause: error });
	}
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined; // no entry
	}
}

function notSorted(place: string, origin: string): SourceError {
	const problem = `${place} is not in its place: the list has to be sorted by the bytes of the names`;
	const text = "jq -sc 'sort_by(.name)[]' does that";
	return new SourceError("SOURCE_UNREADABLE", problem, { origin, advice: { kind: "other", text } });
}
