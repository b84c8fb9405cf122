import { setTimeout as delay } from "node:timers/promises";
import { crc32 } from "../../../src/bytes/crc32.ts";
import { ArchiveError } from "../../../src/reader/archive-error.ts";
import { decompress, decompressNow } from "../../../src/reader/decompress.ts";
import type { EntryFacts } from "../../../src/reader/entry.ts";
import { readEntryData } from "../../../src/reader/entry-data.ts";
import { type FetchedEntry, readInRuns } from "../../../src/reader/runs.ts";
import { entriesOf, watchedArchive } from "../watched-archive.ts";

/** Bytes per chunk: small, so that records are split. */
const CHUNK_SIZE = 100;
/** A hundred thousand entries that share all their bytes are read for ever. */
const MOST_READS = 1_000;

/**
 * Reads all of an archive, once entry by entry and once in runs, and compares.
 *
 * @returns in words how it went.
 */
export async function readWhole(bytes: Uint8Array): Promise<string> {
	const { reader, asked, open } = watchedArchive(
		bytes,
		Math.max(CHUNK_SIZE, Math.ceil(bytes.byteLength / 20)),
	);
	const entries = await entriesOf(reader);
	const alone: string[] = [];
	for (const entry of entries.slice(0, MOST_READS)) alone.push(await resultOf(entry, () => content(entry)));
	const together: string[] = [];
	try {
		for await (const batches of readInRuns(reader, asBatches(entries.slice(0, MOST_READS)), {
			runSize: 1_000,
			gapSize: 50,
		}))
			for (const run of batches)
				for (const fetched of run)
					together.push(await resultOf(fetched.entry, () => fetchedContent(fetched)));
	} catch (error) {
		if (!(error instanceof ArchiveError)) throw error;
		together.push(error.code);
	}
	if (together.some((result, at) => !isSame(result, alone[at])))
		return `! ${together} in runs, ${alone} alone`;
	const outside = asked.find(({ start, end }) => start < 0 || start > end || end > bytes.byteLength);
	if (outside !== undefined) return `! reads from ${outside.start} to ${outside.end}`;
	// A transfer that is ended ends a moment later.
	for (let waited = 0; open.size > 0; waited += 1) {
		if (waited === 1_000) return "! leaves reads open";
		await delay(1);
	}
	const bad = alone.find((result) => !result.startsWith("ok"));
	return bad === undefined ? "all read" : `some read, ${bad}`;

	async function content(entry: EntryFacts): Promise<number> {
		return sum(decompress("a.zip", entry, readEntryData(reader, entry)));
	}

	async function fetchedContent(fetched: FetchedEntry<EntryFacts>): Promise<number> {
		const { entry } = fetched;
		if ("data" in fetched) return crc32(decompressNow("a.zip", entry, fetched.data));
		return sum(decompress("a.zip", entry, fetched.stream()));
	}
}

/** What is wrong in several ways may be refused for any of them. */
function isSame(result: string, other: string | undefined): boolean {
	return result === other || (isRefusal(result) && isRefusal(other));
}

function isRefusal(result: string | undefined): boolean {
	return result !== undefined && /^[A-Z]/.test(result);
}

async function sum(chunks: AsyncIterable<Uint8Array>): Promise<number> {
	let crc = 0;
	for await (const chunk of chunks) crc = crc32(chunk, crc);
	return crc;
}

async function resultOf({ crc32: stated }: EntryFacts, read: () => Promise<number>): Promise<string> {
	try {
		const crc = await read();
		return crc === stated ? `ok ${crc}` : `! ${crc} instead of ${stated}`;
	} catch (error) {
		if (error instanceof ArchiveError) return error.code;
		throw error;
	}
}

async function* asBatches(entries: readonly EntryFacts[]) {
	yield entries;
}
