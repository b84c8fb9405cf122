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
import { anyText, byteSize, choice, flag, isObject, listOf, text } from "../options/kinds.ts";
import { moment } from "../options/moment.ts";
import type { DirectoryMarker } from "./files/markers.ts";
import { SYMLINK_POLICIES } from "./files/walk.ts";
import type { CommandSource, PathListSource, PathSource, SourceOptions } from "./source.ts";

export type SourceDefaults =
	| "exclude"
	| "include"
	| "oneFileSystem"
	| "excludeCaches"
	| "excludeIfPresent"
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
	excludeLargerThan: optional(byteSize(0)),
	excludeCaches: withDefault(flag(), false),
	excludeIfPresent: withDefault(listOf(marker(), "a list of { name, header }"), []),
	oneFileSystem: withDefault(flag(), false),
	omit: withDefault(listOf(text("the path of a file"), "a list of paths"), []),
	symlinks: withDefault(choice(SYMLINK_POLICIES), "store"),
	skipErrors: withDefault(flag(), false),
	strict: withDefault(flag(), false),
	portableNames: withDefault(flag(), false),
	blockingReads: withDefault(flag(), false),
	mtime: optional(moment()),
	maxMtime: optional(moment()),
};

/** A file name and, if that is not enough, the beginning of the file. */
function marker(): Field<DirectoryMarker> {
	const name = "the name of a file, without a path";
	return v.strictObject(
		{
			name: v.pipe(
				text(name),
				v.check((value) => !/[/\0]/.test(value), name),
			),
			header: optional(text("the text that the file begins with")),
		},
		"an object with the name of a file",
	);
}

export const PATH_SCHEMA: OptionSchema<PathSource> = schemaOf<PathSource>()({
	path: path(),
	as: optional(anyText("a name in the archive")),
});

export const PATH_LIST_SCHEMA: OptionSchema<PathListSource> = schemaOf<PathListSource>()({
	paths: v.custom<Iterable<string | Uint8Array>>(
		(value) => isObject(value) && Symbol.iterator in value && !(value instanceof Uint8Array),
		"an iterable of paths",
	),
});

export const COMMAND_SCHEMA: OptionSchema<CommandSource> = schemaOf<CommandSource>()({
	name: text("the name of an entry"), // its form is checked where it is encoded
	command: v.custom<CommandSource["command"]>(isCommand, "a list of the program and its arguments"),
	allowEmpty: optional(flag()),
});

function isCommand(value: unknown): boolean {
	const isArgument = (one: unknown) => typeof one === "string" && !one.includes("\0");
	return Array.isArray(value) && value.every(isArgument) && value[0] !== undefined && value[0] !== "";
}

/** Text that the system takes for a path; opening it shows whether something is there. */
function path(): Field<string> {
	const allowed = "the path of a file or directory, without NUL characters";
	return v.pipe(
		text(allowed),
		v.check((value) => !value.includes("\0"), allowed),
	);
}
