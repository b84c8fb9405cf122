import type { Source } from "../../../sources/source.ts";
import type { ARCHIVE_OPTIONS } from "../../options/archive-options.ts";
import type { RUN_OPTIONS } from "../../options/output-options.ts";
import { readLists } from "../../sources/read-lists.ts";
import { readSources } from "../../sources/read-sources.ts";
import type { Io } from "../../terminal/io.ts";
import type { Given } from "../command.ts";

type SourceOptions = typeof ARCHIVE_OPTIONS & typeof RUN_OPTIONS;

/** The sources that the words and options of a command name. */
export async function namedSources(
	{ operands, values }: Given<SourceOptions, { readonly source: readonly string[] }>,
	{ signal }: Pick<Io, "signal">,
): Promise<Source[]> {
	const { "files-from": lines = [], "files-from0": nul = [], "exclude-from": patterns = [] } = values;
	const named = await readSources({
		words: operands.source,
		files: { "exclude-from": patterns, "files-from": lines, "files-from0": nul },
		allowEmpty: values["allow-empty"] === true,
		dryRun: values["dry-run"] === true,
	});
	const listed = await readLists({ lines, nul }, signal);
	return listed === undefined ? named : [...named, listed];
}
