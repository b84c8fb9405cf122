import { createHash } from "node:crypto";
import { combineCrc32 } from "../../bytes/combine-crc32.ts";
import type { ListedPart } from "../incomplete/uploaded-parts.ts";
import type { ResumedParts } from "../put/transport.ts";
import type { CompletedPart } from "./completed-part.ts";

/** What is known of the parts of an upload: what this run has confirmed, and what is there besides. */
export class CompletedParts {
	readonly #receipts = new Map<number, CompletedPart>();
	/** Sizes of the parts that the upload holds, also of those that this run has not come to yet. */
	readonly #sizes: Map<number, number>;
	#size = 0;
	#resumed: ResumedParts = { count: 0, size: 0 };

	/** @param listed - What the upload holds from the beginning, by part number. */
	constructor(listed: ReadonlyMap<number, ListedPart> = new Map()) {
		this.#sizes = new Map([...listed].map(([partNumber, { size }]) => [partNumber, size]));
	}

	confirm(partNumber: number, size: number, receipt: CompletedPart): void {
		this.#receipts.set(partNumber, receipt);
		this.#sizes.set(partNumber, size);
		this.#size += size;
	}

	/** As {@link confirm}, of a part that was there and did not have to be sent. */
	confirmListed(partNumber: number, size: number, receipt: CompletedPart): void {
		this.confirm(partNumber, size, receipt);
		this.#resumed = { count: this.#resumed.count + 1, size: this.#resumed.size + size };
	}

	/** Number of parts confirmed by this run. */
	get count(): number {
		return this.#receipts.size;
	}

	/** Bytes of these. */
	get size(): number {
		return this.#size;
	}

	get resumed(): ResumedParts {
		return this.#resumed;
	}

	/** All parts that the upload holds. */
	get held(): { readonly count: number; readonly size: number } {
		return { count: this.#sizes.size, size: [...this.#sizes.values()].reduce((sum, size) => sum + size, 0) };
	}

	/** In the order of their numbers, as Complete wants them. */
	get receipts(): readonly (readonly [number, CompletedPart])[] {
		return [...this.#receipts].sort(([a], [b]) => a - b);
	}

	/** The MD5 of the MD5s of the parts; `undefined` where they are not all known. */
	get etag(): string | undefined {
		const md5s = this.receipts.map(([, { md5 }]) => md5);
		if (md5s.includes(undefined)) return undefined;
		const joined = createHash("md5").update(Buffer.from(md5s.join(""), "hex"));
		return `${joined.digest("hex")}-${md5s.length}`;
	}

	/** CRC-32 of the whole, put together from those of the parts, all of which have to have one. */
	get crc32(): number {
		return combineCrc32(
			this.receipts.map(([partNumber, { crc32 = "" }]) => ({
				crc32: Buffer.from(crc32, "base64").readUInt32BE(),
				size: this.#sizes.get(partNumber) ?? 0,
			})),
		);
	}
}
