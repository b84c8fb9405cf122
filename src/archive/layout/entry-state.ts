import { crc32 } from "../../bytes/crc32.ts";
import { unixMode } from "../../zip/entry.ts";
import type { SeenEntry } from "./look.ts";

const FIXED_SIZE = 30;

/** All that the bytes of an entry depend on, as bytes: name, times, permissions, comment, and the state of its content. */
export function stateOf({ entry, mtimeMs, mode, size, content }: SeenEntry): Uint8Array {
	const { name, kind, comment = "", method = "" } = entry;
	const texts = Buffer.from(`${method}\0${comment}\0${content?.identity ?? ""}`);
	const state = Buffer.allocUnsafe(FIXED_SIZE + name.byteLength + texts.byteLength);
	state.writeUInt32LE(name.byteLength, 0);
	state.writeUInt32LE(texts.byteLength, 4);
	state.writeUInt32LE(Buffer.byteLength(comment), 8);
	state.writeUInt16LE(unixMode(kind, mode), 12);
	state.writeDoubleLE(Math.floor(mtimeMs / 1000), 14); // an archive holds no more of it
	state.writeDoubleLE(size, 22);
	state.set(name, FIXED_SIZE);
	state.set(texts, FIXED_SIZE + name.byteLength);
	return state;
}

/** Tells one state of an entry from another, in few bytes. */
export function checkOf(state: Uint8Array): number {
	return crc32(state);
}
