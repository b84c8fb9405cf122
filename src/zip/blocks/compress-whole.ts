import { deflateRawSync } from "node:zlib";
import { KiB } from "../../bytes/units.ts";
import type { Level, MethodChoice } from "../entry.ts";
import { STORED } from "../format/records.ts";
import { deflateAll } from "./deflate-all.ts";
import { deflateWhole } from "./deflate-whole.js";
import { type ChosenData, isCompressible, MEM_LEVEL, smallestData } from "./smallest-data.ts";
import { storedBlocksSize } from "./stored-blocks.ts";
import { zstdOrStored } from "./zstd/zstd-or-stored.ts";
import { zstdWhole } from "./zstd/zstd-whole.js";

/** Bytes of the largest input that zlib is set up for the size of: with more it would not make the same bytes. */
export const MAX_SIZED_INPUT: number = 32 * KiB;

/** The data of files that are one block each, made at once: the same that `compressBlock` makes of it. It holds until the next call. */
export function compressAll(
	inputs: readonly Uint8Array[],
	choice: MethodChoice,
	level: Level,
): readonly ChosenData[] {
	const tried = inputs.map((bytes) => isTried(bytes, choice));
	const small = inputs.filter((bytes, index) => tried[index] && bytes.byteLength <= MAX_SIZED_INPUT);
	const together = deflateAll(small, level);
	let next = 0;
	return inputs.map((bytes, index) => {
		if (small[next] === bytes) return chosenData(bytes, choice, level, together[next++]);
		return chosenData(bytes, choice, level, tried[index] ? deflated(bytes, level) : undefined);
	});
}

/** Whether it is deflated, to see what comes of it. */
function isTried(bytes: Uint8Array, choice: MethodChoice): boolean {
	return bytes.byteLength > 0 && (choice === "deflate" || (choice === "auto" && isCompressible(bytes)));
}

function chosenData(
	bytes: Uint8Array,
	choice: MethodChoice,
	level: Level,
	deflated: Uint8Array | undefined,
): ChosenData {
	if (choice === "store" || bytes.byteLength === 0) return { method: STORED, data: bytes };
	if (choice === "zstd") return zstdOrStored(bytes, zstdWhole(bytes, level));
	return smallestData(bytes, deflated, true, choice !== "deflate");
}

function deflated(bytes: Uint8Array, level: Level): Uint8Array {
	const { byteLength } = bytes;
	if (byteLength <= MAX_SIZED_INPUT) return deflateWhole(bytes, level);
	return deflateRawSync(bytes, { level, memLevel: MEM_LEVEL, chunkSize: storedBlocksSize(byteLength) + 64 });
}
