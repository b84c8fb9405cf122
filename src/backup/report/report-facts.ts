import type { Drill, Verification } from "../archives/archive-facts.ts";
import type { KeepPolicy } from "../retention/keep-policy.ts";

/** What the page about the archives of a job tells. Plain data. */
export interface ReportFacts {
	/** The moment that ages count from. */
	readonly now: Date;
	readonly job: string | undefined;
	/** The template as it was given. */
	readonly template: string;
	/** IANA name of the zone in which times are shown, and days begin. */
	readonly timeZone: string;
	readonly policy: KeepPolicy | undefined;
	/** Oldest first. */
	readonly archives: readonly ReportedArchive[];
}

/** One archive, with what became known of it later. */
export interface ReportedArchive {
	readonly key: string;
	/** The time in its key. */
	readonly time: Date;
	/** Bytes. */
	readonly size: number;
	readonly entryCount: number | undefined;
	/** Time from the start of the run until the archive was proven; `undefined` if nothing tells. */
	readonly elapsedMs: number | undefined;
	/** The rules that keep it; none if it goes next, `undefined` without a policy. */
	readonly keptBy: readonly string[] | undefined;
	/** The last one. */
	readonly verified: Verification | undefined;
	/** The last one. */
	readonly drill: Drill | undefined;
	/** Start of the last run that has made all of it from the sources, if that was an earlier one. */
	readonly fullStarted: Date | undefined;
	/** Until when the storage does not let it go, if it does not. */
	readonly lockedUntil: Date | undefined;
}
