import { InvalidOptionError } from "../../errors.ts";

/** A word of the command line that is no option. */
interface Operand {
	/** How it is shown: `<source..>`, `<s3-url>`. */
	readonly shown: string;
	/** Takes all words that the operands behind it leave, one at least. Only the first one may. */
	readonly many?: true;
	/** Options that name more of the same: with one of them, there may be no word. For the one that takes many. */
	readonly orOptions?: readonly string[];
}

/** In their order. */
export type OperandTable = Readonly<Record<string, Operand>>;

export type OperandValues<Table extends OperandTable> = {
	readonly [Name in keyof Table]: Table[Name] extends { readonly many: true } ? readonly string[] : string;
};

/**
 * Gives every word to its operand.
 *
 * @param given - Names of the options that were given.
 * @throws {InvalidOptionError} if there are too few, or too many
 */
export function readOperands<Table extends OperandTable>(
	table: Table,
	words: readonly string[],
	example: string,
	given: readonly string[] = [],
): OperandValues<Table> {
	const operands = Object.entries(table);
	const many = operands[0]?.[1].many === true;
	const spare = words.length - operands.length;
	const need = needOf(operands.map(([, { shown }]) => shown));
	const mayBeNone = operands[0]?.[1].orOptions?.some((name) => given.includes(name)) === true;
	if (spare < (mayBeNone ? -1 : 0)) throw new InvalidOptionError(`${need}: ${example}`);
	if (spare > 0 && !many)
		throw new InvalidOptionError(`"${words[operands.length]}" is one too many, only ${need}: ${example}`);
	const values = operands.map(([name, operand], index) => [
		name,
		operand.many === true ? words.slice(0, spare + 1) : words[index + (many ? spare : 0)],
	]);
	return Object.fromEntries(values) as OperandValues<Table>; // as many as there are names
}

export function usageOf(table: OperandTable): string {
	return Object.values(table)
		.map(({ shown }) => shown)
		.join(" ");
}

function needOf(shown: readonly string[]): string {
	return `${shown.join(" and ")} ${shown.length === 1 ? "is" : "are"} needed`;
}
