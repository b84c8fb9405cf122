import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../../src/errors.ts";
import { checkMetadata } from "../../../src/storage/put/object-options.ts";
import { objectSettings } from "../../support/settings.ts";

describe("metadata", () => {
	it("is refused where two names differ in case only, as the storage would keep one", () => {
		const check = () => checkMetadata({ metadata: { Owner: "a", other: "b", OWNER: "c" } });
		expect(check).toThrow(InvalidOptionError);
		expect(check).toThrow(/^metadata "Owner" and "OWNER" are one name to the storage/);
	});

	it("may have names with capitals", () => {
		expect(() => checkMetadata({ metadata: { Owner: "a", Other: "b" } })).not.toThrow();
	});

	it("names the value that a header cannot carry", () => {
		const facts = { option: "metadata.owner", value: '"Jörg"' };
		expect(() => objectSettings({ metadata: { owner: "Jörg" } })).toThrow(expect.objectContaining(facts));
	});
});

describe("object options", () => {
	it("have a type by default", () => {
		expect(objectSettings()).toEqual({ contentType: "application/zip" });
	});
});
