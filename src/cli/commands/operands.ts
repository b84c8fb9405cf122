import { InvalidOptionError } from "../../errors.ts";

/** A word of the command line that is no option. */
interface Operand {
	/** How it is shown: `<source..>`, `<s3-url>`. */
	readonly shown: string;
	/** Takes all words that the operands behind it leave, one at least. Only the first one may. */
	readonly many?: true;
	/** Takes all words that are left, none as well. Only the last one may, where none takes many. */
	readonly rest?: true;
}

/** In their order. */
export type OperandTable = Readonly<Record<string, Operand>>;

export type OperandValues<Table extends OperandTable> = {
	readonly [Name in keyof Table]: Table[Name] extends { readonly many: true } | { readonly rest: true }
		? readonly string[]
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
	const rest = operands.at(-1)?.[1].rest === true;
	const spare = words.length - operands.length + (rest ? 1 : 0);
	const need = needOf(operands.filter(([, operand]) => operand.rest !== true).map(([, { shown }]) => shown));
	if (spare < 0) throw new InvalidOptionError(`${need}: ${example}`);
	if (spare > 0 && !many && !rest)
		throw new InvalidOptionError(`"${words[operands.length]}" is one too many, only ${need}: ${example}`);
	const values = operands.map(([name, operand], index) => {
		if (operand.many === true) return [name, words.slice(0, spare + 1)];
		return [name, operand.rest === true ? words.slice(index) : words[index + (many ? spare : 0)]];
	});
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
