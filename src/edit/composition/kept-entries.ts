import type { EditedArchive } from "../archives/open-edited.ts";

/** Which entries of archives stay: all, to begin with. */
export class KeptEntries {
	readonly archives: readonly Pick<EditedArchive, "location" | "entries">[];
	/** By the number of the archive, and the place in its directory. */
	readonly #kept: readonly Uint8Array[];
	#leftOutCount = 0;

	constructor(archives: KeptEntries["archives"]) {
		this.archives = archives;
		this.#kept = archives.map(({ entries }) => new Uint8Array(entries.count).fill(1));
	}

	isKept(archive: number, index: number): boolean {
		return this.#kept[archive]?.[index] === 1;
	}

	leaveOut(archive: number, index: number): void {
		const kept = this.#kept[archive];
		if (kept?.[index] !== 1) return;
		kept[index] = 0;
		this.#leftOutCount += 1;
	}

	/** Entries of all archives together. */
	get totalCount(): number {
		return this.archives.reduce((sum, { entries }) => sum + entries.count, 0);
	}

	get leftOutCount(): number {
		return this.#leftOutCount;
	}

	get count(): number {
		return this.totalCount - this.#leftOutCount;
	}
}
