import type { ArchiveMetadata } from "../../upload/archive-metadata.ts";

/** When the run began that has made an archive. */
export function startOf({ startedNs }: Pick<ArchiveMetadata, "startedNs">): Date {
	return timeOf(startedNs);
}

/** When the last run began that has made all of an archive from the sources: its own, unless parts of it were copied. */
export function fullStart({
	startedNs,
	fullStartedNs,
}: Pick<ArchiveMetadata, "startedNs" | "fullStartedNs">): Date {
	return timeOf(fullStartedNs ?? startedNs);
}

/** The same, ISO 8601, for programs; `undefined` for an archive that was made so itself. */
export function fullStartedAt(metadata: Parameters<typeof fullStart>[0]): string | undefined {
	return metadata.fullStartedNs === undefined ? undefined : fullStart(metadata).toISOString();
}

function timeOf(nanoseconds: string): Date {
	return new Date(Number(BigInt(nanoseconds) / 1_000_000n));
}
