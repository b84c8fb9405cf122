import type { ZipferryEvent } from "../../src/events.ts";
import type { SourceOptions } from "../../src/sources/source-options.ts";
import type { Entry } from "../../src/zip/entry.ts";
import { wholeArchive } from "./archive-of.ts";
import { entriesOf, nameOf } from "./found-entries.ts";
import { type EntrySnapshot, inspectArchive } from "./inspect-archive.ts";

export interface Hooks {
	/** Runs when the entry of this name has been found, before it is opened. */
	readonly found?: Readonly<Record<string, () => Promise<unknown>>>;
	/** Runs when the entry of this name has been opened, before it is read. */
	readonly opened?: Readonly<Record<string, () => Promise<unknown>>>;
}

/** Archives a directory while something happens to what is in it. */
export async function archiveWhile(
	directory: string,
	{ found = {}, opened = {} }: Hooks = {},
	options: SourceOptions = {},
): Promise<{ entries: readonly EntrySnapshot[]; events: ZipferryEvent[] }> {
	const events: ZipferryEvent[] = [];
	async function* entries(): AsyncGenerator<Entry, void, void> {
		for await (const entry of entriesOf(directory, options, events)) {
			await found[nameOf(entry)]?.();
			const open = async (signal: AbortSignal) => {
				const reader = await entry.open(signal);
				await opened[nameOf(entry)]?.();
				return reader;
			};
			const { name, kind, mtimeMs, mode, size, origin } = entry;
			const readAtOnce: Entry["readAtOnce"] = (take) => entry.readAtOnce?.(take);
			// What is read at once has no time between opening and reading.
			const how = opened[nameOf(entry)] === undefined ? { open, readAtOnce } : { open };
			yield { name, kind, mtimeMs, mode, size, origin, ...how };
		}
	}
	const onUnreadable = ({ origin }: Entry, error: unknown) => {
		if (options.skipErrors !== true) throw error;
		events.push({ type: "skipped", origin, reason: error instanceof Error ? error.message : "" });
	};
	const { bytes } = await wholeArchive(entries(), { onUnreadable });
	return { entries: inspectArchive(bytes).entries, events };
}
