import { describe, expect, it } from "vitest";
import { RunReport } from "../../src/archive/run-report.ts";
import type { ZipferryEvent } from "../../src/events.ts";
import type { PutEvent } from "../../src/storage/put/put-event.ts";
import { putEventTeller } from "../../src/upload/put-events.ts";

/** What a listener of the public API is told of these events of a transport. */
function told(...events: readonly PutEvent[]): ZipferryEvent[] {
	const heard: ZipferryEvent[] = [];
	const report = new RunReport((event) => heard.push(event));
	const tell = putEventTeller(report, { partSize: 5, resumable: true });
	for (const event of events) tell(event);
	return heard;
}

describe("putEventTeller", () => {
	it("tells of a new upload, its parts' size and whether they are kept", () => {
		expect(told({ type: "upload-created", uploadId: "u" })).toEqual([
			{ type: "upload-created", uploadId: "u", partSize: 5, resumable: true },
		]);
	});

	it("tells of progress, and of what was resumed", () => {
		const resumed = { count: 1, size: 5 };
		expect(told({ type: "part-completed", uploadedSize: 10, resumed })).toMatchObject([
			{ type: "progress", uploadedSize: 10, resumedSize: 5 },
		]);
	});

	it("passes on repetitions, and what is kept", () => {
		const retry = { type: "retry", operation: "UploadPart", reason: "SlowDown", waitMs: 200 } as const;
		const kept = { type: "upload-kept", uploadId: "u", partCount: 2, size: 10 } as const;
		expect(told(retry, kept)).toEqual([retry, kept]);
	});

	it("warns once of parts that cannot be compared, however many there are", () => {
		const heard = told(
			{ type: "part-not-comparable", partNumber: 1 },
			{ type: "part-not-comparable", partNumber: 2 },
		);
		expect(heard).toMatchObject([{ type: "warning", code: "NOT_RESUMED" }]);
	});
});
