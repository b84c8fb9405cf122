import { InvalidOptionError } from "../../errors.ts";

/** A word of the command line that is no option. */
interface Operand {
	/** How it is shown: `<source..>`, `<s3-url>`. */
	readonly shown: string;
	/** Takes all words that the others leave, one at least. Only one may. */
	readonly many?: true;
	/** May be left out. Only the last one may; one that takes many gets none then. */
	readonly optional?: true;
	/** What it is if one of these options is given, by its name: `<plan>`. */
	readonly shownWith?: Readonly<Record<string, string>>;
	/** Options that name more of the same: with one of them, there may be no word. For the one that takes many. */
	readonly orOptions?: readonly string[];
	/** Takes all words behind `--` if this flag is given, and gets none otherwise. */
	readonly behind?: string;
	/** What it can be, for shells that complete it; topics are what the help can tell: commands and more. */
	readonly completes?: "files" | "commands" | "second-words" | "topics" | readonly string[];
}

/** In their order. */
export type OperandTable = Readonly<Record<string, Operand>>;

export type OperandValues<Table extends OperandTable> = {
	readonly [Name in keyof Table]: Table[Name] extends { readonly many: true } | { readonly behind: string }
		? readonly string[]
		: Table[Name] extends { readonly optional: true }
			? string | undefined
			: string;
};

/** The words of a command line that are no options. */
export interface OperandWords {
	readonly words: readonly string[];
	/** Those behind `--`. */
	readonly behind: readonly string[];
}

/**
 * Gives every word to its operand.
 *
 * @param given - Names of the options that were given.
 * @throws {InvalidOptionError} if there are too few, or too many
 */
export function readOperands<Table extends OperandTable>(
	table: Table,
	typed: OperandWords,
	example: string,
	given: readonly string[] = [],
): OperandValues<Table> {
	const all = Object.entries(table);
	const command = all.find(([, { behind }]) => behind !== undefined && given.includes(behind));
	if (command !== undefined && typed.behind.length === 0)
		throw new InvalidOptionError(`--${command[1].behind} needs a command behind --, as in … -- pg_dump shop`);
	const meant = command === undefined && all.find(([, { behind }]) => behind !== undefined);
	if (meant && endsInBucket(typed.words) && !endsInBucket(typed.behind) && typed.behind.length > 0)
		throw new InvalidOptionError(`a command behind -- needs --${meant[1].behind}`);
	const words = command === undefined ? [...typed.words, ...typed.behind] : typed.words;
	const operands = all.filter(([, { behind }]) => behind === undefined);
	const many = operands.findIndex(([, operand]) => operand.many === true);
	const spare = words.length - operands.length;
	const [mayBeLeft, needed] = partition(operands, ([, { optional, orOptions = [] }]) => {
		return optional === true || orOptions.some((name) => given.includes(name));
	});
	const shownOf = ([, { shown, shownWith = {} }]: (typeof operands)[number]) => {
		const [, instead = shown] = Object.entries(shownWith).find(([name]) => given.includes(name)) ?? [];
		return instead;
	};
	if (spare + mayBeLeft.length < 0)
		throw new InvalidOptionError(`${needOf(needed.map(shownOf))}: ${example}`);
	if (spare > 0 && many < 0) {
		const taken = needed.length > 0 ? `only ${needOf(needed.map(shownOf))}` : noneOf(operands.map(shownOf));
		throw new InvalidOptionError(`"${words[operands.length]}" is one too many, ${taken}: ${example}`);
	}
	const values = operands.map(([name], index) => {
		if (index === many) return [name, words.slice(index, index + spare + 1)];
		return [name, words[many >= 0 && index > many ? index + spare : index]];
	});
	const behind = all.flatMap(([name, operand]) =>
		operand.behind === undefined ? [] : [[name, command?.[0] === name ? typed.behind : []]],
	);
	return Object.fromEntries([...values, ...behind]) as OperandValues<Table>; // as many as there are names
}

/** Whether they are complete without words behind them. */
function endsInBucket(words: readonly string[]): boolean {
	return /^s3:\/\//i.test(words.at(-1) ?? "");
}

export function usageOf(table: OperandTable): string {
	return Object.values(table)
		.map(({ shown }) => shown)
		.join(" ");
}

function partition<Value>(values: readonly Value[], isFirst: (value: Value) => boolean): [Value[], Value[]] {
	return [values.filter(isFirst), values.filter((value) => !isFirst(value))];
}

function noneOf(shown: readonly string[]): string {
	return shown.length === 0 ? "as there are only options" : `only ${shown.join(" and ")} may be given`;
}

function needOf(shown: readonly string[]): string {
	return `${shown.join(" and ")} ${shown.length === 1 ? "is" : "are"} needed`;
}
