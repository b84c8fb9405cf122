import { ArchiveError } from "../../reader/archive-error.ts";
import type { EntryFacts } from "../../reader/entry.ts";
import { unsupportedReason } from "../../reader/methods.ts";
import type { Entry } from "../../zip/entry.ts";
import { checkEntryName, isAscii, isUtf8 } from "../../zip/format/entry-name.ts";
import { InvalidEntryNameError } from "../../zip/format/entry-name-errors.ts";
import type { SourceReport } from "../entry-source.ts";
import { entryTime } from "../entry-time.ts";
import { createFilter, type Filter } from "../files/filter.ts";
import { textOf } from "../files/place.ts";
import type { SourceSettings } from "../options.ts";

/** Which entries of an archive are meant, and where they go. Byte strings, without a slash at their end. */
export interface Choice {
	/** An entry, or a directory with all that is below it; empty for all entries. */
	readonly path: string;
	/** Whether it can only be a directory. */
	readonly isDirectory: boolean;
	/** The name that it gets; empty for the root. */
	readonly prefix: string;
}

/** An entry that is chosen. */
export interface ChosenEntry extends EntryFacts {
	/** What it is in the new archive. */
	readonly placed: Pick<Entry, "name" | "kind" | "mtimeMs">;
}

/** For messages: an entry of an archive. */
export function originOf(location: string, { name }: EntryFacts): string {
	return `${location}!/${name}`;
}

/** Chooses entries of an archive, and names them, as filters and options say. */
export class ChosenEntries {
	readonly #location: string;
	readonly #choice: Choice;
	readonly #options: SourceSettings;
	readonly #report: SourceReport;
	readonly #filter: Filter;
	/** Whether there was an entry of the name that is meant, or below it. */
	#isFound = false;

	constructor(location: string, choice: Choice, options: SourceSettings, report: SourceReport) {
		this.#location = location;
		this.#choice = choice;
		this.#options = options;
		this.#report = report;
		this.#filter = createFilter(options);
	}

	/** @returns nothing for an entry that is not meant, or left out. */
	choose(facts: EntryFacts): ChosenEntry | undefined {
		try {
			const path = pathOf(facts);
			const relative = this.#relativeTo(path, facts);
			if (relative === undefined) return undefined;
			this.#isFound = true;
			if (this.#isLeftOut(relative, facts)) return undefined;
			const { kind } = facts;
			if (kind === "other") return this.#skip(facts, "special file");
			if (kind === "symlink" && this.#options.symlinks === "skip") return this.#skip(facts, "symbolic link");
			return this.#place(relative, facts, kind);
		} catch (error) {
			this.#report.onUnreadable(originOf(this.#location, facts), error);
			return undefined;
		}
	}

	/**
	 * To be called when all entries have been seen.
	 *
	 * @throws {ArchiveError} `NO_SUCH_ENTRY`
	 */
	refuseNothing(): void {
		const { path } = this.#choice;
		if (this.#isFound || path === "") return;
		throw new ArchiveError("NO_SUCH_ENTRY", `has no entry "${textOf(path)}", and none below it`, {
			location: this.#location,
		});
	}

	/** The path below the one that is meant; empty for that itself. */
	#relativeTo(full: string, { kind }: EntryFacts): string | undefined {
		const { path, isDirectory } = this.#choice;
		if (path === "") return full;
		if (full === path) return isDirectory && kind !== "directory" ? undefined : "";
		return full.startsWith(`${path}/`) ? full.slice(path.length + 1) : undefined;
	}

	/** What is named is not filtered, as on disk. */
	#isLeftOut(relative: string, { kind, uncompressedSize }: EntryFacts): boolean {
		if (relative === "") return kind === "directory" && this.#choice.prefix === "";
		const { excludeLargerThan } = this.#options;
		const text = `${textOf(relative)}${kind === "directory" ? "/" : ""}`;
		return (
			this.#filter.excludes(text) ||
			!this.#filter.includes(text) ||
			(kind === "file" && excludeLargerThan !== undefined && uncompressedSize > excludeLargerThan)
		);
	}

	#skip(facts: EntryFacts, reason: string): undefined {
		this.#report.onEvent({ type: "skipped", origin: originOf(this.#location, facts), reason });
	}

	#place(relative: string, facts: EntryFacts, kind: Entry["kind"]): ChosenEntry {
		const { prefix } = this.#choice;
		const between = prefix === "" || relative === "" ? "" : "/";
		const text = `${prefix}${between}${relative}${kind === "directory" ? "/" : ""}`;
		const name = Buffer.from(text, "latin1");
		const origin = originOf(this.#location, facts);
		if (text === "")
			throw new InvalidEntryNameError("", `is empty, and ${origin} is a file, which needs one`);
		checkEntryName(name, text);
		this.#refuse(
			facts,
			unsupportedReason(facts) ?? directoryObjection(facts) ?? commentObjection(name, facts),
		);
		if (!this.#options.portableNames && !isUtf8(name)) this.#warnOfName(origin);
		const mtimeMs = entryTime(this.#options, facts.mtime.getTime());
		return Object.assign(facts, { placed: { name, kind, mtimeMs } });
	}

	#refuse({ name, offset }: EntryFacts, reason: string | undefined): void {
		if (reason === undefined) return;
		throw new ArchiveError("ENTRY_UNSUPPORTED", reason, {
			location: this.#location,
			entryName: name,
			offset,
		});
	}

	#warnOfName(origin: string): void {
		const message = `the name ${origin} is not UTF-8; it is archived byte for byte, and readers will show it in their own way`;
		this.#report.onEvent({ type: "warning", code: "NAME_NOT_UTF8", message, origin });
	}
}

/** Segments that say nothing, as other tools write them, are left out. */
function pathOf({ name, pathBytes }: EntryFacts): string {
	const { buffer, byteOffset, byteLength } = pathBytes;
	const path = Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
	if (path.startsWith("/")) throw new InvalidEntryNameError(name, "is absolute");
	return withoutEmptySegments(path);
}

export function withoutEmptySegments(path: string): string {
	if (!/(^|\/)\.?(\/|$)/.test(path)) return path;
	return path
		.split("/")
		.filter((segment) => segment !== "" && segment !== ".")
		.join("/");
}

function directoryObjection({ kind, uncompressedSize }: EntryFacts): string | undefined {
	const hasData = kind === "directory" && uncompressedSize > 0;
	return hasData ? "is a directory that has data, which is not supported" : undefined;
}

/** One flag speaks for the encoding of name and comment. */
function commentObjection(name: Uint8Array, { comment }: EntryFacts): string | undefined {
	if (comment === "" || isUtf8(name) || isAscii(Buffer.from(comment, "utf8"))) return undefined;
	return "has a comment that is not plain ASCII, and a name that is not UTF-8: an archive of zipferry cannot say both";
}
