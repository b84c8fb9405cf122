import type { BandwidthLimit } from "../../storage/parts/bandwidth-limit.ts";

/** Groups of options in the help. */
type OptionGroup =
	| "Telling"
	| "Sources"
	| "Remote sources"
	| "Archive"
	| "Extraction"
	| "Serving"
	| "Output"
	| "Storage"
	| "Object"
	| "Base"
	| "Incomplete uploads"
	| "Shards"
	| "Queue"
	| "Backup"
	| "Retention"
	| "Help";

interface Common {
	readonly group: OptionGroup;
	readonly describe: string;
	/** The option of the library that it sets, if it sets one as it is. */
	readonly sets?: string;
	/** One letter. */
	readonly alias?: string;
	/** What stands for its value in the help; by default the last word of its name. Shells complete a `FILE`. */
	readonly value?: string;
	/** What it does nothing without: it is refused then, and not passed over. */
	readonly needs?: Need;
}

/** Another option of the same command. */
interface Need {
	readonly option: string;
	/** Another one that will do. */
	readonly or?: string;
	/** What that has to be; by default anything but its absence. */
	readonly values?: readonly string[];
}

/**
 * An option of the command line, as data: the parser, its `ZIPFERRY_*` variable, the help, the manual, the completion
 * of shells, suggestions and the names of options in messages are all made from it.
 */
export type Option = Common &
	(
		| { readonly kind: "flag" | "text" | "date" | "bandwidth" }
		/** Milliseconds. */
		| { readonly kind: "duration"; readonly default?: number }
		/** A part of a whole, as `5%` or `0.05`. */
		| { readonly kind: "share"; readonly default?: number }
		/** A number; `allowed` says which ones, in words that fit after "must be". */
		| { readonly kind: "number"; readonly allowed?: string | undefined; readonly default?: number }
		/** Bytes. A plain number below `leastPlain`, if there is one, was meant as MiB, and is refused. */
		| { readonly kind: "size"; readonly leastPlain?: number; readonly default?: number }
		| { readonly kind: "choice"; readonly choices: readonly string[]; readonly default?: string }
		/** May be repeated. */
		| { readonly kind: "list" | "pairs" }
	);

/** Options by their names, without the dashes. */
export type OptionTable = Readonly<Record<string, Option>>;

/** Lets the literal types of a table survive while it is checked. */
export function table<const Table extends OptionTable>(options: Table): Table {
	return options;
}

/** How the text of an option becomes a value. */
interface Parsed {
	readonly flag: boolean;
	readonly text: string;
	/** Bytes. */
	readonly size: number;
	/** Milliseconds. */
	readonly duration: number;
	readonly date: Date;
	readonly bandwidth: BandwidthLimit | undefined;
	readonly number: number;
	/** Above 0, up to 1. */
	readonly share: number;
	readonly list: readonly string[];
	readonly pairs: Readonly<Record<string, string>>;
}

type ValueOf<One extends Option> = One extends { readonly choices: readonly (infer Choice)[] }
	? Choice
	: One extends { readonly kind: infer Kind extends keyof Parsed }
		? Parsed[Kind]
		: never;

/** The values of options, by the names on the command line. */
export type Values<Table extends OptionTable> = {
	readonly [Name in keyof Table]:
		| ValueOf<Table[Name]>
		| (Table[Name] extends { readonly default: unknown } ? never : undefined);
};

/** The values of the options that set one of the library, by its name there. */
export type Settings<Table extends OptionTable> = {
	readonly [Name in keyof Table as Table[Name] extends { readonly sets: infer Sets extends string }
		? Sets
		: never]: Values<Table>[Name];
};
