import { expect, it } from "vitest";
import { listArchives, surveyArchives } from "../../../src/backup/archives/list-archives.ts";
import { updateRecord } from "../../../src/backup/archives/record.ts";
import { BUCKET } from "../../support/demo-server.ts";
import { TEMPLATE, useArchiveBucket } from "./archive-bucket.ts";

const bucket = useArchiveBucket();

const survey = () => surveyArchives(bucket().connection, TEMPLATE);

it("lists the archives of a template from the oldest on, with what their metadata and records say", async () => {
	const newer = await bucket().add("2026-11-02T03:00:00Z");
	const older = await bucket().addVerified("2026-11-01T03:00:00Z");
	const archives = await listArchives(bucket().connection, TEMPLATE);
	expect(archives).toMatchObject([
		{
			...older,
			time: new Date("2026-11-01T03:00:00Z"),
			metadata: { format: 1, job: "job", template: TEMPLATE.text },
			record: { etag: older.etag, verified: [{ level: "structure" }] },
		},
		{ ...newer, time: new Date("2026-11-02T03:00:00Z"), record: undefined },
	]);
});

it("takes objects for strangers that no run with the template has put there", async () => {
	await bucket().server.put(TEMPLATE.keyAt(new Date("2026-11-01T03:00:00Z")), "by hand");
	await bucket().add("2026-11-02T03:00:00Z", { template: undefined });
	await bucket().add("2026-11-03T03:00:00Z", { template: "s3://demo/job/%F.zip" });
	await bucket().add("2026-11-04T03:00:00Z", { job: "other" });
	await bucket().add("2026-11-05T03:00:00Z", { job: undefined });
	const { archives, strangers } = await surveyArchives(bucket().connection, TEMPLATE, { job: "job" });
	expect(archives).toMatchObject([{ key: "job/2026-11-05T03-00-00Z.zip" }]);
	expect(strangers).toEqual([
		{ key: "job/2026-11-01T03-00-00Z.zip", reason: "was not put there by zipferry" },
		{ key: "job/2026-11-02T03-00-00Z.zip", reason: "is no archive of a backup" },
		{ key: "job/2026-11-03T03-00-00Z.zip", reason: "belongs to the template s3://demo/job/%F.zip" },
		{ key: "job/2026-11-04T03-00-00Z.zip", reason: "belongs to the job other" },
	]);
	expect((await survey()).archives).toHaveLength(2);
});

it("passes over keys that the template does not make", async () => {
	for (const key of [
		"job/2026-11-01.zip",
		"job/2026-11-31T03-00-00Z.zip",
		"job/x.lease.json",
		"job/x.record.json",
	])
		await bucket().server.put(key, "something");
	expect(await survey()).toEqual({ archives: [], strangers: [], recordsOfGone: [] });
});

it("takes no record for that of an archive that has replaced another", async () => {
	await bucket().addVerified("2026-11-01T03:00:00Z");
	await bucket().add("2026-11-01T03:00:00Z", { bytes: Buffer.from("another") });
	expect((await survey()).archives).toMatchObject([{ size: 7, record: undefined }]);
});

it("tells records whose archives are gone", async () => {
	const gone = { key: "job/2026-11-01T03-00-00Z.zip", etag: "abc", versionId: undefined };
	await updateRecord(bucket().connection, BUCKET, gone, (record) => record);
	expect(await survey()).toEqual({ archives: [], strangers: [], recordsOfGone: [gone.key] });
});
