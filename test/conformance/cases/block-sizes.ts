import { createCipheriv } from "node:crypto";
import type { MethodChoice } from "../../../src/index.ts";
import type { Case } from "./case.ts";
import { type GeneratedItem, generatedCase } from "./generated-case.ts";

const BLOCK = 2 ** 20;
const FITS = [BLOCK - 1, BLOCK];
const BEYOND = [BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 1];

function text(size: number): Buffer {
	return Buffer.alloc(size, "A line of text that compresses well.\n");
}

function noise(size: number): Buffer {
	return createCipheriv("aes-128-ctr", Buffer.alloc(16, 1), Buffer.alloc(16)).update(Buffer.alloc(size));
}

function items(sizes: readonly number[], sizeUnknown: boolean): GeneratedItem[] {
	return sizes.flatMap((size) => [
		{ name: `text-${size}`, content: text(size), sizeUnknown },
		{ name: `noise-${size}`, content: noise(size), sizeUnknown },
		{ name: `tail-${size}`, content: "small, behind a large one" },
	]);
}

function blockCases(method: MethodChoice): Case[] {
	const options = { options: { method } };
	const quick = { ...options, grade: "quick" } as const;
	return [
		generatedCase(`up to one block, ${method}`, items(FITS, false), method === "auto" ? quick : options),
		generatedCase(`up to one block, unknown size, ${method}`, items(FITS, true), options),
		generatedCase(`above one block, ${method}`, items(BEYOND, false), options),
		generatedCase(
			`above one block, unknown size, ${method}`,
			items(BEYOND, true),
			method === "store" ? options : quick,
		),
	];
}

/** An entry is cut into blocks of 1 MiB; what is longer than one has its sizes behind its data. */
export const BLOCK_SIZES: readonly Case[] = (["store", "deflate", "auto"] as const).flatMap(blockCases);
