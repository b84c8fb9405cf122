import type { PlacedEntry } from "../target.ts";
import { restoredMode } from "./modes.ts";
import type { TargetTree } from "./target-tree.ts";

/** Bytes of a block of paths. */
const BLOCK_SIZE = 256 * 1024;

interface Block {
	readonly paths: Buffer;
	used: number;
	/** Where each path begins, its depth, its permissions or -1, its time in seconds. */
	readonly facts: number[];
}

const FACTS = 4;

/**
 * Times and permissions that directories get at the end, when nothing is put into them any more. Their paths are packed: a
 * directory takes its path and some 40 bytes.
 */
export class DirectoryEnds {
	readonly #preserveModes: boolean;
	readonly #blocks: Block[] = [];
	#deepest = 0;

	constructor(preserveModes: boolean) {
		this.#preserveModes = preserveModes;
	}

	add({ path, mode, mtime }: PlacedEntry): void {
		let block = this.#blocks.at(-1);
		if (block === undefined || block.used + path.length > block.paths.byteLength) {
			block = { paths: Buffer.allocUnsafeSlow(Math.max(BLOCK_SIZE, path.length)), used: 0, facts: [] };
			this.#blocks.push(block);
		}
		const depth = path.split("/").length;
		this.#deepest = Math.max(this.#deepest, depth);
		block.facts.push(
			block.used,
			depth,
			restoredMode(mode, this.#preserveModes) ?? -1,
			mtime.getTime() / 1000,
		);
		block.used += block.paths.write(path, block.used, "latin1");
	}

	/** Sets them, the deepest first: a directory may become one that nothing can be changed in. */
	apply(tree: TargetTree, signal: AbortSignal | undefined): void {
		for (let depth = this.#deepest; depth > 0; depth -= 1)
			for (const { paths, used, facts } of this.#blocks)
				for (let at = 0; at < facts.length; at += FACTS) {
					if (facts[at + 1] !== depth) continue;
					signal?.throwIfAborted();
					const path = paths.toString("latin1", facts[at], facts[at + FACTS] ?? used);
					const mode = facts[at + 2] ?? -1;
					tree.finish(path, mode < 0 ? undefined : mode, facts[at + 3] ?? 0);
				}
	}
}
