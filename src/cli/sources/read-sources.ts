import { isatty } from "node:tty";
import { InvalidOptionError } from "../../errors.ts";
import type { Source } from "../../sources/source.ts";
import { PipeStream } from "./pipe-stream.ts";
import { type NamedSource, readSourceWord } from "./source-word.ts";

export interface SourceWords {
	/** The operands that name sources. */
	readonly words: readonly string[];
	/** Options that read a file, with the files they were given; `-` is stdin. */
	readonly files: Readonly<Record<string, readonly string[]>>;
	readonly allowEmpty: boolean;
	/** Nothing will be read. */
	readonly dryRun: boolean;
}

/**
 * The sources that a command line names.
 *
 * @throws {InvalidOptionError} also for a pipe that would be read twice, and for a terminal
 */
export async function readSources({ words, files, allowEmpty, dryRun }: SourceWords): Promise<Source[]> {
	const named = await Promise.all(words.map(readSourceWord));
	refuseTwice(named);
	const readers = stdinReaders(named, files);
	const again = readers.find((reader, index) => readers.indexOf(reader) !== index);
	if (again !== undefined)
		throw new InvalidOptionError(`${again} - is given twice; stdin can be read only once`);
	if (readers.length > 1)
		throw new InvalidOptionError(`stdin can be read only once, not by ${readers.join(" and by ")}`);
	const willRead = readers.length > 0 && !(dryRun && named.some(isStdin));
	if (willRead && isatty(0))
		throw new InvalidOptionError(
			`stdin is a terminal; send data to it, as in pg_dump shop | zipferry … dump.sql=- …`,
		);
	return named.map((source) =>
		"pipe" in source ? { name: source.name, content: new PipeStream(source.pipe, allowEmpty) } : source,
	);
}

/** Two readers of one pipe would each get a part of its data. */
function refuseTwice(named: readonly NamedSource[]): void {
	const names = new Map<string, string>();
	for (const source of named) {
		if (!("pipe" in source)) continue;
		const { name, pipe } = source;
		const other = names.get(pipe.identity);
		if (other !== undefined)
			throw new InvalidOptionError(`${pipe.shown} can be read only once, not for "${other}" and "${name}"`);
		names.set(pipe.identity, name);
	}
}

function stdinReaders(named: readonly NamedSource[], files: SourceWords["files"]): string[] {
	const options = Object.entries(files).flatMap(([option, given]) =>
		given.filter((file) => file === "-").map(() => `--${option}`),
	);
	return [...named.filter(isStdin).map((source) => `"${"name" in source ? source.name : ""}"`), ...options];
}

function isStdin(source: NamedSource): boolean {
	return "pipe" in source && source.pipe.path === undefined;
}
