import type { BackupArchive } from "../archives/archive-facts.ts";
import type { BackupRow } from "../archives/archive-rows.ts";
import { fullStart } from "../rolling/full-start.ts";
import type { ReportedArchive } from "./report-facts.ts";

/** A run reads its archive back at its end. A first check that comes later was somebody else's. */
const LONGEST_RUN_MS = 86_400_000;

/** What the page tells of an archive, of all that is known of it. */
export function reportedArchive(row: BackupRow): ReportedArchive {
	const { archive, entryCount, keptBy, lastDrill: drill, lockedUntil } = row;
	const { key, time, size, record, metadata } = archive;
	const verified = record?.verified.at(-1);
	return {
		...{ key, time, size, entryCount, keptBy, elapsedMs: elapsedMs(archive), verified, drill, lockedUntil },
		fullStarted: metadata.fullStartedNs === undefined ? undefined : fullStart(metadata),
	};
}

/** From the start of the run, which its metadata has, to the first time that the archive was read back, which its record has. */
function elapsedMs({ metadata, record }: BackupArchive): number | undefined {
	const verifiedAt = record?.verified[0]?.at;
	if (verifiedAt === undefined) return undefined;
	const elapsed = Date.parse(verifiedAt) - Number(BigInt(metadata.startedNs) / 1_000_000n);
	return elapsed >= 0 && elapsed <= LONGEST_RUN_MS ? elapsed : undefined;
}
