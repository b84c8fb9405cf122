import { abortable } from "../async/abortable.ts";
import type { Warning, ZipferryEvent, ZipferryEventListener } from "../events.ts";
import { asError } from "../options/thrown-value.ts";
import type { Entry } from "../zip/entry.ts";
import { displayName } from "../zip/format/entry-name.ts";
import { deafTo, unheardBy } from "./heard-events.ts";

const MAX_WARNINGS = 1000;

/** What a storage has confirmed. */
interface Uploaded {
	/** Bytes. */
	readonly uploadedSize: number;
	/** What of it an earlier run had sent. */
	readonly resumed: { readonly size: number };
	/** Bytes of it that the storage has copied. */
	readonly copiedSize: number;
}

/** A listener whose failures are errors. */
export function guardListener(listener: ZipferryEventListener): ZipferryEventListener {
	return deafTo(unheardBy(listener), (event) => {
		try {
			return listener(event); // a promise, if it gives one
		} catch (thrown) {
			throw asError(thrown, "onEvent");
		}
	});
}

/** Collects what a run has to say, and tells its listener how far it is. */
export class RunReport {
	readonly #listener: ZipferryEventListener;
	/** What the listener has not done yet. */
	readonly #busy = new Set<Promise<unknown>>();
	#failure: { readonly error: unknown } | undefined;
	readonly #warnings: Warning[] = [];
	#readSize = 0;
	/** Bytes of sources that are in what was archived. */
	#archivedReadSize = 0;
	#archiveSize = 0;
	#uploadedSize = 0;
	#resumedSize = 0;
	#copiedSize = 0;
	#entryCount = 0;
	#skippedCount = 0;
	#current: Pick<Entry, "name"> | undefined;
	/** Warnings that are not of the archive, at the start of the list. */
	#ownWarnings: number | undefined;

	constructor(listener: ZipferryEventListener = () => {}) {
		this.#listener = guardListener(listener);
		deafTo(unheardBy(listener), this.onEvent);
	}

	/**
	 * Waits for a listener that is still busy with what it was told; to be called before the archive goes on.
	 *
	 * @returns `undefined` if there is nothing to wait for.
	 * @throws what the listener has failed with.
	 */
	heard(signal: AbortSignal | undefined): Promise<unknown> | undefined {
		if (this.#failure !== undefined) throw this.#failure.error;
		if (this.#busy.size === 0) return undefined;
		return abortable(Promise.all(this.#busy), signal).catch((thrown: unknown) => {
			throw signal?.aborted === true ? thrown : asError(thrown, "onEvent");
		});
	}

	#notify(event: ZipferryEvent): unknown {
		const answer: unknown = this.#listener(event);
		if (!(answer instanceof Promise)) return undefined;
		this.#busy.add(answer);
		answer.then(
			() => this.#busy.delete(answer),
			(thrown: unknown) => {
				this.#busy.delete(answer);
				this.#failure ??= { error: asError(thrown, "onEvent") };
			},
		);
		return answer;
	}

	/**
	 * Takes part in counting, then passes the event on.
	 *
	 * @returns what the listener returned
	 */
	readonly onEvent = (event: ZipferryEvent): unknown => {
		if (event.type === "skipped") this.#skippedCount += 1;
		if (event.type === "warning") this.#keep(event);
		return this.#notify(event);
	};

	/** A warning that the archive is not complete must not get lost among the many: it decides the exit code. */
	#keep({ code, message, problem, advice, origin }: Warning): void {
		const isFull = this.#warnings.length === MAX_WARNINGS;
		if (isFull && (code !== "UNREADABLE_SKIPPED" || this.#warnings.some((kept) => kept.code === code)))
			return;
		if (isFull) this.#warnings.pop();
		this.#warnings.push({ code, message, problem, advice, origin });
	}

	readonly onBlock = (entry: Pick<Entry, "name">, size: number): void => {
		this.#current = entry;
		this.#readSize += size;
	};

	readonly onEntries = (count: number): void => {
		this.#entryCount += count;
	};

	onArchived(size: number): void {
		this.#archiveSize += size;
		this.#archivedReadSize = this.#readSize;
		this.#tell();
	}

	readonly onUploaded = ({ uploadedSize, resumed, copiedSize }: Uploaded): void => {
		this.#uploadedSize = uploadedSize;
		this.#resumedSize = resumed.size;
		this.#copiedSize = copiedSize;
		this.#tell();
	};

	/** The archive is made from its beginning, maybe again: what was counted of it so far does not count. */
	startArchive(): void {
		this.#ownWarnings ??= this.#warnings.length;
		this.#readSize = 0;
		this.#archivedReadSize = 0;
		this.#archiveSize = 0;
		this.#uploadedSize = 0;
		this.#resumedSize = 0;
		this.#copiedSize = 0;
		this.#entryCount = 0;
		this.#skippedCount = 0;
		this.#warnings.length = this.#ownWarnings;
	}

	/** Warns of the run, and drops what was said of an archive that will be made again. */
	warnBeforeNext(warning: Warning): void {
		this.#warnings.length = this.#ownWarnings ?? this.#warnings.length;
		this.#ownWarnings = undefined;
		this.onEvent({ type: "warning", ...warning });
	}

	/** The first 1,000 warnings; the first about something that could not be read is among them. */
	get warnings(): readonly Warning[] {
		return this.#warnings;
	}

	get skippedCount(): number {
		return this.#skippedCount;
	}

	#tell(): void {
		this.#notify({
			type: "progress",
			readSize: this.#archivedReadSize,
			archiveSize: this.#archiveSize,
			uploadedSize: this.#uploadedSize,
			resumedSize: this.#resumedSize,
			copiedSize: this.#copiedSize,
			entryCount: this.#entryCount,
			entryName: this.#current === undefined ? "" : displayName(this.#current.name),
		});
	}
}
