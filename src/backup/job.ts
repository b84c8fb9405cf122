import type {
	ArchivedSource,
	CommandSource,
	PathListSource,
	PathSource,
	UrlSource,
} from "../sources/source.ts";
import type { UploadZipOptions } from "../upload/options.ts";
import type { CalendarSpan, KeepPolicy } from "./retention/keep-policy.ts";
import type { TellSettings } from "./tell/tell-settings.ts";
import type { KeyTemplate } from "./template/key-template.ts";

export type { CommandSource } from "../sources/source.ts";

/** A file or directory of a job, a list of them that can be gone through again, what is elsewhere, or a command. */
export type JobSource = PathSource | PathListSource | UrlSource | ArchivedSource | CommandSource;

/** A command that runs around a backup; text is given to the shell. */
export type Hook = string | readonly [program: string, ...args: string[]];

/** Commands that run around a backup, in order. */
export interface Hooks {
	/** If one fails, the run fails and nothing is published. */
	readonly before: readonly Hook[];
	/** Run when the archive is published and verified. If one fails, the run fails, and retention does not happen. */
	readonly after: readonly Hook[];
	/** Run when the run has failed. */
	readonly failed: readonly Hook[];
	/** Run at the end, whatever happened. */
	readonly finally: readonly Hook[];
}

/** Retention by the storage: nobody can delete an archive before the policy drops it. */
export interface ObjectLock {
	readonly mode: "governance" | "compliance";
	/** At most so far in the future. */
	readonly max: CalendarSpan | undefined;
	/** Time between two runs, milliseconds, if the job has no schedule. */
	readonly intervalMs: number | undefined;
}

/** How archives are made of the ones before. */
export interface Rolling {
	/** Makes an archive anew from the sources when the last one that was made so is that old. */
	readonly fullEvery: CalendarSpan | undefined;
}

/** All settings of an upload that a job may have, by their names in the library. */
export type JobUpload = Omit<
	UploadZipOptions,
	| "bucket"
	| "key"
	| "signal"
	| "onEvent"
	| "noClobber"
	| "verify"
	| "beforeComplete"
	| "base"
	| "baseVersionId"
>;

/** One backup, checked and ready to run: what the command line and the config file both become. */
export interface BackupJob {
	/** Fills `{name}` in the template; the name of the job in the config file. */
	readonly name: string | undefined;
	readonly sources: readonly JobSource[];
	readonly template: KeyTemplate;
	readonly upload: JobUpload;
	/** How the archive is read back before anything older may go. */
	readonly verify: "structure" | "content";
	/** Without one nothing is ever removed. */
	readonly keep: KeepPolicy | undefined;
	/** Removes old versions as well, on versioned buckets. */
	readonly pruneVersions: boolean;
	/** Refuses to remove the last archive that a drill has proven, and anything at all if that is older. */
	readonly requireDrill: CalendarSpan | undefined;
	readonly objectLock: ObjectLock | undefined;
	/** How long to wait for another run of the same job, milliseconds; 0 fails at once. */
	readonly lockWaitMs: number;
	/** Whether an object in the bucket keeps runs on other machines away. */
	readonly lease: boolean;
	readonly hooks: Hooks;
	readonly tell: TellSettings;
	readonly skipIfUnchanged: boolean;
	/** Has the storage copy what has not changed since the archive before; else all is made from the sources. */
	readonly rolling: Rolling | undefined;
	/** Cron expression, and what belongs to it; only the config file has one. */
	readonly schedule: JobSchedule | undefined;
}

/** When a job runs. */
export interface JobSchedule {
	/** Five or six fields, as cron has them. */
	readonly cron: string;
	/** IANA name; by default that of the template. */
	readonly timeZone: string;
	/** Up to so many milliseconds later, at random, so that many machines do not start at once. */
	readonly jitterMs: number;
}
