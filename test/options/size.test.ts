import { describe, expect, it } from "vitest";
import { parseSize } from "../../src/options/size.ts";

const KiB = 1024;
const MiB = 1024 * KiB;

describe("parseSize", () => {
	it.each([
		["1", 1],
		["16777216", 16 * MiB],
		["16777216B", 16 * MiB],
		["16M", 16 * MiB],
		["16m", 16 * MiB],
		["16Mi", 16 * MiB],
		["16 MiB", 16 * MiB],
		["16mb", 16 * MiB],
		["1.5k", 1536],
		["2G", 2048 * MiB],
		["1T", 1024 ** 4],
	])("reads %s: a plain number is bytes, units are powers of 1024", (text, bytes) => {
		expect(parseSize("--size", text)).toBe(bytes);
	});

	it.each(["", "0", "0M", "-1", "16X", "16MM", "M", "0.1k", "1e3", "0x10", "1,000", "16M 4"])(
		"refuses %j, and shows it as it was typed",
		(text) => {
			expect(() => parseSize("--size", text)).toThrow(`--size is a size such as 16M or 1G, not "${text}"`);
		},
	);

	it("refuses a plain number that was meant as MiB, and says what it is", () => {
		expect(() => parseSize("--size", "16", 5 * MiB)).toThrow(
			'--size "16" is 16 bytes, less than 5 MiB; 16M is 16 MiB',
		);
		expect(() => parseSize("--size", "1", 5 * MiB)).toThrow(
			'--size "1" is 1 byte, less than 5 MiB; 1M is 1 MiB',
		);
		expect(() => parseSize("--size", "5242879", 5 * MiB)).toThrow(/^--size "5242879" .*, less than 5 MiB$/);
		expect(parseSize("--size", "5242880", 5 * MiB)).toBe(5 * MiB);
		expect(parseSize("--size", "16k", 5 * MiB)).toBe(16 * KiB); // whoever says a unit means it
	});
});
