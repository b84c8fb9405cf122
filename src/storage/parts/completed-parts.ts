import { combineCrc32 } from "../../bytes/combine-crc32.ts";
import { InvalidOptionError } from "../../errors.ts";
import { decodeCrc32, encodeCrc32, etagOfParts } from "../../s3/object-proof.ts";
import type { CompletedPart } from "./completed-part.ts";
import { readCompletedPart } from "./read-completed-part.ts";

/** {@link CompletedParts} as JSON. */
export interface CompletedPartsJson {
	/** Version of this format. */
	readonly version: 1;
	/** In the order of their numbers. */
	readonly parts: readonly CompletedPart[];
}

/**
 * The completed parts of one upload: all that is needed to complete it, and to know what the object must be
 * then. As JSON it goes from the process that has sent the parts to the one that completes the upload.
 */
export class CompletedParts {
	readonly #parts = new Map<number, CompletedPart>();
	#size = 0;

	constructor(parts: Iterable<CompletedPart> = []) {
		for (const part of parts) this.add(part);
	}

	/**
	 * Reads what {@link toJSON} has written, maybe in another process.
	 *
	 * @throws {InvalidOptionError} for anything else
	 */
	static fromJSON(json: unknown): CompletedParts {
		return new CompletedParts(readCompletedParts(json));
	}

	/** Notes a part; the last of those with the same number counts, as it does for the storage. */
	add(part: CompletedPart): void {
		this.#size += part.size - (this.#parts.get(part.partNumber)?.size ?? 0);
		this.#parts.set(part.partNumber, part);
	}

	get count(): number {
		return this.#parts.size;
	}

	/** Bytes of all of them. */
	get size(): number {
		return this.#size;
	}

	/** By number, as Complete wants them. */
	get inOrder(): readonly CompletedPart[] {
		return [...this.#parts.values()].sort((a, b) => a.partNumber - b.partNumber);
	}

	/** The ETag of the object: the MD5 of the MD5s of the parts; `undefined` where they are not all known. */
	get etag(): string | undefined {
		const md5s = this.inOrder.flatMap(({ md5 }) => md5 ?? []);
		return md5s.length === this.count ? etagOfParts(md5s) : undefined;
	}

	/** CRC-32 of the object, base64, put together from those of the parts; `undefined` where one has none. */
	get crc32(): string | undefined {
		const parts = this.inOrder;
		if (parts.some(({ crc32 }) => crc32 === undefined)) return undefined;
		return encodeCrc32(
			combineCrc32(parts.map(({ crc32 = "", size }) => ({ crc32: decodeCrc32(crc32), size }))),
		);
	}

	toJSON(): CompletedPartsJson {
		return { version: 1, parts: this.inOrder };
	}
}

function readCompletedParts(json: unknown): CompletedPart[] {
	const { version, parts } = (json ?? {}) as { readonly version?: unknown; readonly parts?: unknown };
	if (version !== 1 || !Array.isArray(parts))
		throw new InvalidOptionError("these are not completed parts of version 1 of their format");
	const seen = new Set<number>();
	return parts.map((value: unknown, index) => {
		const part = readCompletedPart(value, index);
		if (seen.has(part.partNumber))
			throw new InvalidOptionError(`part ${part.partNumber} occurs twice among the completed parts`);
		seen.add(part.partNumber);
		return part;
	});
}
