import { readFileSync, statSync } from "node:fs";
import { extname } from "node:path";
import { messageOf } from "../../../errors.ts";
import { importConfig } from "./import-config.ts";
import { type ParsedText, parseYaml } from "./parse-yaml.ts";

/** Bytes. A config is written by hand. */
const LARGEST = 1024 * 1024;

const PROGRAMS: readonly string[] = [".js", ".mjs", ".cjs", ".ts"];

/** Whether a config is run, and not just read. */
export function isProgram(file: string): boolean {
	return PROGRAMS.includes(extname(file));
}

/** A config as data: programs are run, everything else is read as YAML, which JSON is, too. */
export async function readConfig(file: string): Promise<ParsedText> {
	if (isProgram(file)) return importConfig(file);
	const failed = (text: string): ParsedText => ({
		data: undefined,
		lineOf: () => 1,
		problems: [{ path: [], text }],
	});
	try {
		const stats = statSync(file);
		if (stats.isFile() && stats.size > LARGEST) return failed("is larger than 1 MiB, which no config is");
		return parseYaml(readFileSync(file, "utf8"));
	} catch (error) {
		return failed(`cannot be read: ${messageOf(error)}`);
	}
}
