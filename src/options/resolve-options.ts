import * as v from "valibot";
import { InvalidOptionError } from "../errors.ts";
import { allowedOf, type Field, type OptionSchema, type Resolved } from "./field.ts";
import { invalidOption } from "./invalid-option.ts";
import { isObject } from "./kinds.ts";
import { nearestOf } from "./nearest.ts";
import { shownValue } from "./shown-value.ts";

/** Where the options are, if they are not the last argument of a function. */
export interface OptionPlace {
	/** Path that the names of options are behind: `sources[2]`. */
	readonly path: string;
	/** For a person: ` of the entry "a.txt"`. */
	readonly about?: string;
}

const LAST_ARGUMENT: OptionPlace = { path: "" };

/**
 * Checks options and fills in the defaults.
 *
 * @throws {InvalidOptionError} for the first option that is missing, unknown or has a wrong value.
 */
export function resolveOptions<Options, Defaulted extends keyof Options>(
	schema: OptionSchema<Options, Defaulted>,
	given: Options,
	place: OptionPlace = LAST_ARGUMENT,
): Resolved<Options, Defaulted> {
	if (!isObject(given) || Array.isArray(given))
		throw invalidOption(place.path === "" ? "options" : place.path, "an object", given, place.about);
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
	if (!result.success) throw errorAt(path, result.issues[0], undefined, "");
}

function errorOf(
	fields: Readonly<Record<string, v.GenericSchema>>,
	given: object,
	issue: v.BaseIssue<unknown>,
	{ path, about = "" }: OptionPlace,
): InvalidOptionError {
	// First: a name that is missing may just be misspelt.
	for (const name in given)
		if (!Object.hasOwn(fields, name))
			return unknownOption(path === "" ? name : `${path}.${name}`, name, fields);
	const [{ key = undefined } = {}, ...deeper] = issue.path ?? [];
	const missing = deeper.length === 0 && typeof key === "string" ? fields[key] : undefined;
	return errorAt(path, issue, missing, about);
}

/** A message that begins with a space is a rule of its own, and not a list of values. */
function ruled(option: string, { message, input }: v.BaseIssue<unknown>, about: string): InvalidOptionError {
	const rule = message.trimStart();
	return new InvalidOptionError(`${option}${about} ${rule}`, { option, value: shownValue(input), rule });
}

/** @param missing - The field that was looked for, in case that it is not there. */
function errorAt(
	path: string,
	issue: v.BaseIssue<unknown>,
	missing: v.GenericSchema | undefined,
	about: string,
): InvalidOptionError {
	const steps = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? `[${key}]` : `.${key}`));
	const option = `${path}${steps.join("")}`.replace(/^\./, "");
	if (issue.message.startsWith(" ")) return ruled(option, issue, about);
	if (issue.type !== "strict_object" || issue.expected === "Object")
		return invalidOption(option, issue.message, issue.input, about);
	// An object has one name more than it can have, or one less.
	if (issue.expected === "never") return new InvalidOptionError(`there is no option ${option}`, { option });
	const allowed = missing && allowedOf(missing);
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
