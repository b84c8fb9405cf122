import type { UploadZipOptions } from "../../../upload/options.ts";
import type { DurationText, SizeText, Texts } from "./words.ts";

/** Where the storage is. Without credentials here, those of the environment or of the profile are used. */
export interface StorageConfig {
	/** URL of the storage. */
	readonly "endpoint-url"?: string | undefined;
	/** Region. */
	readonly region?: string | undefined;
	/** Profile of the shared AWS files. */
	readonly profile?: string | undefined;
	/** Kind of storage; by default recognised by its endpoint. */
	readonly provider?: UploadZipOptions["provider"];
	/** Account id, for R2. */
	readonly account?: string | undefined;
	/** Puts the bucket into the path of requests. */
	readonly "path-style"?: boolean | undefined;
	/**
	 * How long it may take to connect.
	 *
	 * @defaultValue `"10s"`
	 */
	readonly "connect-timeout"?: DurationText | undefined;
	/**
	 * How long a connection may be silent before the request is retried.
	 *
	 * @defaultValue `"60s"`
	 */
	readonly "read-timeout"?: DurationText | undefined;
	/** How long a request is retried that fails for a temporary reason. */
	readonly "retry-time"?: DurationText | undefined;
	/** PEM file with certificate authorities to trust. */
	readonly "ca-file"?: string | undefined;
	/** Keys of this job: `${VAR}` or `file:/path`, never in plain text. */
	readonly credentials?: CredentialsConfig | undefined;
}

/** Where a source is that is in another storage than the archive. */
export type SourceStorageConfig = Omit<StorageConfig, "retry-time">;

/** Access keys. */
export interface CredentialsConfig {
	/** Id of the key. */
	readonly "access-key-id": string;
	/** The key. */
	readonly "secret-access-key": string;
	/** Token of temporary keys. */
	readonly "session-token"?: string | undefined;
}

/** Which files go into an archive, and how it is made. */
export interface ArchiveConfig {
	/** Patterns in gitignore syntax. */
	readonly exclude?: Texts | undefined;
	/** Patterns in gitignore syntax: takes nothing else. */
	readonly include?: Texts | undefined;
	/** Files with patterns to exclude, read when the config is. */
	readonly "exclude-from"?: Texts | undefined;
	/** Leaves out larger files. */
	readonly "exclude-larger-than"?: SizeText | undefined;
	/** Leaves out the contents of directories with a `CACHEDIR.TAG`. */
	readonly "exclude-caches"?: boolean | undefined;
	/** Leaves out the contents of directories that have this file; `name:start` if it has to begin so. */
	readonly "exclude-if-present"?: Texts | undefined;
	/** Archives directories on other file systems without their contents. */
	readonly "one-file-system"?: boolean | undefined;
	/**
	 * Keeps symbolic links as links, archives what they point to, or leaves them out.
	 *
	 * @defaultValue `"store"`
	 */
	readonly symlinks?: UploadZipOptions["symlinks"];
	/** Leaves out what cannot be read, with exit code 3. */
	readonly "skip-errors"?: boolean | undefined;
	/**
	 * Objects to request before their turn, 1 to 512.
	 *
	 * @defaultValue `64`
	 */
	readonly "read-ahead"?: number | undefined;
	/**
	 * How much is held of what was requested before its turn.
	 *
	 * @defaultValue `"32M"`
	 */
	readonly "read-ahead-size"?: SizeText | undefined;
	/** Leaves out objects that are gone when their turn comes, with exit code 3. */
	readonly "skip-missing"?: boolean | undefined;
	/** Fails if a file changes while it is read. */
	readonly strict?: boolean | undefined;
	/** Makes an archive even if it has no entries. */
	readonly "allow-empty"?: boolean | undefined;
	/** Changes names that Windows or strict readers refuse. */
	readonly "portable-names"?: boolean | undefined;
	/**
	 * How the data of files is stored.
	 *
	 * @defaultValue `"auto"`
	 */
	readonly method?: UploadZipOptions["method"];
	/**
	 * Effort of compression: of DEFLATE, 1 (fastest) to 9 (smallest); of method `zstd`, 1 to 19.
	 *
	 * @defaultValue `6`; `2` for `zstd`
	 */
	readonly level?: UploadZipOptions["level"];
	/**
	 * Hash of the whole archive that is reported.
	 *
	 * @defaultValue `"md5"`
	 */
	readonly hash?: UploadZipOptions["hash"];
	/** Comment of the archive. */
	readonly comment?: string | undefined;
	/** Time that every entry gets. */
	readonly mtime?: UploadZipOptions["mtime"];
}

/** How the archive is sent, and what is stored with the object. */
export interface ObjectConfig {
	/** Size of the parts. */
	readonly "part-size"?: SizeText | undefined;
	/** Plans parts for an archive of up to this size, where that of a source is unknown. */
	readonly "expected-size"?: SizeText | undefined;
	/**
	 * Parts to send at once, 1 to 64.
	 *
	 * @defaultValue `4`
	 */
	readonly concurrency?: number | undefined;
	/** Bytes per second, such as `"10M"`, or a timetable. */
	readonly bwlimit?: SizeText | undefined;
	/**
	 * The code that sends the parts.
	 *
	 * @defaultValue `"parts"`
	 */
	readonly transport?: UploadZipOptions["transport"];
	/** Media type. */
	readonly "content-type"?: string | undefined;
	/** Header that tells browsers how to save it. */
	readonly "content-disposition"?: string | undefined;
	/** Header that tells caches how long to keep it. */
	readonly "cache-control"?: string | undefined;
	/** User metadata. */
	readonly metadata?: Readonly<Record<string, string>> | undefined;
	/** Tags of the object, at most ten. */
	readonly tags?: Readonly<Record<string, string>> | undefined;
	/** Storage class, such as `STANDARD_IA`. */
	readonly "storage-class"?: string | undefined;
	/** Canned ACL, such as `private`. */
	readonly acl?: string | undefined;
	/** Server-side encryption: `AES256` or `aws:kms`. */
	readonly sse?: string | undefined;
	/** Key for `aws:kms`. */
	readonly "sse-kms-key-id"?: string | undefined;
}
