import { describe, expect, it } from "vitest";
import { reportText, subjectOf } from "../../../src/backup/tell/report-text.ts";
import { FAILURE, RUNNING, SUCCESS } from "./run-reports.ts";

describe("the subject of a run", () => {
	it.each([
		[SUCCESS, "backup photos on db1: 1.5 GiB, 12,345 entries"],
		[FAILURE, "backup photos on db1: FAILED (exit code 5)"],
		[RUNNING, "backup photos on db1: started"],
		[{ ...SUCCESS, status: "unchanged" }, "backup photos on db1: nothing has changed"],
		[{ ...FAILURE, job: undefined }, "backup on db1: FAILED (exit code 5)"],
	] as const)("says what has happened (%#)", (report, subject) => {
		expect(subjectOf(report)).toBe(subject);
	});

	it("tells of files that are not in the archive", () => {
		const { archive } = SUCCESS;
		const report = { ...SUCCESS, archive: archive && { ...archive, skippedCount: 3 } };
		expect(subjectOf(report)).toBe("backup photos on db1: 1.5 GiB, 12,345 entries, 3 files left out");
	});
});

describe("the text of a run", () => {
	it("says what was copied, and from where", () => {
		const { archive } = SUCCESS;
		const copied = {
			base: "db1/photos/2026-11-25T02-00-00Z.zip",
			copiedEntryCount: 12_000,
			copiedSize: 1_073_741_824,
		};
		const text = reportText({ ...SUCCESS, archive: archive && { ...archive, ...copied } });
		expect(text).toContain(
			"\ncopied     12,000 entries, 1 GiB\nfrom       s3://backups/db1/photos/2026-11-25T02-00-00Z.zip\n",
		);
		expect(reportText(SUCCESS)).not.toContain("copied");
	});

	it("has the figures, one a line", () => {
		expect(reportText(SUCCESS)).toBe(
			[
				"backup photos on db1: 1.5 GiB, 12,345 entries",
				"",
				"started    2026-11-26T02:00:00.000Z",
				"took       12 min 5 s",
				"archive    s3://backups/db1/photos/2026-11-26T02-00-00Z.zip",
				"size       1.5 GiB (1,610,612,736 bytes)",
				"entries    12,345",
				"left out   0",
				"verified   content",
				"kept       14",
				"removed    2",
				"",
			].join("\n"),
		);
	});

	it("begins with the error of a run that failed", () => {
		expect(reportText(FAILURE).split("\n")[2]).toBe(
			"STORAGE_REFUSED: PutObject to s3://backups/k was refused: AccessDenied",
		);
	});

	it("is bounded, however many warnings there are, and has no secrets", () => {
		const warnings = Array.from({ length: 1000 }, (_, index) => ({
			code: "CHANGED_WHILE_READ" as const,
			message: `https://me:hunter22@host/${index} ${"x".repeat(2000)}`,
		}));
		const text = reportText({ ...SUCCESS, warnings });
		expect(text.length).toBeLessThan(10_010);
		expect(text).toContain("1,000 warnings:");
		expect(text).not.toContain("hunter22");
	});
});
