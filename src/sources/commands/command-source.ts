import { InvalidOptionError } from "../../errors.ts";
import { encodeEntryName } from "../../zip/format/entry-name.ts";
import { DEFAULT_LOOK_AHEAD, type EntrySource, type SourceReport } from "../entry-source.ts";
import { entryTime, type TimeSettings } from "../entry-time.ts";
import type { CommandSource } from "../source.ts";
import { CommandReader, originOf } from "./command-reader.ts";

const MODE = 0o644;

/**
 * The output of a program as an entry. It is started when its entry is opened, each time anew.
 *
 * @param now - Time of the entry, milliseconds since 1970.
 * @throws {InvalidEntryNameError}
 * @throws {InvalidOptionError} for the name of a directory
 */
export function commandSource(source: CommandSource, now: number, times: TimeSettings): EntrySource {
	const name = encodeEntryName(source.name);
	if (source.name.endsWith("/"))
		throw new InvalidOptionError(`"${source.name}" names a directory, and a command gives data for a file`);
	const opened = new Set<CommandReader>();
	const open = (signal: AbortSignal, { onEvent }: SourceReport): CommandReader => {
		signal.throwIfAborted(); // nobody would close it
		const onLine = (line: string): unknown => onEvent({ type: "command-output", name: source.name, line });
		const reader = new CommandReader(source, onLine);
		opened.add(reader);
		return reader;
	};
	return {
		repeatable: true,
		rereadable: true,
		distinct: true,
		lookAhead: DEFAULT_LOOK_AHEAD,
		namePrefix: "",
		async *entries(report) {
			yield [
				{
					...{ name, kind: "file", mode: MODE, origin: originOf(source), inTurn: true },
					mtimeMs: entryTime(times, now),
					open: (signal) => open(signal, report),
				},
			];
		},
		async close() {
			await Promise.all([...opened].map((reader) => reader.close()));
			opened.clear();
		},
	};
}
