import { describe, expect, it } from "vitest";
import { formatHttpDate, parseHttpDate } from "../../../src/http/conditions/http-date.ts";

const MOMENT = Date.UTC(1994, 10, 6, 8, 49, 37);

describe("parseHttpDate (RFC 9110, 5.6.7)", () => {
	it.each(["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])(
		"reads %s",
		(text) => {
			expect(parseHttpDate(text)).toBe(MOMENT);
		},
	);

	it.each([
		"",
		"0",
		"1994-11-06T08:49:37Z",
		"Sun, 06 Nov 1994 08:49:37 +0100",
		"Sun, 06 Foo 1994 08:49:37 GMT",
	])("takes no other text for a date: %j", (text) => {
		expect(parseHttpDate(text)).toBeUndefined();
	});

	it("takes two digits for a year that is at most fifty years ahead", () => {
		const [ahead, behind] = [40, 60].map((years) => new Date().getUTCFullYear() + years);
		for (const [year = 0, expected = 0] of [
			[ahead, ahead],
			[behind, (behind ?? 0) - 100],
		]) {
			const digits = String(year % 100).padStart(2, "0");
			const read = parseHttpDate(`Sunday, 06-Nov-${digits} 08:49:37 GMT`) ?? 0;
			expect(new Date(read).getUTCFullYear()).toBe(expected);
		}
	});

	it("reads what is written", () => {
		expect(formatHttpDate(MOMENT)).toBe("Sun, 06 Nov 1994 08:49:37 GMT");
		expect(parseHttpDate(formatHttpDate(MOMENT))).toBe(MOMENT);
	});
});
