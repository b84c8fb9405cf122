import { describe, expect, it } from "vitest";
import { parseEntityTags } from "../../../src/http/conditions/entity-tags.ts";

const strong = (tag: string) => ({ tag, weak: false });
const weak = (tag: string) => ({ tag, weak: true });

describe("parseEntityTags (RFC 9110, 8.8.3)", () => {
	it.each([
		["*", "any"],
		[" * ", "any"],
		['"a"', [strong('"a"')]],
		['""', [strong('""')]],
		['W/"a"', [weak('"a"')]],
		['"a",W/"b" ,, "c,d"', [strong('"a"'), weak('"b"'), strong('"c,d"')]],
		["", []],
		["a", []],
		['"a', []],
		['w/"a"', []],
		['"a", b, "c"', [strong('"a"')]],
	])("%j → %j", (header, expected) => {
		expect(parseEntityTags(header)).toEqual(expected);
	});
});
