import { InvalidOptionError } from "../../errors.ts";
import { type Fields, optional, type Resolved, withDefault } from "../../options/field.ts";
import { anyText, headerText, headerTextOrEmpty, recordOf } from "../../options/kinds.ts";
import { shorten } from "../../secrets/shorten.ts";

/** Headers and settings that are stored with the object. */
export interface ObjectOptions {
	/**
	 * `Content-Type` of the object.
	 *
	 * @defaultValue `"application/zip"`
	 */
	readonly contentType?: string | undefined;
	/** `Content-Disposition` of the object, for instance `attachment; filename="photos.zip"`. */
	readonly contentDisposition?: string | undefined;
	/** `Cache-Control` of the object, for instance `no-cache`. */
	readonly cacheControl?: string | undefined;
	/**
	 * User metadata, stored as `x-amz-meta-*`. Names that differ in case only are refused: storages lose one. All
	 * metadata may take 2,048 bytes, names and values together, as with S3. Some of it is written by the upload itself, under
	 * names that begin with `zipferry-`, which are refused here: the version of the archive's format, the start of
	 * the run in nanoseconds, `method`, `level`, and `mtime` if it is given.
	 */
	readonly metadata?: Readonly<Record<string, string>> | undefined;
	/**
	 * Tags of the object, for lifecycle rules, policies and bills: at most 10, with keys of up to 128 and values of up to
	 * 256 letters, digits, spaces and `_ . : / = + - @`. Needs the permission `s3:PutObjectTagging`. Cloudflare R2 and
	 * Backblaze B2 have no tags, and are refused before anything is sent.
	 * Ceph drops the tags of an upload in parts; a warning says if the object does not show its tags.
	 */
	readonly tags?: Readonly<Record<string, string>> | undefined;
	/** Storage class, such as `STANDARD_IA`. */
	readonly storageClass?: string | undefined;
	/** Canned ACL, such as `private`. */
	readonly acl?: string | undefined;
	/** Server-side encryption: `AES256` or `aws:kms`. */
	readonly sse?: string | undefined;
	/** Id of the key that `aws:kms` encrypts with; by default the bucket's or the account's. */
	readonly sseKmsKeyId?: string | undefined;
}

export type ObjectDefaults = "contentType";

/** {@link ObjectOptions} with their defaults. */
export type ObjectSettings = Resolved<ObjectOptions, ObjectDefaults>;

/** Refuses values that a header cannot carry: the request would fail last, after all bytes. */
export const OBJECT_FIELDS: Fields<ObjectOptions, ObjectDefaults> = {
	contentType: withDefault(headerText(), "application/zip"),
	contentDisposition: optional(headerText()),
	cacheControl: optional(headerText()),
	metadata: optional(recordOf(headerTextOrEmpty(), "an object with a text for each name")),
	tags: optional(recordOf(anyText(), "an object with a text for each key")),
	storageClass: optional(headerText()),
	acl: optional(headerText()),
	sse: optional(headerText()),
	sseKmsKeyId: optional(headerText()),
};

/**
 * Checks the names of metadata.
 *
 * @throws {InvalidOptionError}
 */
export function checkMetadata({ metadata = {} }: Pick<ObjectOptions, "metadata">): void {
	const names = new Map<string, string>();
	for (const name of Object.keys(metadata)) {
		// RFC 9110, 5.6.2: token
		if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
			const message = `the name "${shorten(name, 100)}" in metadata cannot be part of a header`;
			throw new InvalidOptionError(message, { option: "metadata" });
		}
		const other = names.get(name.toLowerCase());
		if (other !== undefined) {
			const rule = `"${other}" and "${name}" are one name to the storage, which does not tell case apart; give one of them`;
			throw new InvalidOptionError(`metadata ${rule}`, { option: "metadata", rule });
		}
		names.set(name.toLowerCase(), name);
	}
}
