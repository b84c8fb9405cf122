import type { UploadZipOptions } from "../../../upload/options.ts";
import type { Occasion } from "../../tell/tell-settings.ts";
import type { KeepConfig, ObjectLockConfig } from "./keep-config.ts";
import type { MailConfig, WebhookConfig } from "./tell-config.ts";
import type { ArchiveConfig, ObjectConfig, SourceStorageConfig, StorageConfig } from "./upload-config.ts";
import type { CommandText, DurationText } from "./words.ts";

/** One backup in a config file: what goes where, for how long, and who is told. */
export interface JobConfig extends JobDefaults {
	/** Files and directories by their paths, what is behind addresses, and commands whose output becomes an entry. */
	readonly sources: SourceConfig | readonly SourceConfig[];
}

/** A path or an address; either with a name in the archive; entries of another archive; or a command. */
export type SourceConfig = string | PathConfig | UrlConfig | ArchivedConfig | CommandConfig;

/** A file or directory. */
export interface PathConfig {
	/** Where it is. */
	readonly path: string;
	/** Its name in the archive; empty for the contents of a directory at the root. */
	readonly as?: string | undefined;
}

/** The objects below a prefix of a bucket, one object, or what a web server sends. */
export interface UrlConfig {
	/** `s3://bucket/prefix/`, `s3://bucket/key` or `https://…`. */
	readonly url: string;
	/** Its name in the archive; empty for what is below a prefix at the root. */
	readonly as?: string | undefined;
	/** Where the bucket is; by default where the archive goes. */
	readonly storage?: SourceStorageConfig | undefined;
}

/** Entries of another archive. */
export interface ArchivedConfig {
	/** Path or address of the archive. */
	readonly archive: string;
	/** An entry in it, or a directory with all that is below; by default everything. */
	readonly entry?: string | undefined;
	/** Its name in the new archive; empty for the contents of a directory at the root. */
	readonly as?: string | undefined;
	/** Where the bucket of the archive is; by default where the new one goes. */
	readonly storage?: SourceStorageConfig | undefined;
}

/** A command whose output becomes an entry. */
export interface CommandConfig {
	/** Program and arguments, which no shell sees, or a line for the shell. */
	readonly command: CommandText;
	/** Name of the entry. */
	readonly name: string;
}

/** Settings that every job can have. Those of an upload have the names that the command line has for them. */
export interface JobDefaults extends StorageConfig, ArchiveConfig, ObjectConfig {
	/** Address with a time in it: `s3://bucket/{host}/{name}/%Y-%m-%dT%H-%M-%SZ.zip`. Each job needs one. */
	readonly target?: string | undefined;
	/** Fills `{host}`; by default the name of the machine. */
	readonly host?: string | undefined;
	/**
	 * IANA name of the zone that times in keys, `keep` and `schedule` are of.
	 *
	 * @defaultValue `"UTC"`
	 */
	readonly "time-zone"?: string | undefined;
	/**
	 * How the archive is read back before anything older may go.
	 *
	 * @defaultValue `"structure"`
	 */
	readonly verify?: "structure" | "content" | undefined;
	/** Which archives are kept; without it nothing is ever removed. */
	readonly keep?: KeepConfig | undefined;
	/**
	 * Removes old versions as well, on versioned buckets.
	 *
	 * @defaultValue `false`
	 */
	readonly "prune-versions"?: boolean | undefined;
	/** Removes nothing unless a restore drill has succeeded within this span, such as `"30d"`. */
	readonly "require-drill"?: string | undefined;
	/** Lets the storage refuse to remove archives before `keep` drops them. */
	readonly "object-lock"?: ObjectLockConfig | undefined;
	/**
	 * How long to wait for another run of the same job.
	 *
	 * @defaultValue `0`: a second run fails at once
	 */
	readonly "lock-wait"?: DurationText | undefined;
	/**
	 * Keeps runs of this job on other machines away, by an object in the bucket, where the storage has what that takes.
	 *
	 * @defaultValue `true`
	 */
	readonly lease?: boolean | undefined;
	/** Commands that run around the backup. */
	readonly hooks?: HooksConfig | undefined;
	/**
	 * Uploads nothing if names, sizes and times of all sources are as they were.
	 *
	 * @defaultValue `false`
	 */
	readonly "skip-if-unchanged"?: boolean | undefined;
	/**
	 * Has the storage copy what has not changed since the newest archive that was verified, and sends only the rest; more in an object. Each
	 * archive is complete and independent all the same.
	 *
	 * @defaultValue `false`: all is made from the sources and sent
	 */
	readonly rolling?: boolean | RollingConfig | undefined;
	/**
	 * Makes an archive anew from the sources when the last one that was made so is that old, such as `"every 30d"`.
	 *
	 * @defaultValue only where there is nothing to copy from
	 */
	readonly full?: string | undefined;
	/** Cron expression of five or six fields, with more in an object, for `zipferry schedule`. */
	readonly schedule?: string | ScheduleConfig | undefined;
	/** Address to call as healthchecks.io has it, or one for each occasion. A secret. `{name}` and `{host}` may be in it. */
	readonly ping?: string | Readonly<Partial<Record<Occasion, string>>> | undefined;
	/** Address that gets the report as JSON, or more in an object. */
	readonly webhook?: string | WebhookConfig | undefined;
	/** E-mail about runs. */
	readonly mail?: MailConfig | undefined;
	/** Address of an Apprise API server, or more in an object. A secret. */
	readonly apprise?: string | WebhookConfig | undefined;
	/** File for the textfile collector of Prometheus' node exporter. `{name}` and `{host}` may be in it. */
	readonly "metrics-file"?: string | undefined;
}

/** A line for the shell, or several; program and arguments of one are a list in that list. */
export type HookConfig = string | readonly CommandText[];

/** See {@link JobDefaults.hooks}. */
export interface HooksConfig {
	/** Before the sources are read. If one fails, nothing is published. */
	readonly before?: HookConfig | undefined;
	/** When the archive is published and verified. */
	readonly after?: HookConfig | undefined;
	/** When the run has failed. */
	readonly failed?: HookConfig | undefined;
	/** At the end, whatever happened. */
	readonly finally?: HookConfig | undefined;
}

/** How archives are compared with the ones before: `rolling` of a job. */
export interface RollingConfig {
	/**
	 * How a file is compared: by size, mode and times, or by its content, for which it is read.
	 *
	 * @defaultValue `"mtime"`
	 */
	readonly "base-check"?: UploadZipOptions["baseCheck"];
	/**
	 * Takes no notice of the time at which the attributes of a file changed last (ctime).
	 *
	 * @defaultValue `false`
	 */
	readonly "ignore-ctime"?: boolean | undefined;
	/**
	 * Has the storage join runs of unchanged neighbours that are too short to be copied alone, in temporary objects beside the archive that
	 * are deleted afterwards; see {@link UploadZipOptions.joinRuns}.
	 *
	 * @defaultValue `false`
	 */
	readonly "join-runs"?: boolean | undefined;
	/**
	 * The share of what was copied that is read back, at least 16 entries.
	 *
	 * @defaultValue `"1%"`
	 */
	readonly "verify-sample"?: number | string | undefined;
}

/** See {@link JobDefaults.schedule}. */
export interface ScheduleConfig {
	/** Five or six fields, or `@daily` and the like. */
	readonly cron: string;
	/** IANA name of a zone; by default that of the job. */
	readonly "time-zone"?: string | undefined;
	/** Starts up to so much later, at random. */
	readonly jitter?: DurationText | undefined;
}
