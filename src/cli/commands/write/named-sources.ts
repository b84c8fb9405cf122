import type { CommandSource, Source } from "../../../sources/source.ts";
import type { ARCHIVE_OPTIONS } from "../../options/archive-options.ts";
import type { COMMAND_OPTIONS } from "../../options/command-options.ts";
import type { Values } from "../../options/option.ts";
import type { RUN_OPTIONS } from "../../options/output-options.ts";
import { readLists } from "../../sources/read-lists.ts";
import { readSources } from "../../sources/read-sources.ts";
import { keepHeapSmall } from "../../sources/small-heap.ts";
import type { Io } from "../../terminal/io.ts";

type SourceValues = Pick<
	Values<typeof ARCHIVE_OPTIONS & typeof COMMAND_OPTIONS & typeof RUN_OPTIONS>,
	"files-from" | "files-from0" | "exclude-from" | "allow-empty" | "dry-run" | "stdin-filename"
>;

/** The words of a command line that name sources. */
export interface SourceOperands {
	readonly source: readonly string[];
	readonly command: readonly string[];
}

/** The sources that the words and options of a command name. */
export async function namedSources(
	{ operands, values }: { readonly operands: SourceOperands; readonly values: SourceValues },
	{ signal }: Pick<Io, "signal">,
): Promise<Source[]> {
	const { "files-from": lines = [], "files-from0": nul = [], "exclude-from": patterns = [] } = values;
	const named = await readSources({
		words: operands.source,
		files: { "exclude-from": patterns, "files-from": lines, "files-from0": nul },
		allowEmpty: values["allow-empty"] === true,
		dryRun: values["dry-run"] === true,
	});
	keepHeapSmall(named);
	const listed = await readLists({ lines, nul }, signal);
	return [...named, ...(listed === undefined ? [] : [listed]), ...commandAmong(operands, values)];
}

function commandAmong(
	{ command: [program, ...args] }: SourceOperands,
	{ "stdin-filename": name = "stdin", "allow-empty": allowEmpty }: SourceValues,
): CommandSource[] {
	return program === undefined ? [] : [{ name, command: [program, ...args], allowEmpty }];
}
