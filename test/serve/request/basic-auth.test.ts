import { describe, expect, it } from "vitest";
import { basicAuth } from "../../../src/serve/request/basic-auth.ts";

const encoded = (text: string) => Buffer.from(text).toString("base64");

describe("basicAuth", () => {
	const check = basicAuth("jörg:pass:word ü");

	it("lets in who has the user and the password, which may have a colon in it", () => {
		expect(check(`Basic ${encoded("jörg:pass:word ü")}`)).toBe(true);
		expect(check(`basic  ${encoded("jörg:pass:word ü")}`)).toBe(true);
	});

	it.each([
		undefined,
		"",
		"Basic",
		"Basic ",
		`Bearer ${encoded("jörg:pass:word ü")}`,
		`Basic ${encoded("jörg:pass:word")}`,
		`Basic ${encoded("other:pass:word ü")}`,
		`Basic ${encoded(":")}`,
		"Basic !!!",
	])("refuses %s", (header) => {
		expect(check(header)).toBe(false);
	});
});
