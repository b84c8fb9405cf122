import { deflateRawSync } from "node:zlib";
import { KiB } from "../../bytes/units.ts";
import type { Level, MethodChoice } from "../entry.ts";
import { STORED } from "../format/records.ts";
import { deflateWhole } from "./deflate-whole.js";
import { type ChosenData, isCompressible, MEM_LEVEL, smallestData } from "./smallest-data.ts";
import { storedBlocksSize } from "./stored-blocks.ts";
import { zstdOrStored } from "./zstd/zstd-or-stored.ts";
import { zstdWhole } from "./zstd/zstd-whole.js";

/** Bytes of the largest input that zlib is set up for the size of: with more it would not make the same bytes. */
export const MAX_SIZED_INPUT: number = 32 * KiB;

/** The data of a file that is one block, made at once: the same that `compressBlock` makes of it. */
export function compressWhole(bytes: Uint8Array, choice: MethodChoice, level: Level): ChosenData {
	if (choice === "store" || bytes.byteLength === 0) return { method: STORED, data: bytes };
	if (choice === "zstd") return zstdOrStored(bytes, zstdWhole(bytes, level));
	const worthTrying = choice === "deflate" || (choice === "auto" && isCompressible(bytes));
	return smallestData(bytes, worthTrying ? deflated(bytes, level) : undefined, true, choice !== "deflate");
}

function deflated(bytes: Uint8Array, level: Level): Uint8Array {
	const { byteLength } = bytes;
	if (byteLength <= MAX_SIZED_INPUT) return deflateWhole(bytes, level);
	return deflateRawSync(bytes, { level, memLevel: MEM_LEVEL, chunkSize: storedBlocksSize(byteLength) + 64 });
}
