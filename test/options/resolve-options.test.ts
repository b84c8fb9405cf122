import { describe, expect, it } from "vitest";
import { type OptionSchema, optional, schemaOf, withDefault } from "../../src/options/field.ts";
import { count, flag, recordOf, text } from "../../src/options/kinds.ts";
import { areOptions, resolveOptions } from "../../src/options/resolve-options.ts";
import { rememberSecrets } from "../../src/secrets/known-secrets.ts";
import { refusalOf } from "./any-schema.ts";

interface Options {
	readonly name: string;
	readonly times?: number | undefined;
	readonly loud?: boolean | undefined;
	readonly words?: Readonly<Record<string, string>> | undefined;
}

const SCHEMA: OptionSchema<Options, "times"> = schemaOf<Options, "times">()({
	name: text("a name"),
	times: withDefault(count(1, 9), 3),
	loud: optional(flag()),
	words: optional(recordOf(text("a word"), "an object of words")),
});

describe("resolveOptions", () => {
	it("fills in defaults, and takes undefined for what was not given", () => {
		expect(resolveOptions(SCHEMA, { name: "a" })).toEqual({ name: "a", times: 3 });
		expect(resolveOptions(SCHEMA, { name: "a", times: undefined, loud: undefined })).toMatchObject({
			times: 3,
		});
		expect(resolveOptions(SCHEMA, { name: "a", times: 9 })).toEqual({ name: "a", times: 9 });
	});

	it("takes what an object inherits", () => {
		const shared = Object.create({ name: "a", times: 5 }) as Options;
		expect(resolveOptions(SCHEMA, shared)).toEqual({ name: "a", times: 5 });
	});

	it("says which option, the value as it was given, and what it must be", () => {
		expect(refusalOf(SCHEMA, { name: "a", times: "4" })).toMatchObject({
			code: "INVALID_OPTION",
			option: "times",
			value: '"4"',
			allowed: "a whole number from 1 to 9",
			message: 'times must be a whole number from 1 to 9, not "4"',
		});
	});

	it("says what is missing, and what it must be", () => {
		expect(refusalOf(SCHEMA, { times: 4 })).toMatchObject({
			option: "name",
			message: "name is missing; it must be a name",
		});
	});

	it("tells the misspelt name rather than the one that is missing for it", () => {
		expect(refusalOf(SCHEMA, { nmae: "a" }).message).toBe("there is no option nmae; did you mean name?");
	});

	it("lists what there is for a name that is like no other", () => {
		const { message, allowed } = refusalOf(SCHEMA, { name: "a", compressionLevel: 4 });
		expect(message).toBe("there is no option compressionLevel");
		expect(allowed).toBe("one of name, times, loud, words");
	});

	it.each(["constructor", "toString", "hasOwnProperty"])("knows no option %s", (name) => {
		expect(refusalOf(SCHEMA, { name: "a", [name]: 1 }).option).toBe(name);
	});

	it("names the way to what is wrong inside an option", () => {
		const error = refusalOf(SCHEMA, { name: "a", words: { hi: 5 } });
		expect(error.message).toBe("words.hi must be a word, not 5");
	});

	it("puts the place of the options in front", () => {
		const place = { path: "sources[2]", about: ' of the entry "a.txt"' };
		expect(() => resolveOptions(SCHEMA, { name: "a", times: 0 }, place)).toThrow(
			'sources[2].times of the entry "a.txt" must be a whole number from 1 to 9, not 0',
		);
	});

	it("cuts what is long, and shows no secret", () => {
		rememberSecrets("wJalrXUtnFEMI/K7MDENG");
		const { message, value } = refusalOf(SCHEMA, {
			name: "a",
			times: `wJalrXUtnFEMI/K7MDENG ${"x".repeat(500)}`,
		});
		expect(value?.length).toBeLessThan(110);
		for (const shown of [message, value]) expect(shown).not.toContain("wJalrXUtnFEMI");
	});
});

describe("areOptions", () => {
	it.each<[unknown, boolean]>([
		[{ name: "a" }, true],
		[{ name: "a", times: 4, loud: undefined }, true],
		[{}, false],
		[{ name: undefined }, false],
		[{ name: "a", times: "4" }, false],
		[{ name: "a", tmies: 4 }, false],
		[{ name: "a", toString: 4 }, false],
		[null, false],
		[["a"], false],
	])("judges %j as resolveOptions does: %s", (given, right) => {
		expect(areOptions(SCHEMA as unknown as OptionSchema<Options>, given as Options, ["name"])).toBe(right);
		if (right) expect(() => resolveOptions(SCHEMA, given as Options)).not.toThrow();
		else refusalOf(SCHEMA, given);
	});
});

describe("an object with names of the caller's", () => {
	it("keeps every name, those that JavaScript has a meaning for too", () => {
		const words = JSON.parse('{"__proto__":"a","constructor":"b","prototype":"c"}');
		const resolved = resolveOptions(SCHEMA, { name: "a", words });
		expect(Object.entries(resolved.words ?? {})).toEqual(Object.entries(words));
	});

	it.each(["__proto__", "constructor"])("has a value checked that is called %s", (name) => {
		const words = JSON.parse(`{"${name}":5}`);
		expect(refusalOf(SCHEMA, { name: "a", words }).option).toBe(`words.${name}`);
	});
});
