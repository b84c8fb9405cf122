import type { ObjectRange } from "../../storage/parts/object-range.ts";
import type { ObjectBody } from "../../storage/put/transport.ts";

/** The body of an object that is ranges of others, one after the other. */
export async function* bodyOf(ranges: readonly ObjectRange[], size: number): ObjectBody {
	yield* ranges;
	return { size };
}
