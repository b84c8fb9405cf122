import { checkArchive, type ZipOptions } from "../archive/options.ts";
import { InvalidOptionError } from "../errors.ts";
import {
	type Fields,
	type OptionSchema,
	optional,
	type Resolved,
	schemaOf,
	withDefault,
} from "../options/field.ts";
import { flag, headerText } from "../options/kinds.ts";
import { ARCHIVED_CLASSES } from "../s3/objects/archived-classes.ts";
import { type ConnectDefaults, STORAGE_FIELDS, type StorageOptions } from "../s3/options.ts";
import { SOURCE_FIELDS, type SourceDefaults } from "../sources/options.ts";
import type { SourceOptions } from "../sources/source-options.ts";
import { checkMetadata, OBJECT_FIELDS, type ObjectOptions } from "../storage/put/object-options.ts";
import { checkTags } from "../storage/put/object-tags.ts";
import { UPLOAD_SCHEMA, type UploadZipOptions } from "../upload/options.ts";
import { methodField } from "../zip/method-field.ts";

type PutOptions = Pick<
	UploadZipOptions,
	| "partSize"
	| "concurrency"
	| "bandwidthLimit"
	| "verifySample"
	| "beforeComplete"
	| "retryTimeMs"
	| "comment"
	| "signal"
	| "onEvent"
>;

/**
 * How an archive in a bucket is changed. What is said of the object is about the new one: where nothing is given, it keeps content
 * type, content disposition, cache control, metadata, tags, storage class, encryption with keys of a key service, and the comment of the
 * archive whose place it takes.
 */
export interface EditOptions extends StorageOptions, ObjectOptions, PutOptions {
	/**
	 * Finds out what would be done, and whether it can be, and changes nothing.
	 *
	 * @defaultValue `false`
	 */
	readonly dryRun?: boolean | undefined;
}

/** What `removeFromZip` takes. */
export interface RemoveFromZipOptions extends EditOptions {
	/**
	 * Leaves an archive without entries if all match.
	 *
	 * @defaultValue `false`: that fails
	 */
	readonly allowEmpty?: boolean | undefined;
}

/** What `mergeZips` takes. */
export interface MergeZipsOptions extends EditOptions {
	/**
	 * Takes the entry of the last archive that has it, where several have one of the same name.
	 *
	 * @defaultValue `false`: that fails with `DUPLICATE_ENTRY`; a directory that several have is no contradiction
	 */
	readonly replace?: boolean | undefined;
	/**
	 * Fails with `DESTINATION_EXISTS` if there is an object under the key of the target, unless it is one of the archives.
	 *
	 * @defaultValue `false`
	 */
	readonly noClobber?: boolean | undefined;
}

/** What `appendToZip` takes. */
export interface AppendToZipOptions
	extends EditOptions,
		SourceOptions,
		Pick<UploadZipOptions, "expectedSize" | "compressConcurrency"> {
	/**
	 * How the data of new files is stored.
	 *
	 * @defaultValue as the archive was made, if it tells that; else `"auto"`
	 */
	readonly method?: ZipOptions["method"];
	/** Effort of compression, as for {@link ZipOptions.level}; above 9 together with `method` only. By default as the archive was made. */
	readonly level?: ZipOptions["level"];
	/**
	 * Lets a new entry take the place of the one of its name. Not together with `skipErrors` or `skipMissing`: what is left out would
	 * replace nothing, and the old entry be lost.
	 *
	 * @defaultValue `false`: that fails with `DUPLICATE_ENTRY`; a directory that is there already is left as it is
	 */
	readonly replace?: boolean | undefined;
	/**
	 * Leaves the archive as it is if there is nothing to add.
	 *
	 * @defaultValue `false`: that fails with `SOURCE_EMPTY`
	 */
	readonly allowEmpty?: boolean | undefined;
}

type EditDefaults = ConnectDefaults | "dryRun" | "verifySample" | "onEvent";

/** {@link EditOptions} with their defaults. */
export type EditSettings = Resolved<EditOptions, EditDefaults>;

const { partSize, concurrency, bandwidthLimit, verifySample, beforeComplete, retryTimeMs } =
	UPLOAD_SCHEMA.fields;
const { signal, onEvent, expectedSize, compressConcurrency, level, noClobber } = UPLOAD_SCHEMA.fields;

const EDIT_FIELDS: Fields<EditOptions, EditDefaults> = {
	...STORAGE_FIELDS,
	...OBJECT_FIELDS,
	contentType: optional(headerText()),
	...{ partSize, concurrency, bandwidthLimit, verifySample, beforeComplete, retryTimeMs, signal, onEvent },
	comment: optional(UPLOAD_SCHEMA.fields.comment),
	dryRun: withDefault(flag(), false),
};

function checkEdit(settings: EditSettings): void {
	const { storageClass } = settings;
	if (storageClass !== undefined && ARCHIVED_CLASSES.has(storageClass)) throw unreadable(storageClass);
	checkArchive({ comment: settings.comment ?? "", method: "auto", level: undefined });
	checkMetadata(settings);
	checkTags(settings);
}

/** An archive would take the place of another one before it turns out that it cannot be read back. */
function unreadable(storageClass: string): InvalidOptionError {
	const rule = `is ${storageClass}, whose objects cannot be read back before they are restored`;
	return new InvalidOptionError(`storageClass ${rule}`, { option: "storageClass", rule });
}

type RemoveDefaults = EditDefaults | "allowEmpty";

export const REMOVE_SCHEMA: OptionSchema<RemoveFromZipOptions, RemoveDefaults> = schemaOf<
	RemoveFromZipOptions,
	RemoveDefaults
>()({ ...EDIT_FIELDS, allowEmpty: withDefault(flag(), false) }, checkEdit);

type MergeDefaults = EditDefaults | "replace" | "noClobber";

export const MERGE_SCHEMA: OptionSchema<MergeZipsOptions, MergeDefaults> = schemaOf<
	MergeZipsOptions,
	MergeDefaults
>()({ ...EDIT_FIELDS, replace: withDefault(flag(), false), noClobber }, checkEdit);

type AppendDefaults = EditDefaults | SourceDefaults | "replace" | "allowEmpty" | "compressConcurrency";

export const APPEND_SCHEMA: OptionSchema<AppendToZipOptions, AppendDefaults> = schemaOf<
	AppendToZipOptions,
	AppendDefaults
>()(
	{
		...EDIT_FIELDS,
		...SOURCE_FIELDS,
		...{ expectedSize, compressConcurrency, level },
		method: optional(methodField()),
		replace: withDefault(flag(), false),
		allowEmpty: withDefault(flag(), false),
	},
	(settings) => {
		checkEdit(settings);
		checkArchive({ comment: "", method: settings.method ?? "auto", level: settings.level });
		for (const option of ["skipErrors", "skipMissing"] as const)
			if (settings.replace && settings[option]) throw wouldLose(option);
	},
);

/** An entry would be lost whose replacement is left out. */
function wouldLose(option: string): InvalidOptionError {
	const rule = "could lose what is there: an entry goes, and the one that replaces it is left out";
	return new InvalidOptionError(`replace with ${option} ${rule}`, {
		advice: { kind: "choose-option", options: ["replace", option] },
	});
}
