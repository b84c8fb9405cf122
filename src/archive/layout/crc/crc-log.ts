import { crc32 } from "../../../bytes/crc32.ts";
import { KEY_WORDS } from "./crc-table.ts";

/** What a file of records begins with. */
export const LOG_START: Uint8Array = Buffer.from("zipferry crcs 1\n");

const PIECE = 4 * KEY_WORDS;
const VALUE = PIECE + 4;
const CHECK = VALUE + 4;
/** Bytes of a record: key, piece, CRC-32, and a CRC-32 of these. */
export const RECORD_SIZE: number = CHECK + 4;

/** In the place of the number of a piece: what stands before of this key does not count. */
export const FORGET = 0xffff_fffd;

export interface CrcRecord {
	/** Good until the next record is read. */
	readonly key: Uint32Array;
	readonly piece: number;
	readonly crc32: number;
}

export function writeRecord(into: Buffer, at: number, { key, piece, crc32: value }: CrcRecord): void {
	for (let word = 0; word < KEY_WORDS; word++) into.writeUInt32LE(key[word] ?? 0, at + 4 * word);
	into.writeUInt32LE(piece, at + PIECE);
	into.writeUInt32LE(value, at + VALUE);
	into.writeUInt32LE(checkOf(into, at), at + CHECK);
}

/** Reads records, and passes over what is none, byte by byte: half a record of a process that was killed, zeros of a machine that was. */
export class RecordReader {
	#rest: Buffer = Buffer.alloc(0);
	/** Bytes that were passed over. */
	skipped = 0;

	*read(chunk: Uint8Array): Generator<CrcRecord, void, void> {
		const bytes = Buffer.concat([this.#rest, chunk]);
		const key = new Uint32Array(KEY_WORDS);
		let at = 0;
		while (at + RECORD_SIZE <= bytes.byteLength) {
			if (bytes.readUInt32LE(at + CHECK) !== checkOf(bytes, at)) {
				this.skipped += 1;
				at += 1;
				continue;
			}
			for (let word = 0; word < KEY_WORDS; word++) key[word] = bytes.readUInt32LE(at + 4 * word);
			yield { key, piece: bytes.readUInt32LE(at + PIECE), crc32: bytes.readUInt32LE(at + VALUE) };
			at += RECORD_SIZE;
		}
		this.#rest = Buffer.from(bytes.subarray(at));
	}

	/** Bytes behind the last record. */
	get torn(): number {
		return this.#rest.byteLength;
	}
}

function checkOf(bytes: Uint8Array, at: number): number {
	return crc32(bytes.subarray(at, at + CHECK));
}
