import type { DurationText } from "./words.ts";

/** How many archives a rule keeps, 1 or more; `"all"` for no end. */
export type KeepCount = number | "all";

/** Archives that any of these rules keeps stay; the others are removed after a run. Spans are such as `"1y6m"`. */
export interface KeepConfig {
	/** The newest ones. */
	readonly last?: KeepCount | undefined;
	/** The newest of each of so many hours that have one. */
	readonly hourly?: KeepCount | undefined;
	/** The newest of each of so many days that have one. */
	readonly daily?: KeepCount | undefined;
	/** The newest of each of so many weeks that have one. */
	readonly weekly?: KeepCount | undefined;
	/** The newest of each of so many months that have one. */
	readonly monthly?: KeepCount | undefined;
	/** The newest of each of so many years that have one. */
	readonly yearly?: KeepCount | undefined;
	/** All of that span before the newest one. */
	readonly within?: string | undefined;
	/** The newest of each hour of that span. */
	readonly "within-hourly"?: string | undefined;
	/** The newest of each day of that span. */
	readonly "within-daily"?: string | undefined;
	/** The newest of each week of that span. */
	readonly "within-weekly"?: string | undefined;
	/** The newest of each month of that span. */
	readonly "within-monthly"?: string | undefined;
	/** The newest of each year of that span. */
	readonly "within-yearly"?: string | undefined;
	/**
	 * At least so many, whatever the rules say.
	 *
	 * @defaultValue `1`
	 */
	readonly min?: number | undefined;
}

/** How the storage holds archives: `object-lock` of a job. */
export interface ObjectLockConfig {
	/** Whether somebody with a special permission can remove it earlier, or nobody. */
	readonly mode: "governance" | "compliance";
	/** Longest span for which an archive is locked, such as `"1y"`. */
	readonly max?: string | undefined;
	/** Time between two runs, if the job has no schedule. */
	readonly interval?: DurationText | undefined;
}
