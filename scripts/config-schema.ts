/**
 * The JSON Schema of config files, for editors: from the checks that the command makes, and from what its help says of
 * options. Run as a script, it puts it into `dist`.
 */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type ConversionConfig, type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import type { SchemaInWords } from "../src/backup/config/schema/config-kinds.ts";
import { CONFIG_SCHEMA } from "../src/backup/config/schema/config-schema.ts";
import { COMMANDS } from "../src/cli/commands/all-commands.ts";

/** Relative to the root of the package. */
const FILE = "dist/zipferry.config.schema.json";

/** Text that stands for what is known when the config is read. */
const VARIABLE: JsonSchema = { type: "string", pattern: "\\$\\{" };

export function configJsonSchema(): JsonSchema {
	const schema = withVariables(convert(CONFIG_SCHEMA));
	const { defaults, jobs } = properties(schema);
	const job = jobs?.additionalProperties;
	if (typeof defaults !== "object" || typeof job !== "object") throw new Error("the schema has no jobs");
	describeSettings(properties(defaults));
	describeSettings(properties(job));
	// Takes a default away.
	for (const [name, setting] of Object.entries(properties(job)))
		if (name !== "sources")
			properties(job)[name] = { ...about(setting), anyOf: [bare(setting), { type: "null" }] };
	return {
		$schema: "http://json-schema.org/draft-07/schema#",
		title: "zipferry.config.yaml",
		...schema,
	};
}

function convert(schema: v.GenericSchema): JsonSchema {
	const { $schema: _draft, ...converted } = toJsonSchema(schema, CONVERSION);
	return converted;
}

const CONVERSION: ConversionConfig = {
	errorMode: "ignore", // what only code can check, it checks when the config is loaded
	overrideSchema({ valibotSchema }) {
		const { json, kinds } = valibotSchema as unknown as SchemaInWords;
		if (json !== undefined) return json;
		return kinds === undefined ? undefined : { anyOf: kinds.map(convert) };
	},
};

/** Lets variables stand for everything but free text, which may have them anyway. */
function withVariables(schema: JsonSchema): JsonSchema {
	const { $defs: _unused, ...rest } = schema;
	const parts = Object.entries(rest).map(([name, part]) => {
		if (name === "anyOf") return [name, (part as JsonSchema[]).map(withVariables)];
		if (name === "items" || name === "additionalProperties")
			return [name, typeof part === "object" ? withVariables(part as JsonSchema) : part];
		if (name !== "properties") return [name, part];
		return [
			name,
			Object.fromEntries(Object.entries(part as object).map(([key, one]) => [key, withVariables(one)])),
		];
	});
	const types: readonly unknown[] = [schema.type].flat();
	const strict = "pattern" in schema || "enum" in schema || types.some((type) => NO_TEXT.includes(type));
	const whole: JsonSchema = Object.fromEntries(parts);
	return strict ? { anyOf: [whole, VARIABLE] } : whole;
}

const NO_TEXT: readonly unknown[] = ["boolean", "number", "integer"];

function properties(schema: JsonSchema): Record<string, JsonSchema> {
	return (schema.properties ?? {}) as Record<string, JsonSchema>;
}

/** What the help says of an option with this name. */
function describeSettings(settings: Record<string, JsonSchema>): void {
	const options = COMMANDS.flatMap((command) => Object.entries(command.options));
	for (const [name, setting] of Object.entries(settings)) {
		const described = options.find(([option]) => option === name)?.[1].describe;
		if (described !== undefined)
			settings[name] = { description: described.replace(/; may be repeated.*$/, ""), ...setting };
	}
}

function about({ description }: JsonSchema): JsonSchema {
	return description === undefined ? {} : { description };
}

function bare({ description: _told, ...setting }: JsonSchema): JsonSchema {
	return setting;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
	writeFileSync(FILE, `${JSON.stringify(configJsonSchema())}\n`);
