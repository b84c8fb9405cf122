import type { EventListener, Warning, ZipferryEvent } from "./events.ts";
import type { Entry } from "./zip/entry.ts";
import { displayName } from "./zip/entry-name.ts";

const MAX_WARNINGS = 1000;

/** Collects what a run has to say, and tells its listener how far it is. */
export class RunReport {
	readonly #listener: EventListener;
	readonly #warnings: Warning[] = [];
	#readSize = 0;
	#archiveSize = 0;
	#uploadedSize = 0;
	#resumedSize = 0;
	#entryCount = 0;
	#skippedCount = 0;
	#current: Entry | undefined;

	constructor(listener: EventListener = () => {}) {
		this.#listener = listener;
	}

	/** Takes part in counting, then passes the event on. */
	readonly onEvent = (event: ZipferryEvent): void => {
		if (event.type === "entry") this.#entryCount += 1;
		if (event.type === "skipped") this.#skippedCount += 1;
		if (event.type === "warning" && this.#warnings.length < MAX_WARNINGS) {
			const { code, message, origin } = event;
			this.#warnings.push({ code, message, origin });
		}
		this.#listener(event);
	};

	readonly onBlock = (entry: Entry, size: number): void => {
		this.#current = entry;
		this.#readSize += size;
	};

	onArchived(size: number): void {
		this.#archiveSize += size;
		this.#tell();
	}

	readonly onUploaded = (uploadedSize: number, resumed: { readonly size: number }): void => {
		this.#uploadedSize = uploadedSize;
		this.#resumedSize = resumed.size;
		this.#tell();
	};

	/** The archive is made from its beginning again: what was counted of it so far does not count. */
	startAgain(): void {
		this.#readSize = 0;
		this.#archiveSize = 0;
		this.#uploadedSize = 0;
		this.#resumedSize = 0;
		this.#entryCount = 0;
		this.#skippedCount = 0;
		this.#warnings.length = 0;
	}

	/** The first 1,000 warnings. */
	get warnings(): readonly Warning[] {
		return this.#warnings;
	}

	get skippedCount(): number {
		return this.#skippedCount;
	}

	#tell(): void {
		this.#listener({
			type: "progress",
			readSize: this.#readSize,
			archiveSize: this.#archiveSize,
			uploadedSize: this.#uploadedSize,
			resumedSize: this.#resumedSize,
			entryCount: this.#entryCount,
			entryName: this.#current === undefined ? "" : displayName(this.#current.name),
		});
	}
}
