import { fileURLToPath } from "node:url";
import { Program } from "../support/program.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/** Starts `examples/<name>`, as `npx tsx` would, but with no process in between. */
export function startExample(
	name: string,
	args: readonly string[],
	env: Readonly<Record<string, string>>,
): Program {
	const command = name.endsWith(".sh") ? "sh" : process.execPath;
	const loader = name.endsWith(".sh") ? [] : ["--import", "tsx"];
	return new Program(command, [...loader, `examples/${name}`, ...args], { env, cwd: PROJECT });
}
