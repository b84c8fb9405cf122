import * as v from "valibot";

/**
 * The check of one value.
 *
 * `accepts` is never there. It makes the compiler hold that a field takes exactly the values of its type,
 * and not just some of them.
 */
export type Field<Given, Settled = Given> = v.GenericSchema<Given, Settled> & {
	readonly accepts?: (given: Given) => void;
};

/** One field for each option; `Defaulted` are the names of those that have a default. */
export type Fields<Options, Defaulted extends keyof Options = never> = {
	readonly [Name in keyof Options]-?: Field<
		Options[Name],
		Name extends Defaulted ? Exclude<Options[Name], undefined> : Options[Name]
	>;
};

/** Options after {@link resolveOptions}: checked, with their defaults filled in. */
export type Resolved<Options, Defaulted extends keyof Options = never> = Omit<Options, Defaulted> & {
	readonly [Name in Defaulted]-?: Exclude<Options[Name], undefined>;
};

/** All that is known of the options of a function: names, values, defaults. */
export interface OptionSchema<Options, Defaulted extends keyof Options = never> {
	readonly fields: Fields<Options, Defaulted>;
	readonly object: v.GenericSchema<unknown, Resolved<Options, Defaulted>>;
	/** Checks what no single value tells. */
	readonly check: (resolved: Resolved<Options, Defaulted>) => void;
}

/**
 * Makes a schema of fields. The compiler refuses a field that the options do not have, and options that
 * have no field.
 *
 * @param check - Throws if options contradict each other.
 */
export function schemaOf<Options, Defaulted extends keyof Options = never>(): <
	Given extends Fields<Options, Defaulted>,
>(
	fields: Given & Readonly<Record<Exclude<keyof Given, keyof Options>, never>>,
	check?: (resolved: Resolved<Options, Defaulted>) => void,
) => OptionSchema<Options, Defaulted> {
	return (fields, check = () => {}) => ({
		fields,
		// valibot would compute the same type, from fields whose names it cannot know here.
		object: v.strictObject(fields as v.ObjectEntries, "an object") as unknown as v.GenericSchema<
			unknown,
			Resolved<Options, Defaulted>
		>,
		check,
	});
}

/** A value that need not be given. */
export function optional<Given, Settled>(
	field: Field<Given, Settled>,
): Field<Given | undefined, Settled | undefined> {
	return v.optional(field);
}

/** A value that need not be given, and what it is then. */
export function withDefault<Given, Settled>(
	field: Field<Given, Settled>,
	value: (Given & Settled) | (() => Given & Settled),
): Field<Given | undefined, Settled> {
	return v.optional(field, value) as unknown as Field<Given | undefined, Settled>; // a default is never `undefined`
}

/** The default that a schema states. */
export function defaultOf<Options, Defaulted extends keyof Options, Name extends Defaulted>(
	{ fields }: OptionSchema<Options, Defaulted>,
	name: Name,
): Exclude<Options[Name], undefined> {
	return v.getDefault(fields[name]) as Exclude<Options[Name], undefined>; // the type says that it has one
}

/** The values that a field takes, in words that fit after "must be". */
export function allowedOf(field: v.GenericSchema): string | undefined {
	return v.safeParse(field, null, { abortEarly: true }).issues?.[0].message; // `null` is never one of them
}
