import { describe, expect, it } from "vitest";
import { RunReport } from "../../src/archive/run-report.ts";
import type { Warning } from "../../src/events.ts";

function warn(report: RunReport, code: Warning["code"], count = 1): void {
	for (let index = 0; index < count; index++)
		report.onEvent({ type: "warning", code, message: `${code} ${index}` });
}

describe("RunReport", () => {
	it("keeps the first 1,000 warnings, and never loses that something could not be read", () => {
		const report = new RunReport();
		warn(report, "NAME_NOT_UTF8", 1001);
		expect(report.warnings.map(({ message }) => message).at(-1)).toBe("NAME_NOT_UTF8 999");
		warn(report, "UNREADABLE_SKIPPED", 2);
		expect(report.warnings).toHaveLength(1000);
		expect(report.warnings.at(-1)?.message).toBe("UNREADABLE_SKIPPED 0");
	});

	it("forgets what was said of an archive that is made again, and nothing else", () => {
		const report = new RunReport();
		warn(report, "INSECURE_ENDPOINT");
		report.startArchive();
		warn(report, "CHANGED_WHILE_READ");
		report.startArchive();
		expect(report.warnings.map(({ code }) => code)).toEqual(["INSECURE_ENDPOINT"]);
	});
});
