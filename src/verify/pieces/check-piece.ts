import { KiB, MiB } from "../../bytes/units.ts";
import { decompress, decompressNow } from "../../reader/decompress.ts";
import { type EntryFacts, FLAG } from "../../reader/entry.ts";
import { guessDataStart, readLocalHeader } from "../../reader/local-header.ts";
import { needsOtherNode } from "../../reader/methods.ts";
import type { ArchiveStructure, Findings } from "../finding.ts";
import { bytes } from "../layout.ts";
import { hasOwnForm, type OwnRecords, ownRecords } from "../own-entry.ts";
import { descriptorFlaw } from "./descriptor.ts";
import type { Depth } from "./fetch-pieces.ts";
import type { Piece } from "./pieces.ts";
import type { RunWindow } from "./run-window.ts";

/** Data up to this size is decompressed at once. */
const AT_ONCE = MiB;
/** Bytes of a local header at most are two times 64 KiB and a bit. */
const LONGEST_HEADER = 129 * KiB;

/** What was looked at. */
interface CheckCounts {
	headerCount: number;
	contentCount: number;
	/** Uncompressed bytes. */
	contentSize: number;
}

/** How pieces are checked. */
export interface CheckContext {
	readonly location: string;
	readonly findings: Findings;
	readonly counts: CheckCounts;
	readonly depth: Depth;
	/** Whether most entries are zipferry's, so that its records are known byte by byte. */
	readonly isOwn: boolean;
}

/** Checks the local header of an entry, its data if that is wanted, and what is behind it. */
export class PieceCheck {
	readonly #context: CheckContext;
	readonly #window: RunWindow;

	constructor(context: CheckContext, window: RunWindow) {
		this.#context = context;
		this.#window = window;
	}

	/** Checks a piece that is there, as a rule without waiting. */
	check({ entry, next }: Piece): Promise<void> | undefined {
		const own = this.#context.isOwn && hasOwnForm(entry) ? ownRecords(entry) : undefined;
		const wanted = Math.min(next, guessDataStart(entry));
		const head = this.#window.ready(entry.offset, wanted);
		if (head === undefined) return this.#checkSlowly({ entry, next }, own);
		const length = this.#headerLength(entry, head, own);
		if (length === "longer") return this.#checkSlowly({ entry, next }, own);
		if (length === undefined || this.#context.depth === "header") return undefined;
		const all = next - entry.offset <= AT_ONCE ? this.#window.ready(entry.offset, next) : undefined;
		if (all === undefined) return this.#checkRest({ entry, next }, length, own);
		if (!this.#hasRoom({ entry, next }, length)) return undefined;
		const dataEnd = length + entry.compressedSize;
		if (this.#context.depth === "data") this.#checkNow(entry, all.subarray(length, dataEnd));
		this.#checkBehind(entry, all.subarray(dataEnd), entry.offset + dataEnd, own);
		return undefined;
	}

	async #checkSlowly(piece: Piece, own: OwnChoice | undefined): Promise<void> {
		const { entry, next } = piece;
		const head = await this.#window.bytes(
			entry.offset,
			Math.min(next, entry.offset + LONGEST_HEADER, guessDataStart(entry)),
		);
		let length = this.#headerLength(entry, head, own);
		if (length === "longer") {
			const longer = await this.#window.bytes(entry.offset, Math.min(next, entry.offset + LONGEST_HEADER));
			length = this.#headerLength(entry, longer, own);
			if (length === "longer")
				this.#add("local-header", entry, entry.offset, "has a local header that is cut off");
		}
		if (typeof length === "number" && this.#context.depth !== "header")
			await this.#checkRest(piece, length, own);
	}

	/** @returns `undefined` if it is damaged, and nothing tells where the data begins. */
	#headerLength(
		entry: EntryFacts,
		head: Uint8Array,
		own: OwnChoice | undefined,
	): number | "longer" | undefined {
		const { location, findings, counts } = this.#context;
		try {
			const header = readLocalHeader(location, entry, head, 0);
			if ("needed" in header) return "longer";
			counts.headerCount++;
			const found = head.subarray(0, header.length);
			if (own === undefined) return header.length;
			const same = matching(own, found);
			if (same === undefined)
				this.#add("local-header", entry, entry.offset, "has a local header that does not fit the directory");
			return (same ?? own[0]).localHeader.byteLength;
		} catch (error) {
			counts.headerCount++;
			findings.addError("local-header", error);
			return own?.[0].localHeader.byteLength;
		}
	}

	#hasRoom({ entry, next }: Piece, length: number): boolean {
		const missing = entry.offset + length + entry.compressedSize - next;
		if (missing <= 0) return true;
		this.#add("layout", entry, entry.offset, `overlaps what follows it by ${bytes(missing)}`);
		return false;
	}

	async #checkRest(piece: Piece, length: number, own: OwnChoice | undefined): Promise<void> {
		if (!this.#hasRoom(piece, length)) return;
		const { entry, next } = piece;
		const dataStart = entry.offset + length;
		const dataEnd = dataStart + entry.compressedSize;
		if (this.#context.depth === "data") await this.#checkStream(entry, dataStart, dataEnd);
		this.#checkBehind(entry, await this.#window.bytes(dataEnd, next), dataEnd, own);
	}

	#checkNow(entry: EntryFacts, data: Uint8Array): void {
		try {
			decompressNow(this.#context.location, entry, data);
			this.#countContent(entry);
		} catch (error) {
			this.#addDataError(entry, error);
		}
	}

	async #checkStream(entry: EntryFacts, start: number, end: number): Promise<void> {
		try {
			const chunks = this.#window.chunks(start, end);
			for await (const _ of decompress(this.#context.location, entry, chunks)) {
				// Its CRC-32 is computed on the way.
			}
			this.#countContent(entry);
		} catch (error) {
			this.#addDataError(entry, error);
		}
	}

	/** @throws what says nothing about the archive. */
	#addDataError(entry: EntryFacts, error: unknown): void {
		if (needsOtherNode(entry)) throw error;
		this.#context.findings.addError("data", error);
	}

	#countContent({ uncompressedSize }: EntryFacts): void {
		this.#context.counts.contentCount++;
		this.#context.counts.contentSize += uncompressedSize;
	}

	#checkBehind(entry: EntryFacts, found: Uint8Array, offset: number, own: OwnChoice | undefined): void {
		if (own !== undefined) {
			const fits = own.some((records) => records !== undefined && equal(records.dataDescriptor, found));
			if (fits) return;
			const [{ dataDescriptor }] = own;
			if (dataDescriptor.byteLength > 0)
				this.#add("data-descriptor", entry, offset, "has a data descriptor that does not fit the directory");
			else
				this.#add(
					"layout",
					entry,
					offset,
					`is followed by ${bytes(found.byteLength)} that belong to no entry`,
				);
			return;
		}
		const flaw = descriptorFlaw(entry, found, (entry.flags & FLAG.dataDescriptor) !== 0);
		if (flaw !== undefined) this.#add(flaw.structure, entry, offset, flaw.message);
	}

	#add(structure: ArchiveStructure, { name }: EntryFacts, offset: number, message: string): void {
		this.#context.findings.add({ structure, entryName: name, offset, message });
	}
}

type OwnChoice = readonly [OwnRecords, OwnRecords?];

function matching(own: OwnChoice, header: Uint8Array): OwnRecords | undefined {
	return own.find((records) => records !== undefined && equal(records.localHeader, header));
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
	return Buffer.compare(one, other) === 0;
}
