import { crc32 } from "../../bytes/crc32.ts";
import { encodeCrc32 } from "../../s3/object-proof.ts";
import type { CompletedPart } from "../parts/completed-part.ts";
import { CompletedParts } from "../parts/completed-parts.ts";
import type { ObjectRange } from "../parts/object-range.ts";
import type { Expectation } from "./proof.ts";

/** The bytes of an object that were sent so far, which the storage must hold in the end. */
export class SentObject {
	readonly parts: CompletedParts = new CompletedParts();
	readonly #checksums: boolean;
	#crc32 = 0;
	/** One range of each object that parts were copied from. */
	readonly #sources = new Map<string, ObjectRange>();
	#copiedSize = 0;
	/** Size and ETag of an object that is sent in one request. */
	#whole: Pick<Expectation, "size" | "etag"> | undefined;

	/** Others have sent parts of it, whose bytes nobody here sees. */
	readonly #hasOthers: boolean;

	/**
	 * @param checksums - Whether the storage keeps them.
	 * @param others - Parts of it that others have sent.
	 */
	constructor(checksums: boolean, others?: readonly CompletedPart[] | undefined) {
		this.#checksums = checksums;
		this.#hasOthers = others !== undefined;
		for (const part of others ?? []) this.parts.add(part);
	}

	/** Sees the bytes of the object in their order. */
	observe(chunk: Uint8Array): void {
		if (this.#checksums) this.#crc32 = crc32(chunk, this.#crc32);
	}

	addCopied(part: CompletedPart, range: ObjectRange): void {
		this.#copiedSize += part.size;
		this.#sources.set(JSON.stringify([range.source, range.etag]), range);
		this.parts.add(part);
	}

	/** One range of each object that parts were copied from. */
	get sources(): readonly ObjectRange[] {
		return [...this.#sources.values()];
	}

	/** It is sent in one request: known before that is confirmed, and better afterwards. */
	sendWhole(whole: Pick<Expectation, "size" | "etag">): void {
		this.#whole = whole;
	}

	get isWhole(): boolean {
		return this.#whole !== undefined;
	}

	/** Bytes that were sent. */
	get size(): number {
		return (this.#whole ?? this.parts).size;
	}

	/** Bytes of these that the storage has copied. */
	get copiedSize(): number {
		return this.#copiedSize;
	}

	/** The object that the storage must hold if this is all. */
	get expectation(): Expectation {
		const { size, etag } = this.#whole ?? this.parts;
		return { size, etag, crc32: this.#checksums ? this.#wholeCrc32 : undefined };
	}

	/** Computed over the bytes as they came; combined from those of the parts if some came otherwise. */
	get #wholeCrc32(): string | undefined {
		return this.#sources.size > 0 || this.#hasOthers ? this.parts.crc32 : encodeCrc32(this.#crc32);
	}
}
