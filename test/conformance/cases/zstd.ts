import { noise } from "../../support/bytes.ts";
import type { Case } from "./case.ts";
import { type GeneratedItem, generatedCase } from "./generated-case.ts";

const BLOCK = 2 ** 20;

function items(sizes: readonly number[], sizeUnknown = false): GeneratedItem[] {
	return sizes.flatMap((size) => [
		{
			name: `text-${size}`,
			content: Buffer.alloc(size, "A line of text that compresses well.\n"),
			sizeUnknown,
		},
		{ name: `noise-${size}`, content: noise(size), sizeUnknown },
	]);
}

const OPTIONS = { options: { method: "zstd" }, needsZstd: true } as const;

/** Frames of Zstandard: short ones, of which everything is known, and long ones, with their sizes behind them. */
export const ZSTD: readonly Case[] = [
	generatedCase("up to one block, zstd", items([500, BLOCK]), { ...OPTIONS, grade: "quick" }),
	generatedCase("above one block, zstd", items([BLOCK + 1, 9 * BLOCK]), { ...OPTIONS, grade: "quick" }),
	generatedCase("above one block, unknown size, zstd", items([BLOCK + 1], true), OPTIONS),
];
