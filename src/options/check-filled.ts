import { OptionValueError } from "../errors.ts";

/**
 * Refuses empty text: it is what a variable that nobody has set leaves, and would count as an option that
 * was not given, or as a value that no one has.
 *
 * @throws {OptionValueError}
 */
export function checkFilled<Name extends string>(
	options: Readonly<Partial<Record<Name, string | undefined>>>,
	names: readonly Name[],
): void {
	for (const name of names)
		if (options[name] === "") throw new OptionValueError(name, "is empty; is a variable unset?");
}
