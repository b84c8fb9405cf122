import * as v from "valibot";
import {
	type Field,
	type Fields,
	type OptionSchema,
	optional,
	type Resolved,
	schemaOf,
	withDefault,
} from "../options/field.ts";
import { anyText, choice, date, flag, listOf, text } from "../options/kinds.ts";
import { moment } from "../options/moment.ts";
import { SYMLINK_POLICIES } from "./files/walk.ts";
import type { PathSource, SourceOptions } from "./source.ts";

export type SourceDefaults =
	| "exclude"
	| "include"
	| "omit"
	| "symlinks"
	| "skipErrors"
	| "strict"
	| "portableNames"
	| "blockingReads";

/** {@link SourceOptions} with their defaults. */
export type SourceSettings = Resolved<SourceOptions, SourceDefaults>;

const patterns = () => listOf(anyText("a pattern"), "a list of patterns");

export const SOURCE_FIELDS: Fields<SourceOptions, SourceDefaults> = {
	exclude: withDefault(patterns(), []),
	include: withDefault(patterns(), []),
	omit: withDefault(listOf(text("the path of a file"), "a list of paths"), []),
	symlinks: withDefault(choice(SYMLINK_POLICIES), "store"),
	skipErrors: withDefault(flag(), false),
	strict: withDefault(flag(), false),
	portableNames: withDefault(flag(), false),
	blockingReads: withDefault(flag(), false),
	mtime: optional(date()),
	maxMtime: optional(moment()),
};

export const PATH_SCHEMA: OptionSchema<PathSource> = schemaOf<PathSource>()({
	path: path(),
	as: optional(anyText("a name in the archive")),
});

/** Text that the system takes for a path; opening it shows whether something is there. */
function path(): Field<string> {
	const allowed = "the path of a file or directory, without NUL characters";
	return v.pipe(
		text(allowed),
		v.check((value) => !value.includes("\0"), allowed),
	);
}
