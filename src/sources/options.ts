import * as v from "valibot";
import { MiB } from "../bytes/units.ts";
import type { ZipferryEventListener } from "../events.ts";
import {
	type Field,
	type Fields,
	type OptionSchema,
	optional,
	type Resolved,
	schemaOf,
	withDefault,
} from "../options/field.ts";
import { anyText, byteSize, choice, count, flag, isObject, listOf, text } from "../options/kinds.ts";
import { moment } from "../options/moment.ts";
import { storageOptions } from "../s3/options.ts";
import type { DirectoryMarker } from "./files/markers.ts";
import { SYMLINK_POLICIES } from "./files/walk.ts";
import type { OwnObject } from "./own-object.ts";
import type { ArchivedSource, CommandSource, PathListSource, PathSource, UrlSource } from "./source.ts";
import type { SourceOptions } from "./source-options.ts";

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
	| "blockingReads"
	| "readAhead"
	| "readAheadSize"
	| "skipMissing";

/** {@link SourceOptions} with their defaults. */
export type SourceSettings = Resolved<SourceOptions, SourceDefaults>;

/** The same, with what opening a source needs that asks somebody for it. */
export type OpeningSettings = SourceSettings & {
	/** Ends what opening waits for. */
	readonly signal?: AbortSignal | undefined;
	/** Gets the events of requests that are made while sources are opened. */
	readonly onEvent?: ZipferryEventListener | undefined;
	/** The archive itself, which is no source of its own. */
	readonly own?: OwnObject | undefined;
	/** Whether `sourceStorage` is where the archive goes, so that the options of the caller have no `sourceStorage` in front. */
	readonly sharesStorage?: boolean | undefined;
};

/** Each has a connection of its own. */
const MAX_READ_AHEAD = 512;

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
	readAhead: withDefault(count(1, MAX_READ_AHEAD), 48),
	readAheadSize: withDefault(byteSize(0), 32 * MiB),
	skipMissing: withDefault(flag(), false),
	sourceStorage: optional(storageOptions()),
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

const BELOW = "a relative path without empty segments, . and ..";

export const PATH_SCHEMA: OptionSchema<PathSource> = schemaOf<PathSource>()({
	path: path(),
	as: optional(anyText("a name in the archive")),
	below: optional(pathBelow()),
});

/** Names of directories with slashes between them. */
function pathBelow(): Field<string | Uint8Array> {
	return v.pipe(
		v.union([v.string(BELOW), v.instance(Uint8Array, BELOW)], BELOW),
		v.check((value) => isBelow(Buffer.from(value).toString("latin1")), BELOW),
	);
}

function isBelow(path: string): boolean {
	return path.split("/").every((one) => !["", ".", ".."].includes(one) && !one.includes("\0"));
}

export const PATH_LIST_SCHEMA: OptionSchema<PathListSource> = schemaOf<PathListSource>()({
	paths: v.custom<Iterable<string | Uint8Array>>(
		(value) => isObject(value) && Symbol.iterator in value && !(value instanceof Uint8Array),
		"an iterable of paths",
	),
});

export const URL_SCHEMA: OptionSchema<UrlSource> = schemaOf<UrlSource>()({
	url: address("s3://…, https://… or http://…"),
	as: optional(anyText("a name in the archive")),
	below: optional(v.pipe(text(BELOW), v.check(isBelow, BELOW))),
	storage: optional(storageOptions()),
});

export const ARCHIVED_SCHEMA: OptionSchema<ArchivedSource> = schemaOf<ArchivedSource>()({
	archive: address("the path or address of an archive"),
	entry: optional(text("the name of an entry")),
	as: optional(anyText("a name in the archive")),
	storage: optional(storageOptions()),
});

function address(allowed: string): Field<string | URL> {
	return v.union([text(allowed), v.instance(URL, allowed)], allowed);
}

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
