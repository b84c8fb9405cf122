import { applyKeepPolicy } from "../retention/apply-policy.ts";
import type { CalendarSpan, KeepPolicy } from "../retention/keep-policy.ts";
import { LocalCalendar } from "../retention/local-calendar.ts";
import type { BackupArchive } from "./archive-facts.ts";
import { isComplete, isVerified, lockedUntil, provenAt } from "./archive-state.ts";

export interface PruneSettings {
	/** IANA name of the zone whose hours, days and weeks count: that of the template. */
	readonly timeZone: string;
	readonly now: Date;
	/** Removes nothing unless a drill has proven an archive in this time. */
	readonly requireDrill?: CalendarSpan | undefined;
}

/** An archive that stays, and why. */
interface KeptArchive {
	readonly archive: BackupArchive;
	/** At least one. */
	readonly rules: readonly string[];
}

/** An archive that no rule keeps, but the storage does. */
interface LockedArchive {
	readonly archive: BackupArchive;
	/** `undefined` for a legal hold, which has no end of its own. */
	readonly until: Date | undefined;
}

/** What is to become of the archives of a job. All lists from the newest on. */
export interface PrunePlan {
	readonly kept: readonly KeptArchive[];
	readonly locked: readonly LockedArchive[];
	readonly removed: readonly BackupArchive[];
	/** Why nothing is removed at all, whatever the policy says. */
	readonly refusal: PruneRefusal | undefined;
}

export type PruneRefusal =
	/** Nobody has read back any of the archives. */
	| "none-verified"
	/** No drill has proven an archive in the time that was required. */
	| "drill-required";

/**
 * Decides which archives go. Pure.
 *
 * The policy is applied to the archives that have been verified, as if there were no others: so one that was never
 * read back takes nobody's place, and cannot make a good one go. Nor can one that lacks what could not be read, or one
 * from the future ({@link policyGroups}). Those that were not verified are kept if the policy keeps them among all, or
 * if no verified one is newer. Besides, the newest archive of all stays, those from the future, and the last one that
 * a drill has proven.
 *
 * @param archives - In any order.
 * @param policy - Without one nothing goes.
 */
export function planPrune(
	archives: readonly BackupArchive[],
	policy: KeepPolicy | undefined,
	{ timeZone, now, requireDrill }: PruneSettings,
): PrunePlan {
	const newestFirst = [...archives].sort((a, b) => b.time.getTime() - a.time.getTime());
	const calendar = new LocalCalendar(timeZone);
	const reasons = reasonsToKeep(newestFirst, policy, { timeZone, now, calendar });
	const kept: KeptArchive[] = [];
	const locked: LockedArchive[] = [];
	const removed: BackupArchive[] = [];
	const proven = lastProvenOf(newestFirst, now);
	for (const archive of newestFirst) {
		const rules = [...(reasons.get(archive) ?? []), ...(archive === proven ? ["drill"] : [])];
		const until = lockedUntil(archive, now);
		if (rules.length > 0) kept.push({ archive, rules });
		else if (until !== undefined || archive.legalHold === true) locked.push({ archive, until });
		else removed.push(archive);
	}
	const provenAfter = requireDrill && calendar.before(now, requireDrill);
	const refusal = refusalOf(newestFirst, provenAfter, proven);
	if (refusal === undefined || removed.length === 0) return { kept, locked, removed, refusal: undefined };
	const spared = [...kept, ...removed.map((archive) => ({ archive, rules: [REFUSAL_RULES[refusal]] }))];
	const sorted = spared.sort((a, b) => b.archive.time.getTime() - a.archive.time.getTime());
	return { kept: sorted, locked, removed: [], refusal };
}

const REFUSAL_RULES: Readonly<Record<PruneRefusal, string>> = {
	"none-verified": "none verified",
	"drill-required": "drill required",
};

/**
 * The archives of a job in groups, each of which a policy is applied to as if there were no others. What it keeps of any
 * of them stays. So an archive that is worth less takes nobody's place: one that was never read back, one that
 * lacks what could not be read, one whose time says that a clock was wrong.
 *
 * @returns all, those that were verified, and the sound ones among these; a group that is the same as the one before is
 * left out
 */
export function policyGroups(
	archives: readonly BackupArchive[],
	now: Date,
): readonly (readonly BackupArchive[])[] {
	const verified = archives.filter(isVerified);
	const sound = verified.filter((archive) => isComplete(archive) && archive.time <= now);
	return [archives, verified, sound].filter(
		(group, index, groups) => index === 0 || group.length < (groups[index - 1]?.length ?? 0),
	);
}

type Reasons = ReadonlyMap<BackupArchive, readonly string[]>;

function reasonsToKeep(
	newestFirst: readonly BackupArchive[],
	policy: KeepPolicy | undefined,
	settings: Parameters<typeof applyKeepPolicy>[2],
): Reasons {
	const reasons = new Map<BackupArchive, readonly string[]>();
	if (policy === undefined) {
		for (const archive of newestFirst) reasons.set(archive, ["no rule"]);
		return reasons;
	}
	const { now } = settings;
	const newer = newestFirst.slice(0, Math.max(0, newestFirst.findIndex(isVerified)));
	for (const archive of newer) reasons.set(archive, ["not verified"]);
	for (const archive of newestFirst) if (archive.time > now) reasons.set(archive, ["from the future"]);
	for (const group of policyGroups(newestFirst, now))
		for (const { archive, rules } of applyKeepPolicy(group, policy, settings).kept)
			reasons.set(archive, rules);
	return reasons;
}

/** Clocks of the machines that run drills may be ahead by so much; a drill that is later than that proves nothing. */
const AHEAD_MS = 86_400_000;

function lastProvenOf(archives: readonly BackupArchive[], now: Date): BackupArchive | undefined {
	let last: BackupArchive | undefined;
	for (const archive of archives) {
		const at = provenAt(archive);
		const before = last && provenAt(last);
		if (at === undefined || at.getTime() > now.getTime() + AHEAD_MS) continue;
		if (before === undefined || at > before) last = archive;
	}
	return last;
}

function refusalOf(
	archives: readonly BackupArchive[],
	provenAfter: Date | undefined,
	lastProven: BackupArchive | undefined,
): PruneRefusal | undefined {
	if (!archives.some(isVerified)) return "none-verified";
	if (provenAfter === undefined) return undefined;
	const at = lastProven && provenAt(lastProven);
	return at !== undefined && at >= provenAfter ? undefined : "drill-required";
}
