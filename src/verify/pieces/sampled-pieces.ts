import type { Batches } from "../../async/batches.ts";
import type { EntryFacts } from "../../reader/entry.ts";
import { sampleOf } from "../sample.ts";
import type { Piece } from "./pieces.ts";

/** Some of the entries of an archive, the same ones for the same seed. */
export interface EntrySample {
	/** How many there are to choose from. */
	readonly count: number;
	/** How many are wanted of these. */
	readonly wanted: number;
	/** Whether an entry is one of these; by default every one is. */
	readonly isCandidate?: ((entry: EntryFacts) => boolean) | undefined;
}

/** Passes on the pieces of a sample. */
export async function* sampledPieces(
	pieces: Batches<Piece>,
	{ count, wanted, isCandidate = () => true }: EntrySample,
	seed: string,
): Batches<Piece> & AsyncGenerator<Iterable<Piece>, void, void> {
	const chosen = sampleOf(count, wanted, seed);
	for await (const batch of pieces) {
		const taken: Piece[] = [];
		for (const piece of batch) if (isCandidate(piece.entry) && chosen.next()) taken.push(piece);
		yield taken;
	}
}
