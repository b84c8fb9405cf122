/**
 * Drafts of archives: what is written beside a destination and moved there when it is complete.
 * They can be told from all other files by their names, so that one that was left by a run that was killed
 * gets into no archive. A name says which process writes it: `.photos.zip.1f0c22ab-4026531836-711-90210.zipferry-part`.
 */

const END = ".zipferry-part";
const DRAFT = /^\.(.+)\.([0-9a-f]{8})-(\d+)-(\d+)-(\d+)\.zipferry-part$/s;
/** Bytes of the destination's name that leave room for the rest in a name, which may have 255. */
const MAX_NAME_SIZE = 190;

/** A process, in a way that tells it from any other that has or had its number. */
export interface ProcessMark {
	/** Eight hex digits that stand for this start of this machine. */
	readonly boot: string;
	/** Namespace that the number is from: containers count for themselves. */
	readonly namespace: string;
	readonly pid: number;
	/** When it was started, in a unit of the system's. */
	readonly startedAt: string;
}

export function draftName(name: string, { boot, namespace, pid, startedAt }: ProcessMark): string {
	return `.${shortened(name)}.${boot}-${namespace}-${pid}-${startedAt}${END}`;
}

/** The process that writes the draft, if it belongs to a destination of this name (or one with the same beginning). */
export function writerOfDraft(fileName: string, name: string): ProcessMark | undefined {
	return markedDraft(fileName, (start) => start === shortened(name));
}

/** Files that are extracted have drafts with names of their own, shorter than those that they get. */
const EXTRACTED = /^extracted-[0-9a-z]+$/;

/** A draft of the file that is extracted as the nth one. */
export function extractedDraftName(count: number, mark: ProcessMark): string {
	return draftName(`extracted-${count.toString(36)}`, mark);
}

/** The process that writes the draft of a file that is extracted. */
export function writerOfExtracted(fileName: string): ProcessMark | undefined {
	return markedDraft(fileName, (start) => EXTRACTED.test(start));
}

function markedDraft(fileName: string, isWanted: (start: string) => boolean): ProcessMark | undefined {
	if (!fileName.endsWith(END)) return undefined;
	const [, start = "", boot = "", namespace = "", pid, startedAt = ""] = DRAFT.exec(fileName) ?? [];
	return isWanted(start) ? { boot, namespace, pid: Number(pid), startedAt } : undefined;
}

/** @param path - `/`-separated; also as a byte string. */
export function isDraft(path: string): boolean {
	return path.endsWith(END) && DRAFT.test(path.slice(path.lastIndexOf("/") + 1));
}

const SHORT_ASCII = new RegExp(`^[\\x20-\\x7e]{0,${MAX_NAME_SIZE}}$`);

function shortened(name: string): string {
	if (SHORT_ASCII.test(name)) return name;
	return Buffer.from(name)
		.subarray(0, MAX_NAME_SIZE)
		.toString()
		.replace(/\ufffd+$/, "");
}
