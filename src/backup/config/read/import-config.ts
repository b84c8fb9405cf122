import { readFileSync, statSync } from "node:fs";
import { basename, extname } from "node:path";
import { pathToFileURL } from "node:url";
import { abortable } from "../../../async/abortable.ts";
import { messageOf } from "../../../errors.ts";
import { describeThrown, isErrorLike } from "../../../options/thrown-value.ts";
import type { ParsedText } from "./parse-yaml.ts";

/**
 * Runs a config that is a program, and takes what it exports by default.
 *
 * @param signal - Gives up a program that waits for something that never comes.
 * @throws the reason of the signal
 */
export async function importConfig(file: string, signal: AbortSignal | undefined): Promise<ParsedText> {
	if (extname(file) === ".ts" && !readsTypeScript())
		return refused(
			`TypeScript needs Node 22.18 or newer, and this is ${process.versions.node}; ${basename(file, ".ts")}.js or .yaml works here`,
		);
	try {
		// Node keeps what it has loaded: what was changed since then is another address.
		const url = `${pathToFileURL(file).href}?changed=${statSync(file).mtimeMs}`;
		const module: unknown = await withoutExit(() => abortable(import(url), signal));
		const exported = (module as { readonly default?: unknown }).default;
		if (exported === undefined)
			return refused("exports nothing by default; write export default { jobs: { … } }");
		return { data: exported, lineOf: () => undefined, problems: [] };
	} catch (error) {
		signal?.throwIfAborted();
		const said = isErrorLike(error) ? `cannot be loaded: ${messageOf(error)}` : describeThrown(error);
		return refused(said, lineOfError(error, file));
	}
}

/** A config that ends the process would end it as if all were well, or a schedule with all of its jobs. */
async function withoutExit<T>(load: () => Promise<T>): Promise<T> {
	const { exit } = process;
	process.exit = () => {
		throw new Error("it calls process.exit, which ends more than the config");
	};
	try {
		return await load();
	} finally {
		process.exit = exit;
	}
}

function refused(text: string, line?: number): ParsedText {
	return { data: undefined, lineOf: () => undefined, problems: [{ path: [], text, line }] };
}

function readsTypeScript(): boolean {
	return "typescript" in process.features && process.features.typescript !== false;
}

/** Where in the file something was thrown, or is not JavaScript. */
function lineOfError(error: unknown, file: string): number | undefined {
	const stack = error instanceof Error ? (error.stack ?? "") : "";
	const escaped = basename(file).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
	const line = Number(new RegExp(`${escaped}(?:\\?[^:]*)?:(\\d+)`).exec(stack)?.[1]);
	return line <= readFileSync(file, "utf8").split("\n").length ? line : undefined;
}
