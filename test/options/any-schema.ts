import type { InvalidOptionError } from "../../src/errors.ts";
import type { OptionSchema } from "../../src/options/field.ts";
import { resolveOptions } from "../../src/options/resolve-options.ts";

/** A schema whose options are not known to the compiler. */
export type AnySchema = Pick<OptionSchema<object>, "fields"> & Pick<OptionSchema<object, never>, "object">;

export function resolve(schema: AnySchema, given: unknown): unknown {
	return resolveOptions(schema as OptionSchema<object>, given as object);
}

export function refusalOf(schema: AnySchema, given: unknown): InvalidOptionError {
	try {
		resolve(schema, given);
	} catch (error) {
		return error as InvalidOptionError;
	}
	throw new Error("it was taken");
}
