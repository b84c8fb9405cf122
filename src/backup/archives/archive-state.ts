import type { ArchiveRecord, BackupArchive, Drill } from "./archive-facts.ts";

/** Whether somebody has read the archive back since it was published, and found it whole, and nobody has found otherwise since. */
export function isVerified({ record }: BackupArchive): boolean {
	if (record === undefined || isRefuted(record)) return false;
	return record.verified.length > 0 || lastProven(record.drills) !== undefined;
}

/** Whether nothing was left out of the archive because it could not be read. */
export function isComplete({ record }: BackupArchive): boolean {
	return record?.incomplete !== true;
}

/** When the archive was read back for the last time. */
export function verifiedAt({ record }: BackupArchive): Date | undefined {
	return newest(record?.verified.map(({ at }) => new Date(at)) ?? []);
}

/** The last restore that was tried. */
export function lastDrill({ record }: BackupArchive): Drill | undefined {
	return record?.drills.reduce<Drill | undefined>((last, drill) => later(last, drill), undefined);
}

/** When a restore succeeded for the last time; `undefined` also if one has failed since. */
export function provenAt({ record }: BackupArchive): Date | undefined {
	if (record === undefined || isRefuted(record)) return undefined;
	const drill = lastProven(record.drills);
	return drill === undefined ? undefined : new Date(drill.at);
}

/**
 * Until when the storage does not let the archive go: as it says itself, and as runs have noted.
 *
 * @returns `undefined` if it would let it go now
 */
export function lockedUntil(
	{ record, lockedUntil: told }: Pick<BackupArchive, "record" | "lockedUntil">,
	now: Date,
): Date | undefined {
	const noted = record?.locks.map(({ until }) => new Date(until)) ?? [];
	const until = newest(told === undefined ? noted : [...noted, told]);
	return until !== undefined && until > now ? until : undefined;
}

/**
 * Whether a restore has failed, and no later one of as many entries has succeeded. Their order is that of the record:
 * the clocks of the machines that have tried need not agree.
 */
function isRefuted({ drills }: ArchiveRecord): boolean {
	return drills.some(
		(failed, index) =>
			!failed.ok && !drills.slice(index + 1).some(({ ok, sample }) => ok && sample >= failed.sample),
	);
}

function lastProven(drills: readonly Drill[]): Drill | undefined {
	return drills.reduce<Drill | undefined>((last, drill) => (drill.ok ? later(last, drill) : last), undefined);
}

function later(last: Drill | undefined, drill: Drill): Drill {
	return last !== undefined && new Date(last.at) > new Date(drill.at) ? last : drill;
}

function newest(times: readonly Date[]): Date | undefined {
	return times.reduce<Date | undefined>(
		(last, time) => (last !== undefined && last > time ? last : time),
		undefined,
	);
}
