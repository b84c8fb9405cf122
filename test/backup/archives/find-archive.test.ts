import { describe, expect, it } from "vitest";
import { findArchive } from "../../../src/backup/archives/find-archive.ts";
import { endOfMoment } from "../../../src/backup/archives/given-moment.ts";
import { TEMPLATE, useArchiveBucket } from "./archive-bucket.ts";

describe("finding an archive", () => {
	const bucket = useArchiveBucket();
	const find = (before?: string) =>
		findArchive(bucket().connection, TEMPLATE, before === undefined ? undefined : new Date(before));

	it("gives the newest, or the newest before a moment", async () => {
		for (const time of ["2026-10-01T03:00:00Z", "2026-09-30T03:00:00Z", "2026-10-02T03:00:00Z"])
			await bucket().add(time);
		expect(await find()).toMatchObject({ key: "job/2026-10-02T03-00-00Z.zip" });
		expect(await find("2026-10-02T03:00:00Z")).toMatchObject({ key: "job/2026-10-01T03-00-00Z.zip" });
		expect(await find("2026-10-02T03:00:00.001Z")).toMatchObject({ key: "job/2026-10-02T03-00-00Z.zip" });
	});

	it("passes over objects that no run has put there", async () => {
		await bucket().add("2026-10-01T03:00:00Z");
		await bucket().server.put("job/2026-10-02T03-00-00Z.zip", "by hand");
		await bucket().add("2026-10-03T03:00:00Z", { template: "s3://demo/other/%F.zip" });
		expect(await find()).toMatchObject({ key: "job/2026-10-01T03-00-00Z.zip" });
	});

	it("names the oldest and the newest there are where all are later", async () => {
		await bucket().add("2026-10-01T03:00:00Z");
		await bucket().add("2026-10-02T03:00:00Z");
		await expect(find("2026-09-01T00:00:00Z")).rejects.toMatchObject({
			code: "SOURCE_NOT_FOUND",
			message: `there is no archive of that time of ${TEMPLATE.text}; the oldest one is s3://demo/job/2026-10-01T03-00-00Z.zip, the newest s3://demo/job/2026-10-02T03-00-00Z.zip`,
		});
	});

	it("says that there is none at all", async () => {
		await expect(find()).rejects.toMatchObject({
			code: "SOURCE_NOT_FOUND",
			message: `there is no archive of ${TEMPLATE.text}`,
		});
	});
});

describe("the moment before which an archive is looked for", () => {
	it.each([
		["2026-10-01", "UTC", "2026-10-02T00:00:00.000Z"],
		["2026-10-01", "Europe/Berlin", "2026-10-01T22:00:00.000Z"],
		["2026-10-25", "Europe/Berlin", "2026-10-25T23:00:00.000Z"],
		["2026-10-01T12:00", "Europe/Berlin", "2026-10-01T10:00:00.001Z"],
		["2026-10-01T12:00:00Z", "Europe/Berlin", "2026-10-01T12:00:00.001Z"],
		["2026-10-01T12:00:00+02:00", "UTC", "2026-10-01T10:00:00.001Z"],
	])("is the end of %s in %s", (text, timeZone, end) => {
		expect(endOfMoment("at", text, timeZone).toISOString()).toBe(end);
	});

	it.each(["", "yesterday", "2026-13-01", "2026-10", "10/01/2026", "2026-10-01T25:00"])(
		"is not %j",
		(text) => {
			expect(() => endOfMoment("at", text, "UTC")).toThrow(
				expect.objectContaining({ code: "INVALID_OPTION" }),
			);
		},
	);
});
