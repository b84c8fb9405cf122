import type { Batches } from "../../async/batches.ts";
import { sampleOf } from "../sample.ts";
import type { Piece } from "./pieces.ts";

/**
 * Passes on some of the pieces, the same ones for the same seed.
 *
 * @param count - How many there are.
 * @param wanted - How many are wanted of these.
 */
export async function* sampledPieces(
	pieces: Batches<Piece>,
	{ count, wanted }: { readonly count: number; readonly wanted: number },
	seed: string,
): Batches<Piece> & AsyncGenerator<Iterable<Piece>, void, void> {
	const chosen = sampleOf(count, wanted, seed);
	for await (const batch of pieces) {
		const taken: Piece[] = [];
		for (const piece of batch) if (chosen.next()) taken.push(piece);
		yield taken;
	}
}
