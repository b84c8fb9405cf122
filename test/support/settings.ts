import { CREATE_ZIP_SCHEMA, type CreateZipOptions, type MakeSettings } from "../../src/archive/options.ts";
import { schemaOf } from "../../src/options/field.ts";
import { resolveOptions } from "../../src/options/resolve-options.ts";
import {
	CONNECT_FIELDS,
	type ConnectDefaults,
	type ConnectOptions,
	type ConnectSettings,
} from "../../src/s3/options.ts";
import { SOURCE_FIELDS, type SourceDefaults, type SourceSettings } from "../../src/sources/options.ts";
import type { SourceOptions } from "../../src/sources/source-options.ts";
import {
	OBJECT_FIELDS,
	type ObjectDefaults,
	type ObjectOptions,
	type ObjectSettings,
} from "../../src/storage/put/object-options.ts";

/** Options as the functions inside get them: checked, with their defaults. */

const SOURCE_SCHEMA = schemaOf<SourceOptions, SourceDefaults>()(SOURCE_FIELDS);
const CONNECT_SCHEMA = schemaOf<ConnectOptions, ConnectDefaults>()(CONNECT_FIELDS);
const OBJECT_SCHEMA = schemaOf<ObjectOptions, ObjectDefaults>()(OBJECT_FIELDS);

export function sourceSettings(options: SourceOptions = {}): SourceSettings {
	return resolveOptions(SOURCE_SCHEMA, options);
}

export function makeSettings(options: CreateZipOptions = {}): MakeSettings {
	return resolveOptions(CREATE_ZIP_SCHEMA, options);
}

export function connectSettings(options: ConnectOptions = {}): ConnectSettings {
	return resolveOptions(CONNECT_SCHEMA, options);
}

export function objectSettings(options: ObjectOptions = {}): ObjectSettings {
	return resolveOptions(OBJECT_SCHEMA, options);
}
