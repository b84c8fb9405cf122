import * as v from "valibot";
import { type Field, optional } from "../../../options/field.ts";
import { anyText, flag, listOf, text } from "../../../options/kinds.ts";
import { moment } from "../../../options/moment.ts";
import { UPLOAD_SCHEMA } from "../../../upload/options.ts";
import type {
	ArchiveConfig,
	CredentialsConfig,
	ObjectConfig,
	SourceStorageConfig,
	StorageConfig,
} from "../written/upload-config.ts";
import type { Texts } from "../written/words.ts";
import {
	bandwidth,
	duration,
	inJson,
	mapping,
	oneOf,
	oneOrMore,
	SECRET_PATTERN,
	size,
	textByName,
} from "./config-kinds.ts";

const { fields } = UPLOAD_SCHEMA;

/** A check of the library's, without the default: what is not written here may stand elsewhere. */
function same<Value>(field: Field<Value | undefined, unknown>): Field<Value | undefined> {
	const bare = "wrapped" in field ? (field.wrapped as Field<Value>) : (field as unknown as Field<Value>);
	return v.optional(bare);
}

/** A duration, in the range of an option of the library's. */
const time = (field: v.GenericSchema) => optional(duration(same(field as Field<unknown>)));

const PATTERNS = "a pattern, or a list of patterns";
const patterns = (): Field<Texts | undefined> => optional(oneOrMoreTexts(PATTERNS));

/** One text, or a list, which may be empty. */
function oneOrMoreTexts(allowed: string): Field<Texts> {
	return oneOf(
		allowed,
		[Array.isArray, listOf(anyText(allowed), allowed)],
		[(value) => typeof value === "string", text(allowed)],
	);
}

const SECRET = "${VAR} or file:/path";
const secret = (): Field<string> => inJson(text(SECRET), { type: "string", pattern: SECRET_PATTERN });

export const STORAGE_CONFIG: { readonly [Name in keyof StorageConfig]-?: Field<StorageConfig[Name]> } = {
	"endpoint-url": optional(text("a URL such as https://s3.example.com")),
	region: same(fields.region),
	profile: same(fields.profile),
	provider: same(fields.provider),
	account: same(fields.account),
	"path-style": optional(flag()),
	"connect-timeout": time(fields.connectTimeoutMs),
	"read-timeout": time(fields.readTimeoutMs),
	"retry-time": time(fields.retryTimeMs),
	"ca-file": same(fields.caFile),
	credentials: optional(
		mapping<CredentialsConfig>({
			"access-key-id": secret(),
			"secret-access-key": secret(),
			"session-token": optional(secret()),
		}),
	),
};

const { "retry-time": _ofUploads, ...SOURCE_STORAGE } = STORAGE_CONFIG;

/** Where a source is. */
export const SOURCE_STORAGE_CONFIG: Field<SourceStorageConfig> = mapping<SourceStorageConfig>(SOURCE_STORAGE);

export const ARCHIVE_CONFIG: { readonly [Name in keyof ArchiveConfig]-?: Field<ArchiveConfig[Name]> } = {
	exclude: patterns(),
	include: patterns(),
	"exclude-from": optional(oneOrMore(text("the path of a file"), "the path of a file, or a list of paths")),
	"exclude-larger-than": optional(size(0)),
	"exclude-caches": optional(flag()),
	"exclude-if-present": optional(oneOrMoreTexts("the name of a file, or a list of names")),
	"one-file-system": optional(flag()),
	symlinks: same(fields.symlinks),
	"skip-errors": optional(flag()),
	"read-ahead": same(fields.readAhead),
	"read-ahead-size": optional(size(1024 * 1024)),
	"skip-missing": optional(flag()),
	strict: optional(flag()),
	"allow-empty": optional(flag()),
	"portable-names": optional(flag()),
	method: same(fields.method),
	level: same(fields.level),
	hash: same(fields.hash),
	comment: same(fields.comment),
	mtime: optional(inJson(moment(), { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\d" })),
};

export const OBJECT_CONFIG: { readonly [Name in keyof ObjectConfig]-?: Field<ObjectConfig[Name]> } = {
	"part-size": optional(size(5 * 1024 * 1024)),
	"expected-size": optional(size(1024 * 1024)),
	concurrency: same(fields.concurrency),
	bwlimit: optional(bandwidth()),
	transport: same(fields.transport),
	"content-type": same(fields.contentType),
	"content-disposition": same(fields.contentDisposition),
	"cache-control": same(fields.cacheControl),
	metadata: optional(textByName()),
	tags: optional(textByName()),
	"storage-class": same(fields.storageClass),
	acl: same(fields.acl),
	sse: same(fields.sse),
	"sse-kms-key-id": same(fields.sseKmsKeyId),
};
