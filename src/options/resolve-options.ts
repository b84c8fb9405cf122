import * as v from "valibot";
import { InvalidOptionError } from "../errors.ts";
import type { Field, OptionSchema, Resolved } from "./field.ts";
import { invalidOption } from "./invalid-option.ts";
import { isObject } from "./kinds.ts";
import { nearestOf } from "./nearest.ts";

/** Where the options are, if they are not the last argument of a function. */
export interface Place {
	/** Path that the names of options are behind: `sources[2]`. */
	readonly path: string;
	/** For a person: ` of the entry "a.txt"`. */
	readonly about?: string;
}

const LAST_ARGUMENT: Place = { path: "" };

/**
 * Checks options and fills in the defaults.
 *
 * @throws {InvalidOptionError} for the first option that is missing, unknown or has a wrong value.
 */
export function resolveOptions<Options, Defaulted extends keyof Options>(
	schema: OptionSchema<Options, Defaulted>,
	given: Options,
	place: Place = LAST_ARGUMENT,
): Resolved<Options, Defaulted> {
	const result = v.safeParse(schema.object, given, { abortEarly: true });
	if (!result.success) throw errorOf(schema.fields, given, result.issues[0], place);
	schema.check(result.output);
	return result.output;
}

/**
 * Whether {@link resolveOptions} takes them, for what is there by the million: it looks at the options that
 * are given only, and makes no new object.
 *
 * @param required - Options that have to be there.
 */
export function areOptions<Options>(
	schema: OptionSchema<Options>,
	given: Options,
	required: readonly (keyof Options)[],
): boolean {
	const fields: Readonly<Record<string, v.GenericSchema>> = schema.fields;
	if (!isObject(given) || Array.isArray(given)) return false;
	for (const name of required) if (!(name in given)) return false;
	for (const name in given) {
		const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
		if (field === undefined || !v.is(field, given[name])) return false;
	}
	return true;
}

/**
 * Checks a value that is no option of an object.
 *
 * @throws {InvalidOptionError}
 */
export function checkValue<Given, Settled>(field: Field<Given, Settled>, given: Given, path: string): void {
	const result = v.safeParse(field, given, { abortEarly: true });
	if (!result.success) throw invalidOption(path, result.issues[0].message, given);
}

function errorOf(
	fields: Readonly<Record<string, v.GenericSchema>>,
	given: unknown,
	issue: v.BaseIssue<unknown>,
	{ path, about = "" }: Place,
): InvalidOptionError {
	const under = (name: string) => (path === "" ? name : `${path}.${name}`);
	if (!isObject(given) || Array.isArray(given))
		return invalidOption(path === "" ? "options" : path, "an object", given, about);
	// First: a name that is missing may just be misspelt.
	for (const name in given) if (!Object.hasOwn(fields, name)) return unknownOption(under(name), name, fields);
	const steps = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? `[${key}]` : `.${key}`));
	const option = under(steps.join("").replace(/^\./, ""));
	if (issue.type !== "strict_object" || issue.expected === "Object")
		return invalidOption(option, issue.message, issue.input, about);
	// Of an object within the options: one name more than it has, or one less.
	if (issue.expected === "never") return new InvalidOptionError(`there is no option ${option}`, { option });
	const field = steps.length === 1 ? fields[option.slice(under("").length)] : undefined;
	const allowed = field && v.safeParse(field, undefined, { abortEarly: true }).issues?.[0].message;
	const hint = allowed === undefined ? "" : `; it must be ${allowed}`;
	return new InvalidOptionError(`${option}${about} is missing${hint}`, { option, allowed });
}

function unknownOption(
	option: string,
	name: string,
	fields: Readonly<Record<string, unknown>>,
): InvalidOptionError {
	const names = Object.keys(fields);
	const nearest = nearestOf(name, names);
	const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
	const allowed = nearest ?? `one of ${names.join(", ")}`;
	return new InvalidOptionError(`there is no option ${option}${hint}`, { option, allowed });
}
