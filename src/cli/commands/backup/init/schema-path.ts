import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const INSTALLED = "node_modules/zipferry/dist/zipferry.config.schema.json";

/** Where an editor finds the JSON Schema: beside the config if the package is installed there, else where it runs. */
export function schemaPath(directory: string): string {
	if (existsSync(`${directory}/${INSTALLED}`)) return `./${INSTALLED}`;
	return fileURLToPath(new URL("../zipferry.config.schema.json", import.meta.url)); // from dist/cli
}
