import { expect, it } from "vitest";
import { RunReport } from "../../src/archive/run-report.ts";
import type { ZipferryEvent } from "../../src/events.ts";
import { putEventTeller } from "../../src/upload/put-events.ts";

it("warns once of an archive that may outgrow its parts, when it has filled a tenth of them", () => {
	const events: ZipferryEvent[] = [];
	const tell = putEventTeller(new RunReport((event) => void events.push(event)), {
		partSize: 10,
		resumable: false,
		capacity: 1000,
		sizeWarning: { code: "SIZE_UNKNOWN", message: "it may get too large" },
	});
	const warningsAt = (uploadedSize: number) => {
		tell({ type: "part-completed", uploadedSize, resumed: { count: 0, size: 0 }, copiedSize: 0 });
		return events.splice(0).filter(({ type }) => type === "warning");
	};
	expect(warningsAt(99)).toEqual([]);
	expect(warningsAt(100)).toMatchObject([{ code: "SIZE_UNKNOWN" }]);
	expect(warningsAt(110)).toEqual([]);
});
