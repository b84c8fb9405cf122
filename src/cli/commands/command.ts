import { checkNeeds } from "../arguments/check-needs.ts";
import { asTyped } from "../arguments/typed-value.ts";
import type { OwnExit } from "../exit-codes.ts";
import type { OptionTable, Settings, Values } from "../options/option.ts";
import { type RawValues, readValues, settingsOf } from "../options/read-values.ts";
import type { Io } from "../terminal/io.ts";
import { type OperandTable, type OperandValues, type OperandWords, readOperands } from "./operands.ts";

/** Groups of commands in the help, in this order. */
export const COMMAND_GROUPS = ["write", "read", "backup", "storage", "workers", "about"] as const;

/** The arguments of a command. */
export interface Given<Options extends OptionTable, Operands> {
	readonly operands: Operands;
	/** Options by their names on the command line. */
	readonly values: Values<Options>;
	/** Those that set an option of the library, by its name there. */
	readonly settings: Settings<Options>;
}

/**
 * Everything there is to say about a command: the parser, the help, the manual, the completion of shells and
 * suggestions are made from it.
 */
interface CommandRecord<Options extends OptionTable, Operands extends OperandTable> {
	readonly name: string;
	readonly group: (typeof COMMAND_GROUPS)[number];
	/** One line for the list of commands. */
	readonly summary: string;
	/** Further lines of its own help. */
	readonly description: string;
	readonly operands: Operands;
	readonly options: Options;
	/** The options that most people need, at most ten, most needed first; the rest follows in groups. */
	readonly common?: readonly (keyof Options & string)[];
	/** Command lines, and what each does. The first one is shown with errors about operands. */
	readonly examples: readonly [Example, ...Example[]];
	/** The meaning of exit code 0. */
	readonly success: string;
	/** Whether it runs until a signal comes, and has done well then. */
	readonly endsOnSignal?: boolean;
	/** Exit codes besides those that every command has, with what they mean here if that is special. */
	readonly exitCodes: readonly OwnExit[];
	/** Loads the code of the command and gives its exit code. */
	run(given: Given<Options, OperandValues<Operands>>, io: Io): Promise<number>;
}

type Example = readonly [line: string, what: string];

/** A command, whatever its options and operands are. */
export interface Command extends Omit<CommandRecord<OptionTable, OperandTable>, "run"> {
	/**
	 * @param typed - Names of the options on the command line, where not all are from there.
	 * @throws {InvalidOptionError} if the arguments make no sense
	 */
	start(operands: OperandWords, options: RawValues, io: Io, typed?: readonly string[]): Promise<number>;
}

export function defineCommand<Options extends OptionTable, const Operands extends OperandTable>(
	record: CommandRecord<Options, Operands>,
): Command {
	return {
		...record,
		async start(words, raw, io, typed = Object.keys(raw)) {
			const given = Object.keys(raw).filter((name) => raw[name] !== undefined && raw[name] !== false);
			const operands = readOperands(record.operands, words, exampleOf(record, given), given);
			const values = readValues(record.options, raw);
			checkNeeds(record.options, typed, values);
			try {
				return await record.run({ operands, values, settings: settingsOf(record.options, values) }, io);
			} catch (error) {
				throw asTyped(error, record.options, raw);
			}
		},
	};
}

/** The first example, or the one of an option that gives operands another meaning. */
function exampleOf(
	{ operands, examples }: Pick<Command, "operands" | "examples">,
	given: readonly string[],
): string {
	const special = Object.values(operands).flatMap(({ shownWith = {} }) => Object.keys(shownWith));
	const name = special.find((option) => given.includes(option));
	const [line] =
		examples.find(([words]) => name !== undefined && words.includes(`--${name} `)) ?? examples[0];
	return line;
}
