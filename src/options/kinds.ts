import * as v from "valibot";
import { formatNumber } from "../bytes/units.ts";
import type { Field } from "./field.ts";
import { describeTime } from "./time-words.ts";

/** The message of each kind says which values it takes, in words that fit after "must be". */

/** Text with something in it: empty text is what a variable that nobody has set leaves. */
export function text(allowed = "text", maxSize: number = Number.POSITIVE_INFINITY): Field<string> {
	return v.pipe(
		v.string(allowed),
		v.nonEmpty(allowed),
		v.check((value) => Buffer.byteLength(value, "utf8") <= maxSize, allowed),
	);
}

/** Text that may be empty. */
export function anyText(allowed = "text"): Field<string> {
	return v.string(allowed);
}

/** Text that may be empty, of a number of bytes as UTF-8. */
export function textUpTo(maxSize: number): Field<string> {
	const allowed = `text of at most ${formatNumber(maxSize)} bytes`;
	return v.pipe(
		v.string(allowed),
		v.check((value) => Buffer.byteLength(value, "utf8") <= maxSize, allowed),
	);
}

const HEADER_TEXT =
	"text of ASCII characters that a header can carry, with others encoded, as %C3%BC for instance";

/** Text that travels in the header of a request. */
export function headerText(): Field<string> {
	return v.pipe(headerTextOrEmpty(), v.nonEmpty(HEADER_TEXT));
}

export function headerTextOrEmpty(): Field<string> {
	return v.pipe(v.string(HEADER_TEXT), v.regex(/^[\t\x20-\x7e]*$/, HEADER_TEXT));
}

export function count(least: number, most: number): Field<number> {
	return wholeNumber(`a whole number from ${least} to ${formatNumber(most)}`, least, most);
}

/** A number of bytes. */
export function byteSize(least: number): Field<number> {
	const most = Number.MAX_SAFE_INTEGER;
	const allowed = `a whole number of bytes from ${least} to ${formatNumber(most)}`;
	return wholeNumber(allowed, least, most);
}

/** Permission bits; the file type that `st_mode` has above them is let in. */
export function permissionBits(): Field<number> {
	return wholeNumber("permission bits such as 0o644", 0, 0xffff);
}

function wholeNumber(allowed: string, least: number, most: number): Field<number> {
	return v.pipe(v.number(allowed), v.integer(allowed), v.minValue(least, allowed), v.maxValue(most, allowed));
}

/** A number, with a fraction if need be. */
export function numberFrom(allowed: string, least: number): Field<number> {
	return v.pipe(v.number(allowed), v.finite(allowed), v.minValue(least, allowed));
}

/** A part of a whole. */
export function share(): Field<number> {
	const allowed = "a number above 0, up to 1";
	return v.pipe(v.number(allowed), v.gtValue(0, allowed), v.maxValue(1, allowed));
}

export function milliseconds(least: number, most: number): Field<number> {
	const range = `from ${describeTime(least)} to ${describeTime(most)}`;
	const allowed = `a time ${range}`;
	return v.pipe(
		v.number(`a number of milliseconds, ${range}`),
		v.minValue(least, allowed),
		v.maxValue(most, allowed),
	);
}

/** Milliseconds without an upper bound; endless is one of them. */
export function millisecondsFrom(least: number): Field<number> {
	const allowed = `a number of milliseconds, ${least} or more`;
	return v.pipe(v.number(allowed), v.minValue(least, allowed));
}

export function choice<const Value extends string | number>(
	values: readonly Value[],
	allowed: string = oneOf(values),
): Field<Value> {
	return v.picklist(values, allowed);
}

/** `"a", "b" or "c"` */
function oneOf(values: readonly (string | number)[]): string {
	const quoted = values.map((value) => JSON.stringify(value));
	const last = quoted.pop();
	return quoted.length === 0 ? `${last}` : `${quoted.join(", ")} or ${last}`;
}

export function flag(): Field<boolean> {
	return v.boolean("true or false");
}

export function signal(): Field<AbortSignal> {
	return v.custom<AbortSignal>(
		(value) =>
			isObject(value) &&
			typeof value["aborted"] === "boolean" &&
			typeof value["addEventListener"] === "function",
		"an AbortSignal",
	);
}

export function callback<Callback>(): Field<Callback> {
	return v.custom<Callback>((value) => typeof value === "function", "a function");
}

export function listOf<Item>(item: Field<Item>, allowed: string): Field<readonly Item[]> {
	return v.array(item, allowed) as unknown as Field<readonly Item[]>; // what is given is not changed
}

/** An object of the caller's, with names of its own. */
export function recordOf<Value>(
	value: Field<Value>,
	allowed: string,
): Field<Readonly<Record<string, Value>>> {
	return v.pipe(
		v.custom<Readonly<Record<string, Value>>>((given) => isObject(given) && !Array.isArray(given), allowed),
		// Not v.record(), which passes over names such as "constructor".
		v.rawCheck(({ dataset, addIssue }) => {
			if (!dataset.typed) return;
			for (const [key, item] of Object.entries(dataset.value)) {
				const message = v.safeParse(value, item, { abortEarly: true }).issues?.[0].message;
				if (message !== undefined) {
					const step = { type: "object", origin: "value", input: dataset.value, key, value: item } as const;
					addIssue({ message, input: item, path: [step] });
				}
			}
		}),
	) as unknown as Field<Readonly<Record<string, Value>>>;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null;
}
