import { UnfitUploadError } from "../incomplete/unfit-upload.ts";
import type { PutRequest } from "../put/transport.ts";
import { type CompletedPart, type PartHash, receiptOfListed } from "./completed-part.ts";

/** The parts that an upload held when this run took it over: which of them need not be sent. */
export class ListedParts {
	readonly #request: Pick<PutRequest, "resume" | "object" | "onOpaqueParts">;

	constructor(request: Pick<PutRequest, "resume" | "object" | "onOpaqueParts">) {
		this.#request = request;
	}

	/** The receipt of a part that is there with these very bytes. */
	receiptOf(partNumber: number, size: number, hash: PartHash): CompletedPart | undefined {
		const { resume, object } = this.#request;
		// No list of parts tells how an upload is encrypted; only the answer to a part does.
		if (object.sse !== undefined && partNumber === 1) return undefined;
		const listed = resume?.parts.get(partNumber);
		return listed && receiptOfListed(hash, size, listed);
	}

	/**
	 * Looks at the answer to a part that was sent.
	 *
	 * @param encryption - How the storage encrypts it.
	 * @throws {UnfitUploadError} if the upload was begun with another encryption than is asked for.
	 */
	checkAnswer(
		partNumber: number,
		size: number,
		encryption: string | undefined,
		receipt: CompletedPart,
	): void {
		const { resume, object, onOpaqueParts } = this.#request;
		if (resume === undefined) return;
		if (object.sse !== undefined && encryption !== object.sse)
			throw new UnfitUploadError(`it was begun with ${encryption ?? "no"} encryption, not ${object.sse}`);
		const comparable = receipt.md5 !== undefined || receipt.crc32 !== undefined;
		if (resume.parts.get(partNumber)?.size === size && !comparable) onOpaqueParts();
	}
}
