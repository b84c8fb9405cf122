import type { ChunkMemory } from "../../bytes/chunk-memory.ts";
import { hashOfName, haveSameName } from "./header-names.ts";
import { NameIndex } from "./name-index.ts";
import { Pages } from "./pages.ts";

/**
 * The central directory as it grows: finished headers, packed into pages, and an index of their names.
 * It is the only part of an archive that has to be kept until the end, so it holds no object per entry:
 * the header, packed once there are many, plus 12 to 24 bytes.
 */
export class CentralDirectory {
	readonly #pages = new Pages();
	#index = new NameIndex(1024);
	/** Bytes. */
	size = 0;

	get entryCount(): number {
		return this.#pages.headerCount;
	}

	/**
	 * Adds one central directory header.
	 *
	 * @param distance - Bytes by which its entry lies further behind than it says.
	 * @returns `false`, with nothing added, if there is an entry of that name already.
	 */
	append(header: Uint8Array, distance = 0): boolean {
		if (this.entryCount * 1.5 >= this.#index.size) this.#index = this.#index.doubled();
		const hash = hashOfName(header, 0);
		const slot = this.#index.find(hash, (entry) => {
			const { page, offset } = this.#pages.locate(entry);
			return haveSameName(page, offset, header, 0);
		});
		if (!this.#index.isFree(slot)) return false;
		this.#index.set(slot, hash, this.entryCount);
		this.size += this.#pages.append(header, distance);
		return true;
	}

	/**
	 * The headers, page by page; nothing can be added meanwhile.
	 *
	 * @param order - The numbers of all of them in their order, which is that in which they were added otherwise.
	 */
	pages(memory: ChunkMemory, order?: Uint32Array): Iterable<Uint8Array> {
		return order === undefined ? this.#pages.all(memory) : this.#pages.inOrder(order, memory);
	}
}
