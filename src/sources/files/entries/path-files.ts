import type { Stats } from "node:fs";
import type { ZipferryEventListener } from "../../../events.ts";
import { isAscii, isUtf8 } from "../../../zip/format/entry-name.ts";
import { U16_MAX } from "../../../zip/format/limits.ts";
import { FileBatch } from "../../../zip/runs/file-batch.ts";
import type { SourceSettings } from "../../options.ts";
import type { TimeRule } from "../../time-rule.ts";
import { pathOf } from "../byte-paths.ts";
import { lstatNow } from "../file-system.ts";
import type { FoundFiles } from "../found.ts";
import { startOfPaths } from "../place.ts";
import { PathEntry, timesOf } from "./path-entry.ts";

/** Longer than names in a directory get. */
const ROOM_FOR_NAME = 4096;

/** Files found in one directory, as entries that nobody makes before they are asked for. */
export class PathFiles extends FileBatch<PathEntry> {
	readonly #found: FoundFiles;
	readonly #options: SourceSettings;
	readonly #onEvent: ZipferryEventListener;
	readonly start: string;

	/** @param start - Start of the names of all entries, as a byte string. */
	constructor(found: FoundFiles, start: string, options: SourceSettings, onEvent: ZipferryEventListener) {
		super();
		this.#found = found;
		this.#options = options;
		this.#onEvent = onEvent;
		this.start = start;
	}

	/** Whether all names can be in an archive, and there is nothing to say about them. */
	get isOrdinary(): boolean {
		if (this.start.length + ROOM_FOR_NAME > U16_MAX) return false;
		const bytes = Buffer.from(this.start + this.names.join("/"), "latin1");
		return isAscii(bytes) || isUtf8(bytes);
	}

	get names(): readonly string[] {
		return this.#found.names;
	}

	get readingOptions(): TimeRule {
		return timesOf(this.#options);
	}

	entryAt(index: number): PathEntry {
		const name = this.start + (this.names[index] ?? "");
		return new PathEntry(this.#found.at(index), name, this.#options, this.#onEvent);
	}

	hold(): string | undefined {
		return this.#found.directory.place("").hold();
	}

	letGo(): void {
		this.#found.directory.place("").letGo();
	}

	/** All of them as they are, by the path as it stands; `undefined` if any of them cannot be looked at so. */
	lookNow(): readonly Stats[] | undefined {
		const directory = startOfPaths(Buffer.from(this.#found.directory.place("").path).toString("latin1"));
		try {
			return this.names.map((name) => lstatNow(pathOf(directory + name)));
		} catch {
			return undefined; // a path too long, or something worth an error
		}
	}
}
