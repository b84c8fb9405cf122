import { mapInOrder } from "../../async/map-in-order.ts";
import { KiB } from "../../bytes/units.ts";
import { SourceError } from "../../errors.ts";
import { type RangedSource, readRange } from "../../reader/ranged/ranged-source.ts";
import type { Connection } from "../../s3/connection.ts";
import { isNotFound } from "../../s3/errors/refusals.ts";
import { getRange } from "../../s3/objects/get-range.ts";
import type { Comparison } from "../../verify/pieces/content-choice.ts";
import type { Piece } from "../../verify/pieces/pieces.ts";
import type { CopiedRanges } from "./copied-ranges.ts";

/** Bytes that are compared at one place. */
const WINDOW_SIZE = 256 * KiB;
/** Places of a range that is too large to be read: its beginning, its end, and some between, as it may be copied in several parts. */
const WINDOW_COUNT = 8;
/** Places that are compared at once. */
const AT_ONCE = { count: 4, weight: 4, weigh: () => 1 };

/** Bytes of the archive, and where the same ones have to be. */
interface Window {
	readonly start: number;
	readonly end: number;
	readonly source: Parameters<typeof getRange>[1] & { readonly versionId?: string | undefined };
	readonly etag: string;
	/** Byte of the source at which it begins. */
	readonly offset: number;
}

/**
 * Compares some of what the storage has copied of an entry with the object that it was copied from.
 *
 * @returns `"unknown"` if that object is not there any more, or another one.
 */
export async function compareCopied(
	connection: Connection,
	copied: CopiedRanges,
	{ entry, next }: Piece,
	archive: RangedSource,
	{ signal, retryTimeMs }: { readonly signal: AbortSignal | undefined; readonly retryTimeMs: number },
): Promise<Comparison> {
	const compare = async ({ start, end, source, etag, offset }: Window): Promise<Comparison> => {
		const expected = await sourceBytes();
		if (expected === undefined) return "unknown";
		const found = await readRange(archive, start, end, signal);
		return Buffer.compare(expected, found) === 0 ? "same" : "other";

		async function sourceBytes(): Promise<Buffer | undefined> {
			try {
				const wanted = { start: offset, end: offset + end - start };
				const { versionId } = source;
				const reading = await getRange(connection, source, wanted, {
					...{ ifMatch: etag, versionId, signal, retryTimeMs },
				});
				const chunks: Uint8Array[] = [];
				for await (const chunk of reading.chunks) chunks.push(chunk);
				return Buffer.concat(chunks);
			} catch (error) {
				if (error instanceof SourceError || isNotFound(error)) return undefined;
				throw error;
			}
		}
	};
	async function* windows() {
		yield windowsOf(copied, entry.offset, next);
	}
	let comparison: Comparison = "unknown";
	for await (const batch of mapInOrder(windows(), compare, AT_ONCE, { signal }))
		for (const one of batch) {
			if (one !== "same") return one;
			comparison = one;
		}
	return comparison;
}

function* windowsOf(copied: CopiedRanges, from: number, to: number): Generator<Window, void, void> {
	for (const { start, range } of copied.within(from, to)) {
		const first = Math.max(start, from);
		const last = Math.min(start + range.byteLength, to);
		const { source, etag } = range;
		for (const [begin, end] of spread(first, last))
			yield { start: begin, end, source, etag, offset: range.offset + begin - start };
	}
}

/** Places from `first` up to `last`, at equal distances, at both ends in any case; all of it if it is no more than these. */
function* spread(first: number, last: number): Generator<readonly [number, number], void, void> {
	if (last - first <= WINDOW_COUNT * WINDOW_SIZE) {
		yield [first, last];
		return;
	}
	for (let at = 0; at < WINDOW_COUNT; at++) {
		const begin = first + Math.floor(((last - first - WINDOW_SIZE) * at) / (WINDOW_COUNT - 1));
		yield [begin, begin + WINDOW_SIZE];
	}
}
