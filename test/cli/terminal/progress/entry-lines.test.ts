import { describe, expect, it } from "vitest";
import { describeEntryEvent } from "../../../../src/cli/terminal/progress/entry-lines.ts";
import type { NotCopiedReason } from "../../../../src/events.ts";

const REASONS: Readonly<Record<NotCopiedReason, RegExp>> = {
	new: /not in the base/,
	kind: /kind/,
	size: /size/,
	mtime: /time/,
	mode: /mode/,
	content: /content/,
	header: /comment or another field/,
	ctime: /ctime/,
	recent: /time/,
	unknown: /nothing tells/,
	"small-run": /unchanged, .* less than a part/,
	"too-many-parts": /unchanged, .* no more parts/,
};

describe("describeEntryEvent", () => {
	it("says of each entry in a line of 80 columns why it is not copied", () => {
		const lines = Object.entries(REASONS).map(([reason, words]) => {
			const name = "documents/2026/november-report";
			const line = describeEntryEvent({ type: "not-copied", name, reason: reason as NotCopiedReason }) ?? "";
			expect(line).toMatch(/^not copied documents\/2026\/november-report: [a-z]/);
			expect(line).toMatch(words);
			expect(line.length).toBeLessThanOrEqual(90);
			return line;
		});
		expect(new Set(lines).size).toBe(lines.length);
	});

	it("tells copied entries from added ones", () => {
		const entry = { type: "entry", name: "a", kind: "file", method: "stored" } as const;
		const sizes = { uncompressedSize: 2048, compressedSize: 2048 };
		expect(describeEntryEvent({ ...entry, ...sizes })).toBe("added a (2.00 KiB, stored)");
		expect(describeEntryEvent({ ...entry, ...sizes, copied: true })).toBe("copied a (2.00 KiB, stored)");
	});

	it("shows no control characters of a name", () => {
		const line = describeEntryEvent({ type: "not-copied", name: "a\u001b[31m\n", reason: "new" });
		expect(line).not.toContain("\u001b");
		expect(line).not.toContain("\n");
	});
});
