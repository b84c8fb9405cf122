import type { Source } from "../../../sources/source.ts";
import type { ARCHIVE_OPTIONS } from "../../options/archive-options.ts";
import type { RUN_OPTIONS } from "../../options/output-options.ts";
import { readSources } from "../../sources/read-sources.ts";
import type { Given } from "../command.ts";

type SourceOptions = typeof ARCHIVE_OPTIONS & typeof RUN_OPTIONS;

/** The sources that the words and options of a command name. */
export function namedSources({
	operands,
	values,
}: Given<SourceOptions, { readonly source: readonly string[] }>): Promise<Source[]> {
	return readSources({
		words: operands.source,
		files: { "exclude-from": values["exclude-from"] ?? [] },
		allowEmpty: values["allow-empty"] === true,
		dryRun: values["dry-run"] === true,
	});
}
