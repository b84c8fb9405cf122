import { shorten } from "../secrets/shorten.ts";

/** Characters. */
const LONGEST_VALUE = 100;

/** A value as it was given, for a message: text in quotes, without secrets, and cut if it is long. */
export function shownValue(value: unknown): string {
	if (typeof value === "string") return `"${shorten(value, LONGEST_VALUE)}"`;
	if (typeof value === "function") return "a function";
	if (typeof value === "bigint") return `${value}n`;
	if (typeof value !== "object" || value === null) return String(value);
	if (Array.isArray(value)) return "a list";
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? "an invalid Date" : value.toISOString();
	const name: unknown = value.constructor?.name;
	return typeof name !== "string" || name === "Object" || name === "" ? "an object" : `an object (${name})`;
}
