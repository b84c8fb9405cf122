import { crc32 } from "../../bytes/crc32.ts";
import type { ChosenData } from "../blocks/smallest-data.ts";
import { centralHeader, entryHeader } from "../entry-header.ts";
import { localFileHeader } from "../format/records.ts";
import type { RunPiece, WholeEntry } from "./run-request.ts";

/** Lays out entries in memory as an archive has them, and their part of the central directory behind. */
export class RunWriter {
	readonly #memory: Uint8Array;
	readonly #pieces: RunPiece[] = [];
	readonly #headers: Uint8Array[] = [];
	/** Bytes of all headers for the central directory. */
	#directorySize = 0;
	/** Bytes of local headers and data. */
	#size = 0;
	/** The piece that grows. */
	#entryCount = 0;
	#start = 0;
	#directoryStart = 0;
	#contentSize = 0;

	constructor(memory: Uint8Array) {
		this.#memory = memory;
	}

	/** Bytes that are left. */
	get room(): number {
		return this.#memory.byteLength - this.#size - this.#directorySize;
	}

	/** @returns `false`, with nothing added, if the memory is too small for what is there and this. */
	add({ name, kind, mtimeMs, mode, bytes }: WholeEntry, { method, data }: ChosenData): boolean {
		const size = bytes.byteLength;
		const totals = { crc32: crc32(bytes), compressedSize: data.byteLength, uncompressedSize: size };
		const described = { entry: { name, kind, comment: undefined }, mtimeMs, mode, size };
		const header = entryHeader(described, method, true);
		const local = localFileHeader(header, totals);
		const central = centralHeader(described, header, totals, this.#size - this.#start);
		const end = this.#size + local.byteLength + data.byteLength;
		if (end + this.#directorySize + central.byteLength > this.#memory.byteLength) return false;
		this.#memory.set(local, this.#size);
		this.#memory.set(data, this.#size + local.byteLength);
		this.#headers.push(central);
		this.#size = end;
		this.#directorySize += central.byteLength;
		this.#contentSize += size;
		this.#entryCount += 1;
		return true;
	}

	/** Ends a piece; what is added from now on is behind something else. */
	cut(): void {
		this.#pieces.push({
			entryCount: this.#entryCount,
			size: this.#size - this.#start,
			directorySize: this.#directorySize - this.#directoryStart,
			contentSize: this.#contentSize,
		});
		this.#start = this.#size;
		this.#directoryStart = this.#directorySize;
		this.#entryCount = this.#contentSize = 0;
	}

	/** All pieces, with their part of the central directory in the memory. */
	finish(): readonly RunPiece[] {
		this.cut();
		let end = this.#size;
		for (const header of this.#headers) {
			this.#memory.set(header, end);
			end += header.byteLength;
		}
		return this.#pieces;
	}
}
