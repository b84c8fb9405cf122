import { UnfitUploadError } from "../incomplete/unfit-upload.ts";
import type { ListedPart } from "../incomplete/uploaded-parts.ts";
import { type CompletedPart, type PartHash, proofOfListed } from "./completed-part.ts";

/** The parts that an upload held when this run resumed it. */
export interface EarlierUpload {
	/** By part number. */
	readonly parts: ReadonlyMap<number, ListedPart>;
}

/** The parts of an earlier run: which of them need not be sent again. */
export class ReusableParts {
	readonly #listed: ReadonlyMap<number, ListedPart> | undefined;
	readonly #sse: string | undefined;

	/**
	 * @param upload - The upload that is resumed, if there is one.
	 * @param sse - The encryption that is asked for.
	 */
	constructor(upload: EarlierUpload | undefined, sse: string | undefined) {
		this.#listed = upload?.parts;
		this.#sse = sse;
	}

	/** A part that is there with these very bytes; `undefined` if it has to be sent. */
	find(partNumber: number, size: number, hash: PartHash): CompletedPart | undefined {
		// No list of parts tells how an upload is encrypted; only the answer to a part does.
		if (this.#sse !== undefined && partNumber === 1) return undefined;
		const listed = this.#listed?.get(partNumber);
		const proof = listed && proofOfListed(hash, size, listed);
		return proof && { partNumber, size, ...proof };
	}

	/**
	 * Looks at a part that had to be sent to an upload that is resumed.
	 *
	 * @param encryption - How the storage encrypts it.
	 * @returns whether it had to be sent only because nothing tells what the one there holds
	 * @throws {UnfitUploadError} if the upload was started with another encryption than is asked for.
	 */
	checkSent({ partNumber, size, md5, crc32 }: CompletedPart, encryption: string | undefined): boolean {
		if (this.#listed === undefined) return false;
		if (this.#sse !== undefined && encryption !== this.#sse)
			throw new UnfitUploadError(`it was started with ${encryption ?? "no"} encryption, not ${this.#sse}`);
		return this.#listed.get(partNumber)?.size === size && md5 === undefined && crc32 === undefined;
	}

	/** All that the upload holds now: these, and what was sent since. */
	heldWith(completed: Iterable<CompletedPart>): { readonly partCount: number; readonly size: number } {
		const sizes = new Map<number, number>();
		for (const [partNumber, { size }] of this.#listed ?? []) sizes.set(partNumber, size);
		for (const { partNumber, size } of completed) sizes.set(partNumber, size);
		return { partCount: sizes.size, size: [...sizes.values()].reduce((sum, size) => sum + size, 0) };
	}
}
