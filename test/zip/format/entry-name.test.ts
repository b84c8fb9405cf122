import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	checkEntryName,
	displayName,
	encodeEntryName,
	isAscii,
	isNonAsciiUtf8,
	isUtf8,
} from "../../../src/zip/format/entry-name.ts";
import { InvalidEntryNameError } from "../../../src/zip/format/entry-name-errors.ts";
import { hex } from "../../support/bytes.ts";

describe("checkEntryName (APPNOTE 4.4.17.1)", () => {
	it.each([
		["", "is empty"],
		["/", "is absolute"],
		["/etc/passwd", "is absolute"],
		["//host/share", "is absolute"],
		["a//b", "empty segment"],
		["a//", "empty segment"],
		[".", '"." segment'],
		["./a", '"." segment'],
		["a/./b", '"." segment'],
		["a/.", '"." segment'],
		["a/./", '"." segment'],
		["..", '".." segment'],
		["../x", '".." segment'],
		["a/../x", '".." segment'],
		["a/..", '".." segment'],
		["a/../", '".." segment'],
		["a\0b", "NUL"],
		["a".repeat(65_536), "65536 bytes"],
	])("refuses %j", (name, reason) => {
		expect(() => checkEntryName(Buffer.from(name))).toThrow(InvalidEntryNameError);
		expect(() => checkEntryName(Buffer.from(name))).toThrow(reason);
	});

	it.each([
		"a",
		"a/",
		"a/b/c",
		"...",
		".hidden",
		"..a",
		"a..",
		".a/..b/",
		" ",
		"-rf",
		"--help",
		"line\nbreak",
		"\u001b[31m",
		"back\\slash",
		"..\\up",
		"con",
		"a<b>|?*",
		"__proto__",
		"constructor",
		"a".repeat(65_535),
	])("takes %j", (name) => {
		expect(() => checkEntryName(Buffer.from(name))).not.toThrow();
	});

	it("takes bytes that are no UTF-8", () => {
		expect(() => checkEntryName(hex("ff fe 2f 80"))).not.toThrow();
	});

	it("lets through only names that stay in the folder they are extracted to", () => {
		const segment = fc.oneof(fc.constantFrom("", ".", "..", "...", "a", "\0", "\\", "é"), fc.string());
		fc.assert(
			fc.property(fc.array(segment, { maxLength: 5 }), (segments) => {
				const name = segments.join("/");
				const parts = name.replace(/\/$/, "").split("/");
				const sound = name !== "" && !name.includes("\0") && !parts.some((part) => /^\.{0,2}$/.test(part));
				const check = () => checkEntryName(Buffer.from(name));
				if (sound) expect(check).not.toThrow();
				else expect(check).toThrow(InvalidEntryNameError);
			}),
		);
	});
});

describe("encodeEntryName", () => {
	it("gives UTF-8, and leaves the form of accents alone", () => {
		expect(encodeEntryName("é/e\u0301")).toEqual(hex("c3a9 2f 65cc81"));
	});

	it.each(["C:\\x", "c:/x", "\ud800", "a\udc00b", "../x"])("refuses %j", (name) => {
		expect(() => encodeEntryName(name)).toThrow(InvalidEntryNameError);
	});

	it.each(["C:x", "ab:/x", "\u{1f600}"])("takes %j", (name) => {
		expect(encodeEntryName(name)).toEqual(Buffer.from(name));
	});
});

describe("the language encoding flag (APPNOTE 4.4.4, bit 11)", () => {
	it.each([
		["61", false],
		["0a 1b 7f", false],
		["c3a9", true],
		["e9", false],
		["61 c3", false],
		["eda080", false],
		["c080", false],
		["efbbbf", true],
		["f09f9880", true],
		["f4908080", false],
	])("depends on %s being UTF-8 and not ASCII: %s", (bytes, marked) => {
		expect(isNonAsciiUtf8(hex(bytes))).toBe(marked);
	});

	it("agrees with what a decoder makes of any bytes", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
				const survives = Buffer.from(Buffer.from(bytes).toString("utf8")).equals(bytes);
				expect(isUtf8(bytes)).toBe(survives);
				expect(isAscii(bytes)).toBe(
					Buffer.from(bytes).toString("latin1") === Buffer.from(bytes).toString("ascii"),
				);
			}),
		);
	});
});

describe("displayName", () => {
	it("shows what is no UTF-8 as U+FFFD", () => {
		expect(displayName(hex("61 e9 62"))).toBe("a\ufffdb");
		expect(displayName(new Uint8Array(hex("c3a9")))).toBe("é");
	});
});
