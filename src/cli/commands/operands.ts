import { InvalidOptionError } from "../../errors.ts";

/** A word of the command line that is no option. */
interface Operand {
	/** How it is shown: `<source..>`, `<s3-url>`. */
	readonly shown: string;
	/** Takes all words that the operands behind it leave, one at least. Only the first one may. */
	readonly many?: true;
	/** May be left out. Only the last one may, where none takes many. */
	readonly optional?: true;
	/** What it can be, for shells that complete it; topics are what the help can tell: commands and more. */
	readonly completes?: "files" | "commands" | "topics" | readonly string[];
}

/** In their order. */
export type OperandTable = Readonly<Record<string, Operand>>;

export type OperandValues<Table extends OperandTable> = {
	readonly [Name in keyof Table]: Table[Name] extends { readonly many: true }
		? readonly string[]
		: Table[Name] extends { readonly optional: true }
			? string | undefined
			: string;
};

/**
 * Gives every word to its operand.
 *
 * @throws {InvalidOptionError} if there are too few, or too many
 */
export function readOperands<Table extends OperandTable>(
	table: Table,
	words: readonly string[],
	example: string,
): OperandValues<Table> {
	const operands = Object.entries(table);
	const many = operands[0]?.[1].many === true;
	const spare = words.length - operands.length;
	const left = operands.filter(([, { optional }]) => optional === true).length;
	const need = needOf(operands.map(([, { shown }]) => shown));
	if (spare + left < 0) throw new InvalidOptionError(`${need}: ${example}`);
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
