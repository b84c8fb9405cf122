import { formatNumber } from "../../bytes/units.ts";
import { type OptionSchema, optional, schemaOf } from "../../options/field.ts";
import { anyText, byteSize, permissionBits, text, textUpTo } from "../../options/kinds.ts";
import { moment } from "../../options/moment.ts";
import { areOptions, type OptionPlace, resolveOptions } from "../../options/resolve-options.ts";
import { shorten } from "../../secrets/shorten.ts";
import { U16_MAX } from "../../zip/format/limits.ts";
import { methodField } from "../../zip/method-field.ts";
import type { GeneratedEntry } from "../source.ts";
import { contentField } from "./content.ts";

export const ENTRY_SCHEMA: OptionSchema<GeneratedEntry> = schemaOf<GeneratedEntry>()({
	name: anyText("the name of an entry"), // its form is checked where it is encoded
	content: optional(contentField()),
	linkTarget: optional(text(`the target of a link, of at most ${formatNumber(U16_MAX)} bytes`, U16_MAX)),
	size: optional(byteSize(0)),
	mtime: optional(moment()),
	mode: optional(permissionBits()),
	comment: optional(textUpTo(U16_MAX)),
	method: optional(methodField()),
});

/**
 * Checks the values of one entry, each on its own.
 *
 * @param path - Where the entry is among the sources.
 * @throws {InvalidOptionError}
 */
export function checkEntryValues(entry: GeneratedEntry, path: () => string): void {
	if (!areOptions(ENTRY_SCHEMA, entry, REQUIRED))
		resolveOptions(ENTRY_SCHEMA, entry, entryPlace(entry, path()));
}

const REQUIRED = ["name"] as const;

/** Says which entry it is: a place in an iterable alone helps nobody. */
export function entryPlace(entry: GeneratedEntry, path: string): OptionPlace {
	const name: unknown = entry?.name;
	return typeof name === "string" ? { path, about: ` of the entry "${shorten(name, 200)}"` } : { path };
}
