import type { Batches } from "../../async/batches.ts";
import type { EntrySource, MeasurableEntry, SourceReport } from "../../sources/entry-source.ts";
import type { JobSource } from "../job.ts";

/** What tells the state of entries that are elsewhere, so that none of them has to be read. */
export class RemoteStates {
	readonly #states = new WeakMap<MeasurableEntry, string>();
	readonly #signal: AbortSignal | undefined;
	/** Whether there was an entry that nothing is known of. */
	isMissing = false;

	constructor(signal: AbortSignal | undefined) {
		this.#signal = signal;
	}

	/** The same source, whose entries are looked at while they pass. */
	watch(source: EntrySource, of: JobSource | undefined): EntrySource {
		if (of === undefined || !("url" in of || "archive" in of)) return source;
		return { ...source, entries: (report) => this.#watched(source, report) };
	}

	/** @returns `undefined` for an entry that is on this machine: time and size tell its state. */
	of(entry: MeasurableEntry): string | undefined {
		return this.#states.get(entry);
	}

	async *#watched(source: EntrySource, report: SourceReport): Batches<MeasurableEntry> {
		for await (const batch of source.entries(report)) {
			const entries = [...batch];
			for (const entry of entries) this.#note(entry, await this.#stateOf(entry));
			yield entries;
		}
	}

	#note(entry: MeasurableEntry, state: string | undefined): void {
		if (state === undefined) this.isMissing = true;
		else this.#states.set(entry, state);
	}

	async #stateOf(entry: MeasurableEntry): Promise<string | undefined> {
		if (entry.kind === "directory" || entry.size === 0) return "";
		if (entry.raw !== undefined) return `${entry.raw.crc32} of an entry`;
		return (await entry.ranged?.(this.#signal))?.identity;
	}
}
