import { describe, expect, it } from "vitest";
import type { ArchiveRecord, Verification } from "../../../src/backup/archives/archive-facts.ts";
import type { BackupRow } from "../../../src/backup/archives/archive-rows.ts";
import { reportedArchive } from "../../../src/backup/report/reported-archive.ts";

const UNKNOWN = { verifiedAt: undefined, lockedUntil: undefined, lastDrill: undefined, provenAt: undefined };
const START = 1_795_665_600_123;

function row(verified: readonly Verification[] | undefined): BackupRow {
	const record: Omit<ArchiveRecord, "verified"> = {
		...{ version: 1, etag: "e", versionId: undefined, drills: [], locks: [] },
	};
	return {
		archive: {
			key: "photos/2026-11-26.zip",
			versionId: undefined,
			time: new Date("2026-11-26T00:00:00Z"),
			size: 1234,
			etag: "e",
			metadata: {
				...{ format: 1, startedNs: `${START}456789`, method: "auto", level: 6, mtime: undefined },
				...{ job: undefined, template: "s3://b/photos/%Y-%m-%d.zip", fingerprint: undefined },
			},
			record: verified && { ...record, verified },
		},
		entryCount: 5,
		keptBy: ["daily"],
		...UNKNOWN,
	};
}

describe("reportedArchive", () => {
	it("leaves out what nobody knows", () => {
		const unknown = { elapsedMs: undefined, verified: undefined, drill: undefined };
		expect(reportedArchive(row(undefined))).toMatchObject({ size: 1234, entryCount: 5, ...unknown });
	});

	it("takes the time from the start of the run to the first check as its duration", () => {
		const verified = [90_000, 9_000_000].map((ms) => ({
			at: new Date(START + ms).toISOString(),
			level: "structure" as const,
		}));
		const reported = reportedArchive(row(verified));
		expect(reported.elapsedMs).toBe(90_000);
		expect(reported.verified).toEqual(verified[1]);
	});

	it("tells when all of it was last made from the sources, if parts of it were copied", () => {
		const full = row(undefined);
		expect(reportedArchive(full).fullStarted).toBeUndefined();
		const metadata = { ...full.archive.metadata, fullStartedNs: "1793500200000000000" };
		const rolled = { ...full, archive: { ...full.archive, metadata } };
		expect(reportedArchive(rolled).fullStarted).toEqual(new Date("2026-11-01T02:30:00Z"));
	});

	it("takes no check of a later day for the end of the run", () => {
		expect(reportedArchive(row([{ at: "2026-12-24T00:00:00.000Z", level: "content" }])).elapsedMs).toBe(
			undefined,
		);
	});
});
