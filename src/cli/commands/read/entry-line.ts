import type { EntryFacts, EntryKind } from "../../../reader/entry.ts";
import { formatBytes, printable } from "../../terminal/text.ts";

/** Columns for `1,023 B` and `1.40 GiB`, and for bytes up to a petabyte. */
const HUMAN_WIDTH = 8;
const EXACT_WIDTH = 15;

const TYPE_LETTERS: Readonly<Record<EntryKind, string>> = {
	file: "-",
	directory: "d",
	symlink: "l",
	other: "?",
};

/** One line of a list: as `ls -l` has it, with what compression has saved. */
export function entryLine(entry: EntryFacts, { exact }: { readonly exact: boolean }): string {
	const { kind, mode, mtime, name, uncompressedSize } = entry;
	const size = exact
		? String(uncompressedSize).padStart(EXACT_WIDTH)
		: formatBytes(uncompressedSize).padStart(HUMAN_WIDTH);
	return `${TYPE_LETTERS[kind]}${modeLetters(mode)}  ${size}  ${saved(entry)}  ${localTime(mtime)}  ${printable(name)}`;
}

/** The facts of an entry for programs, by the names that the library has for them. */
export function entryJson(entry: EntryFacts): Readonly<Record<string, unknown>> {
	const { name, rawName, kind, uncompressedSize, compressedSize, method, crc32, mtime, mode, offset } = entry;
	const { encrypted, comment } = entry;
	const isText = Buffer.from(name, "utf8").equals(rawName);
	return {
		name,
		// What the archive has, where that is no UTF-8.
		...(isText ? {} : { rawName: Buffer.from(rawName).toString("base64") }),
		kind,
		uncompressedSize,
		compressedSize,
		method,
		crc32,
		mtime,
		mode,
		offset,
		...(encrypted ? { encrypted } : {}),
		...(comment === "" ? {} : { comment }),
	};
}

/** How much smaller the data is in the archive: ` 62%`. */
function saved({ uncompressedSize, compressedSize }: EntryFacts): string {
	const share = uncompressedSize === 0 ? 0 : 1 - compressedSize / uncompressedSize;
	return `${Math.floor(100 * Math.max(0, share))}%`.padStart(4);
}

function modeLetters(mode: number | undefined): string {
	if (mode === undefined) return "?????????";
	const letters = [..."rwxrwxrwx"].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : "-"));
	const special = (bit: number, at: number, letter: string) => {
		if (mode & bit) letters[at] = letters[at] === "x" ? letter : letter.toUpperCase();
	};
	special(0o4000, 2, "s");
	special(0o2000, 5, "s");
	special(0o1000, 8, "t");
	return letters.join("");
}

function localTime(time: Date): string {
	const two = (value: number) => String(value).padStart(2, "0");
	const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
	return `${day} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}
