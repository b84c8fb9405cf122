import { describe, expect, it } from "vitest";
import { tagsOf } from "../../../../localstack/strict-s3/operations/tagging.ts";

describe("the tags of an object, in the embedded server", () => {
	it("are read from the header", () => {
		expect(tagsOf({ "x-amz-tagging": "a=b%20c&%C3%BC=" })).toEqual({ a: "b c", ü: "" });
		expect(tagsOf({})).toEqual({});
	});

	it.each([
		["more than ten", Array.from({ length: 11 }, (_, index) => `k${index}=v`).join("&"), "BadRequest"],
		["a key twice", "a=1&a=2", "InvalidTag"],
		["no key", "=1", "InvalidTag"],
		["a long key", `${"k".repeat(129)}=v`, "InvalidTag"],
		["a long value", `k=${"v".repeat(257)}`, "InvalidTag"],
		["other characters", "a%2Cb=v", "InvalidTag"],
	])("are refused: %s", (_what, header, code) => {
		expect(() => tagsOf({ "x-amz-tagging": header })).toThrow(expect.objectContaining({ code }));
	});
});
