import { extractedDraftName } from "../../../sources/files/drafts/drafts.ts";
import { markOfThisProcess } from "../../../sources/files/drafts/process-mark.ts";

/** Of all extractions of this process: two may write into one directory. */
let count = 0;

/**
 * Names for files that are not complete. By their ending they are known as drafts, which no archive takes in, and by the mark
 * the process that writes them.
 */
export class DraftNames {
	readonly #mark = markOfThisProcess();

	next(): string {
		count += 1;
		return extractedDraftName(count, this.#mark);
	}
}
