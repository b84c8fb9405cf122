import * as v from "valibot";
import { InvalidOptionError, messageOf } from "../../../errors.ts";
import { parseDuration } from "../../../options/duration.ts";
import type { Field } from "../../../options/field.ts";
import { anyText, recordOf } from "../../../options/kinds.ts";
import { parseSize } from "../../../options/size.ts";
import { parseBandwidth } from "../../../storage/parts/bandwidth-limit.ts";
import type { DurationText, SizeText } from "../written/words.ts";

/** A check, and what JSON Schema says of it. */
export type SchemaInWords = v.GenericSchema & {
	/** JSON Schema, where valibot's own words for it are not enough. */
	readonly json?: Readonly<Record<string, unknown>> | undefined;
	/** The kinds that a value can be of. */
	readonly kinds?: readonly v.GenericSchema[];
};

/** Says in JSON Schema what a check takes. */
export function inJson<Value>(field: Field<Value>, json: Readonly<Record<string, unknown>>): Field<Value> {
	// Without its steps, which runs do not look at here: they would be put into words as well.
	const { pipe: _steps, ...bare } = field as Field<Value> & { readonly pipe?: unknown };
	return { ...bare, json } as Field<Value>;
}

/**
 * Text that a parser takes.
 *
 * @param parse - Its errors begin with the label, which is empty here: the place is put in front of them.
 */
function parsed<Value>(
	allowed: string,
	json: Readonly<Record<string, unknown>>,
	accepts: (value: unknown) => boolean,
	parse: (label: string, text: string) => unknown,
): Field<Value> {
	const field = v.pipe(
		v.custom<Value>(accepts, allowed),
		v.rawCheck(({ dataset, addIssue }) => {
			if (!dataset.typed) return;
			try {
				parse("", String(dataset.value));
			} catch (error) {
				if (!(error instanceof InvalidOptionError)) throw error;
				addIssue({ message: error.rule === undefined ? messageOf(error) : ` ${error.rule}` });
			}
		}),
	);
	return inJson(field as unknown as Field<Value>, json);
}

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
const isTextOrNumber = (value: unknown): boolean => isText(value) || typeof value === "number";

const SIZE_JSON = {
	type: ["string", "integer"],
	pattern: "^\\d+(\\.\\d+)?\\s*([KMGTkmgt]([iI]?[bB])?|[KMGTkmgt][iI]|[bB])?$",
};

export function size(leastPlain?: number): Field<SizeText> {
	return parsed("a size such as 16M or 1G", SIZE_JSON, isTextOrNumber, (label, text) =>
		parseSize(label, text, leastPlain),
	);
}

/** @param check - Refuses durations that are out of its range: gets milliseconds. */
export function duration(check?: v.GenericSchema): Field<DurationText> {
	const json = { type: ["string", "number"], pattern: "^\\d+(\\.\\d+)?\\s*(ms|s|m|h|d)?$", minimum: 0 };
	return parsed("a time such as 30s, 10m or 1d", json, isTextOrNumber, (label, text) => {
		const milliseconds = parseDuration(label, text);
		const issue = check && v.safeParse(check, milliseconds, { abortEarly: true }).issues?.[0];
		if (issue !== undefined) throw new InvalidOptionError(`${label} must be ${issue.message}, not "${text}"`);
	});
}

export function bandwidth(): Field<SizeText> {
	return parsed(
		"bytes per second such as 10M, or a timetable",
		{ type: ["string", "integer"], minLength: 1 },
		isTextOrNumber,
		parseBandwidth,
	);
}

/** Text that a function takes, which throws otherwise. */
export function textThat(
	allowed: string,
	pattern: string | undefined,
	parse: (label: string, text: string) => unknown,
): Field<string> {
	return parsed(
		allowed,
		{ type: "string", minLength: 1, ...(pattern === undefined ? {} : { pattern }) },
		isText,
		parse,
	);
}

/** The same for what may be a number as well. */
export function textOrNumberThat<Value extends string | number>(
	allowed: string,
	json: Readonly<Record<string, unknown>>,
	parse: (label: string, text: string) => unknown,
): Field<Value> {
	return parsed(allowed, json, isTextOrNumber, parse);
}

/** A text for each name. */
export function textByName(): Field<Readonly<Record<string, string>>> {
	const json = { type: "object", additionalProperties: { type: "string" } };
	return inJson(recordOf(anyText(), "a mapping of names to texts"), json);
}

/** What a secret is written as, in JSON Schema. */
export const SECRET_PATTERN = "\\$\\{|^file:";

/** A value of one of several kinds, of which its form tells which one. */
export function oneOf<Value>(
	allowed: string,
	...kinds: readonly (readonly [fits: (value: unknown) => boolean, field: v.GenericSchema])[]
): Field<Value> {
	const none = v.custom<Value>(() => false, allowed);
	const field = v.lazy((value) => kinds.find(([fits]) => fits(value))?.[1] ?? none);
	return { ...field, kinds: kinds.map(([, kind]) => kind) } as unknown as Field<Value>;
}

export const isString = (value: unknown): boolean => typeof value === "string";
export const isMapping = (value: unknown): boolean =>
	typeof value === "object" && value !== null && !Array.isArray(value);

/** One, or a list of at least one. */
export function oneOrMore<Value>(item: Field<Value>, allowed: string): Field<Value | readonly Value[]> {
	const list = v.pipe(v.array(item, allowed), v.nonEmpty("a list with something in it"));
	return oneOf(allowed, [Array.isArray, list], [(value) => value !== undefined && value !== null, item]);
}

/** A mapping of names that the field tells; which names it cannot have, `readDeclared` tells. */
export function mapping<Options extends object>(
	entries: { readonly [Name in keyof Options]-?: Field<Options[Name]> },
): Field<Options> {
	return v.strictObject(entries as v.ObjectEntries, "a mapping") as unknown as Field<Options>;
}
