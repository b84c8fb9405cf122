import { STORED, ZSTD } from "../../format/records.ts";
import type { ChosenData } from "../smallest-data.ts";

/** What has not become smaller is stored: its sizes are known, so it can be read as a stream. */
export function zstdOrStored(bytes: Uint8Array, frame: Uint8Array): ChosenData {
	if (frame.byteLength >= bytes.byteLength) return { method: STORED, data: bytes };
	return { method: ZSTD, data: frame };
}
