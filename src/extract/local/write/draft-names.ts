import { draftName } from "../../../sources/files/drafts/drafts.ts";
import { markOfThisProcess } from "../../../sources/files/drafts/process-mark.ts";

/**
 * Names for files that are not complete. By their ending they are known as drafts, which no archive takes in, and by the mark
 * the process that writes them.
 */
export class DraftNames {
	readonly #mark = markOfThisProcess();
	#count = 0;

	next(): string {
		this.#count += 1;
		return draftName(this.#count.toString(36), this.#mark);
	}
}
