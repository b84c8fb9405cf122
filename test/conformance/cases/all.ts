import { hasZstd } from "../../support/zstd.ts";
import { BLOCK_SIZES } from "./block-sizes.ts";
import type { Case, Grade } from "./case.ts";
import { COMMENTS } from "./comments.ts";
import { COUNTS } from "./counts.ts";
import { KINDS } from "./kinds.ts";
import { LARGE } from "./large.ts";
import { MODES } from "./modes.ts";
import { MTIMES } from "./mtimes.ts";
import { ENTRY_NAMES } from "./names.ts";
import { ROLLED } from "./rolled.ts";
import { ZSTD } from "./zstd.ts";

/** In the order of the table. */
export const CASES: readonly Case[] = [
	...KINDS,
	...MODES,
	...MTIMES,
	...ENTRY_NAMES,
	...BLOCK_SIZES,
	...ZSTD,
	...COMMENTS,
	...ROLLED,
	...COUNTS,
	...LARGE,
];

const GRADES: readonly Grade[] = ["quick", "small", "ci", "big"];

/** The cases of a grade and of the grades below it. */
export function casesUpTo(grade: Grade): readonly Case[] {
	return CASES.filter((one) => GRADES.indexOf(one.grade) <= GRADES.indexOf(grade));
}

/** Whether this Node can make its archive. */
export function canMake({ needsZstd = false }: Case): boolean {
	return hasZstd || !needsZstd;
}
