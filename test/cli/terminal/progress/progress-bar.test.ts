import { describe, expect, it } from "vitest";
import { type BarState, drawProgress } from "../../../../src/cli/terminal/progress/progress-bar.ts";

const MiB = 1024 * 1024;
const STATE: BarState = {
	share: 0.376,
	confirmedSize: 120 * MiB,
	rate: 4.5 * MiB,
	secondsLeft: 42,
	secondsGone: 75,
	resumedSize: 0,
	copiedSize: 0,
	entryCount: 1234,
	entryName: "photos/2026/a-rather-long-name.jpg",
};

describe("drawProgress", () => {
	it.each([
		[79, "████████░░░░░░░░░░░░ 37% 120 MiB 4.50 MiB/s 0:42 left …6/a-rather-long-name.jpg"],
		[60, "████████░░░░░░░░░░░░ 37% 120 MiB 4.50 MiB/s 0:42 left"],
		[39, "██░░░░ 37% 120 MiB 4.50 MiB/s 0:42 left"],
		[36, "█░░ 37% 120 MiB 4.50 MiB/s 0:42 left"],
		[35, "████░░░░░░ 37% 4.50 MiB/s 0:42 left"],
		[19, "██░░░ 37% 0:42 left"],
		[17, "█░░ 37% 0:42 left"],
		[16, "37% 0:42 left"],
		[12, "███░░░░░ 37%"],
		[7, "█░░ 37%"],
		[6, "37%"],
	])("leaves out the least important things in %d columns, and fills the rest", (columns, line) => {
		expect(drawProgress(STATE, columns, true)).toBe(line);
	});

	it("is never wider than the terminal, with names of wide characters or not", () => {
		for (const entryName of ["写真🎉".repeat(20), "e\u0301".repeat(60), "x".repeat(200), ""])
			for (let columns = 4; columns < 160; columns += 1) {
				const line = drawProgress({ ...STATE, entryName }, columns, true);
				const wide = line.match(/[写真🎉]/gu)?.length ?? 0;
				expect([...line].length + wide).toBeLessThanOrEqual(columns);
			}
	});

	it("keeps percentage and time left down to 20 columns, also where that takes hours", () => {
		const line = drawProgress({ ...STATE, share: 0.07, secondsLeft: 45_296 }, 17, true);
		expect(line).toBe("7% 12:34:56 left");
	});

	it("shows bytes, time and rate where there is no total", () => {
		const open = { ...STATE, share: undefined, secondsLeft: undefined };
		const shown = (columns: number) => drawProgress(open, columns, true);
		expect(shown(79)).toBe("120 MiB 1,234 entries in 1:15 4.50 MiB/s photos/2026/a-rather-long-name.jpg");
		expect(shown(39)).toBe("120 MiB in 1:15 4.50 MiB/s …ng-name.jpg");
		// What is one stream has no number of entries to speak of.
		const stream = { ...open, entryCount: 1 };
		expect(drawProgress(stream, 60, true)).toBe(
			"120 MiB in 1:15 4.50 MiB/s …otos/2026/a-rather-long-name.jpg",
		);
		expect(drawProgress(open, 19, true)).toBe("120 MiB in 1:15");
	});

	it("says what an earlier run has sent, and what is not known yet", () => {
		const begun = { ...STATE, rate: undefined, secondsLeft: undefined, resumedSize: 100 * MiB };
		expect(drawProgress(begun, 60, false)).toBe(
			"########------------ 37% 120 MiB (100 MiB resumed) -:-- left",
		);
	});

	it("tells what is copied apart from what is sent", () => {
		const copying = { ...STATE, copiedSize: 5017 * MiB };
		expect(drawProgress(copying, 79, false)).toBe(
			"########------------ 37% 120 MiB + 4.90 GiB copied 4.50 MiB/s 0:42 left",
		);
		const all = { ...copying, share: undefined, rate: undefined, confirmedSize: 0, entryCount: 1 };
		expect(drawProgress({ ...all, entryName: "a" }, 40, false)).toBe("0 B + 4.90 GiB copied in 1:15 a");
	});
});
