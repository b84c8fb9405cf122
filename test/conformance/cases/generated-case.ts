import type { GeneratedEntry, ZipOptions } from "../../../src/index.ts";
import { type EntryFacts, type Kind, sha256 } from "../entry-facts.ts";
import { expectedDescriptor } from "../expected-descriptor.ts";
import type { Case } from "./case.ts";

/** An entry whose data is at hand. */
export interface GeneratedItem extends Omit<GeneratedEntry, "content" | "size"> {
	readonly content?: string | Uint8Array;
	/** Hands the data over as a stream that does not tell its size. */
	readonly sizeUnknown?: boolean;
}

export interface GeneratedCaseOptions extends Partial<Omit<Case, "name" | "make">> {
	readonly options?: ZipOptions;
}

const MTIME = new Date("2024-02-29T12:34:57Z");
const DEFAULT_MODE: Readonly<Record<Kind, number>> = { file: 0o644, directory: 0o755, symlink: 0o777 };

/** A case of entries made by the program. */
export function generatedCase(
	name: string,
	items: readonly GeneratedItem[],
	{ options, ...details }: GeneratedCaseOptions = {},
): Case {
	return {
		name,
		grade: "small",
		depth: "all",
		...details,
		async make() {
			return { generated: items.map(entryOf), options, entries: items.map(factsOf) };
		},
	};
}

function entryOf({ content, sizeUnknown = false, ...entry }: GeneratedItem): GeneratedEntry {
	const bytes = typeof content === "string" ? Buffer.from(content) : content;
	return { mtime: MTIME, ...entry, content: sizeUnknown && bytes !== undefined ? [bytes] : bytes };
}

function factsOf(item: GeneratedItem): EntryFacts {
	const { name, content, linkTarget, mode, mtime = MTIME, comment = "", sizeUnknown = false } = item;
	const kind = linkTarget !== undefined ? "symlink" : name.endsWith("/") ? "directory" : "file";
	const bytes = Buffer.from(linkTarget ?? content ?? "");
	return {
		name: Buffer.from(name).toString("latin1"),
		kind,
		mode: mode ?? DEFAULT_MODE[kind],
		mtime: Math.floor(new Date(mtime).getTime() / 1000),
		size: bytes.byteLength,
		sha256: sha256(bytes),
		descriptor: expectedDescriptor(bytes.byteLength, !sizeUnknown),
		comment: Buffer.from(comment).toString("hex"),
	};
}
