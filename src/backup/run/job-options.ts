import { schemaOf } from "../../options/field.ts";
import { resolveOptions } from "../../options/resolve-options.ts";
import {
	type ConnectDefaults,
	STORAGE_FIELDS,
	type StorageOptions,
	type StorageSettings,
} from "../../s3/options.ts";
import type { Source } from "../../sources/source.ts";
import type { BackupJob } from "../job.ts";

const STORAGE_SCHEMA = schemaOf<StorageOptions, ConnectDefaults>()(STORAGE_FIELDS);

/** Those settings of a job that say where the storage is. */
export function connectOptions({ upload }: BackupJob): StorageOptions {
	const names = Object.keys(STORAGE_FIELDS) as (keyof StorageOptions)[]; // its keys
	return Object.fromEntries(names.map((name) => [name, upload[name]]));
}

/** The same, checked. @throws {InvalidOptionError} */
export function connectSettings(job: BackupJob): StorageSettings {
	return resolveOptions(STORAGE_SCHEMA, connectOptions(job));
}

/** The sources of a job as an upload takes them. */
export function sourcesOf({ sources, upload: { allowEmpty } }: BackupJob): Source[] {
	return sources.map((source) => ("command" in source ? { allowEmpty, ...source } : source));
}
