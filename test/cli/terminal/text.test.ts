import { expect, it } from "vitest";
import { formatBytes, formatCount, formatSeconds, printable } from "../../../src/cli/terminal/text.ts";

it.each([
	[0, "0 B"],
	[999, "999 B"],
	[1000, "0.977 KiB"],
	[1023 * 1024, "0.999 MiB"],
	[1.4 * 1024 ** 3, "1.40 GiB"],
	[5000 * 1024 ** 4, "5.00e+3 TiB"],
])("shows %d bytes as %s", (bytes, text) => {
	expect(formatBytes(bytes)).toBe(text);
});

it.each([
	[0, "0:00"],
	[59.6, "1:00"],
	[3_599, "59:59"],
	[3_600, "1:00:00"],
	[90_061, "25:01:01"],
])("shows %d seconds as %s", (seconds, text) => {
	expect(formatSeconds(seconds)).toBe(text);
});

it("counts one thing, and more", () => {
	expect([formatCount(1, "entry", "entries"), formatCount(1_000, "entry", "entries")]).toEqual([
		"1 entry",
		"1,000 entries",
	]);
});

it("shows what moves the cursor, or turns the direction, as what it is", () => {
	expect(printable("a\u001b[2J\n\u202eb\u2028")).toBe("a\\x1b[2J\\x0a\\u{202e}b\\u{2028}");
	expect(printable("Prüfung 日本 🎉")).toBe("Prüfung 日本 🎉");
});
