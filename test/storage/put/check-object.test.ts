import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../../src/errors.ts";
import { checkObjectOptions } from "../../../src/storage/put/check-object.ts";

describe("metadata", () => {
	it("is refused where two names differ in case only, as the storage would keep one", () => {
		const check = () => checkObjectOptions({ metadata: { Owner: "a", other: "b", OWNER: "c" } });
		expect(check).toThrow(InvalidOptionError);
		expect(check).toThrow(/^metadata "Owner" and "OWNER" are one name to the storage/);
	});

	it("may have names with capitals", () => {
		expect(() => checkObjectOptions({ metadata: { Owner: "a", Other: "b" } })).not.toThrow();
	});
});
