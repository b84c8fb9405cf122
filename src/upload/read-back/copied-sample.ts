import type { Connection } from "../../s3/connection.ts";
import type { ContentSample } from "../../verify/pieces/content-choice.ts";
import { compareCopied } from "./compare-copied.ts";
import type { CopiedRanges } from "./copied-ranges.ts";

export interface SampleOptions {
	/** Of the entries. */
	readonly share: number;
	/** To read what entries were copied from. */
	readonly connection: Connection;
	readonly retryTimeMs: number;
	/** Bytes at the beginning of the archive whose entries all count as copied. */
	readonly alsoBefore?: number | undefined;
}

/** The sample of the entries of an archive of which the storage has copied something. */
export function sampleOfCopied(
	copied: CopiedRanges,
	{ share, connection, retryTimeMs, alsoBefore = 0 }: SampleOptions,
): ContentSample {
	return {
		share,
		isCandidate: ({ offset, compressedSize }) =>
			offset < alsoBefore || copied.touches(offset, offset + compressedSize + 1),
		compare: (piece, archive, signal) =>
			compareCopied(connection, copied, piece, archive, { signal, retryTimeMs }),
	};
}
