import type { Method } from "../format/records.ts";
import type { Block } from "./read-blocks.ts";

/** A block as it goes into the archive. */
export interface CompressedBlock {
	readonly block: Block;
	readonly method: Method;
	readonly data: Uint8Array;
	/** What follows the data, where that comes in pieces. */
	readonly more?: readonly Uint8Array[] | undefined;
}
