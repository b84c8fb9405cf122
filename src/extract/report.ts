import type { Warning, ZipferryEventListener } from "../events.ts";
import { textOf } from "../sources/files/place.ts";
import type { ExtractionPlan } from "./plan/plan-extraction.ts";
import type { Arrivals, PlacedEntry } from "./target.ts";

const MOST_WARNINGS = 1000;

/** Collects what an extraction has to say, and tells its listener how far it is. */
export class ExtractReport implements Arrivals {
	readonly #listener: ZipferryEventListener | undefined;
	/** The first 1,000 warnings. */
	readonly warnings: Warning[] = [];
	#writtenSize = 0;
	#entryCount = 0;
	#path = "";

	constructor(listener: ZipferryEventListener | undefined) {
		this.#listener = listener;
	}

	readonly warn = (warning: Warning): void => {
		if (this.warnings.length < MOST_WARNINGS) this.warnings.push(warning);
		this.#listener?.({ type: "warning", ...warning });
	};

	onPlanned({ entryCount, size, doneCount: resumedCount }: ExtractionPlan): void {
		this.#listener?.({ type: "extract-planned", entryCount, size, resumedCount });
	}

	onWritten(size: number): void {
		this.#writtenSize += size;
		this.#tell();
	}

	onDone({ path, kind, uncompressedSize }: PlacedEntry): void {
		if (this.#listener === undefined) return;
		this.#path = kind === "directory" ? `${textOf(path)}/` : textOf(path);
		this.#entryCount += 1;
		this.#listener({ type: "extracted", path: this.#path, size: uncompressedSize });
		this.#tell();
	}

	#tell(): void {
		this.#listener?.({
			type: "extract-progress",
			writtenSize: this.#writtenSize,
			entryCount: this.#entryCount,
			path: this.#path,
		});
	}
}
