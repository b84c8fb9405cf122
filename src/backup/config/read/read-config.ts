import { isUtf8 } from "node:buffer";
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { abortable } from "../../../async/abortable.ts";
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

/**
 * A config as data: programs are run, everything else is read as YAML, which JSON is, too.
 *
 * @throws the reason of the signal
 */
export async function readConfig(file: string, signal: AbortSignal | undefined): Promise<ParsedText> {
	if (isProgram(file)) return importConfig(file, signal);
	const failed = (text: string): ParsedText => ({
		data: undefined,
		lineOf: () => 1,
		problems: [{ path: [], text }],
	});
	try {
		const stats = statSync(file);
		if (stats.isFile() && stats.size > LARGEST) return failed("is larger than 1 MiB, which no config is");
		const bytes = await abortable(readFile(file), signal);
		if (!isUtf8(bytes)) return failed("is no text in UTF-8");
		return parseYaml(bytes.toString("utf8"));
	} catch (error) {
		signal?.throwIfAborted();
		return failed(`cannot be read: ${messageOf(error)}`);
	}
}
