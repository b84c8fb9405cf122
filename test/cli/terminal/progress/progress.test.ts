import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { showProgress } from "../../../../src/cli/terminal/progress/progress.ts";
import { CapturedStream } from "../../../faults/captured-stream.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const MiB = 1_048_576;
const SIZES = { readSize: 5 * MiB, archiveSize: 5 * MiB, uploadedSize: 0, resumedSize: 0, copiedSize: 0 };
const PLANNED = { entryCount: 7, sourceSize: 10 * MiB, sizeBound: 10 * MiB, zip64: false };

describe("progress in a log", () => {
	it.each([
		["written", undefined],
		["checked", "checked"],
	] as const)("is a line every 5 s, which says what was %s", (word, done) => {
		const stderr = new CapturedStream();
		const style = { display: "lines", notes: false, entries: false, done } as const;
		const progress = showProgress(style, { stderr: stderr.asOutput() } as Parameters<typeof showProgress>[1]);
		void progress.onEvent({ type: "planned", ...PLANNED, partSize: undefined, maxPartCount: undefined });
		const tell = () => void progress.onEvent({ type: "progress", entryCount: 3, entryName: "a", ...SIZES });
		vi.advanceTimersByTime(4_000);
		tell();
		expect(stderr.text).toBe("");
		vi.advanceTimersByTime(2_000);
		tell();
		expect(stderr.text).toMatch(new RegExp(`^50%, 3 entries, 5\\.00 MiB read, 5\\.00 MiB ${word}.*: a\\n$`));
	});
});
