import { describe, expect, it } from "vitest";
import { defaultOf, type Fields, optional, schemaOf, withDefault } from "../../src/options/field.ts";
import { choice, count, text } from "../../src/options/kinds.ts";
import { UPLOAD_SCHEMA } from "../../src/upload/options.ts";

interface Options {
	readonly name: string;
	readonly times?: number | undefined;
	readonly how?: "loud" | "low" | undefined;
}

const name = text();
const times = withDefault(count(1, 9), 3);
const how = optional(choice(["loud", "low"]));

describe("the compiler", () => {
	it("holds that options and their fields are the same", () => {
		const right: Fields<Options, "times"> = { name, times, how };
		// @ts-expect-error: an option without a field
		const less: Fields<Options, "times"> = { name, times };
		// @ts-expect-error: a field without an option
		const more: Fields<Options, "times"> = { name, times, how, other: name };
		// @ts-expect-error: the same, of fields that are put together
		schemaOf<Options, "times">()({ ...right, ...{ other: name } });
		// @ts-expect-error: a field that takes some of the values only
		const narrow: Fields<Options, "times"> = { name, times, how: optional(choice(["loud"])) };
		// @ts-expect-error: a field that takes other values
		const wide: Fields<Options, "times"> = { name, times, how: optional(choice(["loud", "low", "no"])) };
		// @ts-expect-error: no default where one is promised
		const bare: Fields<Options, "times"> = { name, times: optional(count(1, 9)), how };
		expect([less, more, narrow, wide, bare]).toHaveLength(5);
	});
});

describe("defaultOf", () => {
	it("tells the default that the schema states", () => {
		expect(defaultOf(UPLOAD_SCHEMA, "transport")).toBe("parts");
		expect(defaultOf(UPLOAD_SCHEMA, "readTimeoutMs")).toBe(60_000);
		expect(defaultOf(UPLOAD_SCHEMA, "compressConcurrency")).toBeGreaterThan(2);
		expect(defaultOf(UPLOAD_SCHEMA, "onEvent")).toBeTypeOf("function");
	});
});
