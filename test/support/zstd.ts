import { nodeZstd } from "../../src/bytes/zstd/node-zstd.js";
import { METHOD_CHOICES, type MethodChoice } from "../../src/zip/entry.ts";
import { hex } from "./bytes.ts";

export const hasZstd: boolean = nodeZstd !== undefined;

/** For titles of tests that are skipped without it. */
export const IF_ZSTD: string = hasZstd ? "" : " (skipped: this Node has no zstd)";

/** The methods that this Node has. */
export const METHODS_HERE: readonly MethodChoice[] = METHOD_CHOICES.filter(
	(method) => method !== "zstd" || hasZstd,
);

/** A frame as the zstd tool makes it, with checksum. */
export const HELLO = "hello hello hello hello";
export const HELLO_FRAME: Buffer = hex(
	"28b52ffd",
	"24",
	"17",
	"650000",
	"3068656c6c6f20",
	"0100994b11",
	"175eae0d",
);
