import * as v from "valibot";
import { text } from "../../options/kinds.ts";
import { checkValue } from "../../options/resolve-options.ts";

const ALLOWED = 'text without "/", "\\" and control characters, and neither "." nor ".."';

/**
 * What stands for a placeholder: one piece of a key, that cannot lead elsewhere.
 *
 * @param option - Whose value it is.
 * @throws {InvalidOptionError}
 */
export function checkPlaceholder(option: "name" | "host", value: string): void {
	const field = v.pipe(
		text(ALLOWED),
		v.regex(/^[^\p{Cc}\p{Surrogate}/\\]+$/u, ALLOWED),
		v.check((value) => value !== "." && value !== "..", ALLOWED),
	);
	checkValue(field, value, option);
}
