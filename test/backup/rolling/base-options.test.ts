import { expect, it } from "vitest";
import type { BackupArchive } from "../../../src/backup/archives/archive-facts.ts";
import { backupBase, baseOptions } from "../../../src/backup/rolling/base-options.ts";

const FULL: BackupArchive = {
	key: "job/2026-11-25.zip",
	versionId: "v1",
	time: new Date("2026-11-25T00:00:00Z"),
	size: 1,
	etag: "e1",
	metadata: {
		...{ format: 1, startedNs: "1795651200000000000", method: "auto", level: 6 },
		...{ mtime: undefined, job: "job", template: "t", fingerprint: undefined },
	},
	record: undefined,
};

it("the base of a run is pinned by its version where there is one, and by its ETag", () => {
	const base = "s3://bucket/job/2026-11-25.zip";
	expect(baseOptions({ bucket: "bucket" }, FULL)).toEqual({ base, baseVersionId: "v1" });
	const unversioned = { ...FULL, versionId: undefined };
	expect(baseOptions({ bucket: "bucket" }, unversioned)).toEqual({ base, baseVersionId: undefined });
	expect(backupBase(FULL)).toMatchObject({ etag: "e1", base: FULL.key });
});

it("the start of the last full archive is handed on from archive to archive", () => {
	const { startedNs } = FULL.metadata;
	expect(backupBase(FULL).fullStartedNs).toBe(startedNs);
	const rolled = { ...FULL, metadata: { ...FULL.metadata, startedNs: "1795737600000000000" } };
	const later = { ...rolled, metadata: { ...rolled.metadata, fullStartedNs: startedNs } };
	expect(backupBase(later).fullStartedNs).toBe(startedNs);
});
