import type * as v from "valibot";
import { isObject } from "../../../options/kinds.ts";
import { nearestOf } from "../../../options/nearest.ts";
import { type ConfigPath, type ConfigProblem, showPath } from "../problems.ts";

/** The parts of valibot's checks that have others in them. */
interface Nested {
	readonly type: string;
	readonly wrapped?: v.GenericSchema;
	readonly entries?: Readonly<Record<string, v.GenericSchema>>;
	readonly item?: v.GenericSchema;
	readonly value?: v.GenericSchema;
	readonly options?: readonly unknown[];
	readonly getter?: (value: unknown) => v.GenericSchema;
}

/** Data as a schema has it. */
export interface Declared {
	readonly data: unknown;
	readonly problems: readonly ConfigProblem[];
}

/**
 * Finds names that a schema does not have, all of them, and reads text from variables as what the schema wants:
 * a number, or true and false.
 *
 * @param isExpanded - Whether there are variables in the text at a path.
 */
export function readDeclared(
	schema: v.GenericSchema,
	data: unknown,
	isExpanded: (path: string) => boolean,
): Declared {
	const problems: ConfigProblem[] = [];

	function read(check: v.GenericSchema, value: unknown, path: ConfigPath): unknown {
		const { type, wrapped, entries, item, value: member, options = [], getter } = check as unknown as Nested;
		if (wrapped !== undefined) return read(wrapped, value, path);
		if (type === "lazy" && getter !== undefined) return read(getter(value), value, path);
		if (Array.isArray(value))
			return item === undefined ? value : value.map((one, index) => read(item, one, [...path, index]));
		if (typeof value === "string") return isExpanded(showPath(path)) ? fromText(type, options, value) : value;
		if (!isObject(value)) return value;
		if (entries !== undefined) problems.push(...unknownNames(value, entries, path));
		const childOf = (name: string) =>
			entries !== undefined && Object.hasOwn(entries, name) ? entries[name] : member;
		return Object.fromEntries(
			Object.entries(value).map(([name, one]) => {
				const child = childOf(name);
				return [name, child === undefined ? one : read(child, one, [...path, name])];
			}),
		);
	}

	return { data: read(schema, data, []), problems };
}

function unknownNames(
	value: Readonly<Record<string, unknown>>,
	entries: Readonly<Record<string, unknown>>,
	path: ConfigPath,
): readonly ConfigProblem[] {
	const names = Object.keys(entries).filter((name) => !name.startsWith("$"));
	return Object.keys(value)
		.filter((name) => !Object.hasOwn(entries, name))
		.map((name) => {
			const nearest = nearestOf(name, names);
			const few = names.length <= 12 ? `; it may be ${names.join(", ")}` : "";
			const hint = nearest === undefined ? few : `; did you mean ${nearest}?`;
			return { path: [...path, name], text: `there is no setting ${showPath([...path, name])}${hint}` };
		});
}

/** What a variable says, where it is no text that is wanted. */
function fromText(type: string, options: readonly unknown[], text: string): unknown {
	if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
	const isNumber = /^-?\d+(\.\d+)?$/.test(text);
	const wantsNumber = type === "number" || (type === "picklist" && options.includes(Number(text)));
	return isNumber && wantsNumber ? Number(text) : text;
}
