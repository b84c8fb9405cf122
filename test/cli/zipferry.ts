import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { SECRET } from "../support/demo-server.ts";
import { type Outcome, Program, type ProgramOptions } from "../support/program.ts";

/** The program as it is installed; `npm test` builds it first. */
export const MAIN = fileURLToPath(new URL("../../dist/cli/zipferry.cjs", import.meta.url));

export function startZipferry(args: readonly string[], options: ProgramOptions): Program {
	return new Program(process.execPath, [MAIN, ...args], options);
}

/** Runs the program to its end. Whatever it was told to do, the secret key is not in what it says. */
export async function zipferry(args: readonly string[], options: ProgramOptions): Promise<Outcome> {
	return checked(await startZipferry(args, options).ended);
}

/** Runs a line of shell; `zipferry` is the program in it. */
export async function shell(line: string, { env, cwd }: ProgramOptions): Promise<Outcome> {
	const script = `zipferry() { "${process.execPath}" "${MAIN}" "$@"; }\n${line}`;
	return checked(await new Program("sh", ["-c", script], { env, cwd }).ended);
}

function checked(outcome: Outcome): Outcome {
	expect(outcome.stdout).not.toContain(SECRET);
	expect(outcome.stderr).not.toContain(SECRET);
	return outcome;
}

/** The one line an error is told in. */
export function errorLine({ stderr }: Outcome): string {
	const match = /^zipferry: (.+)\n$/.exec(stderr);
	expect(stderr).toBe(`zipferry: ${match?.[1]}\n`);
	expect(stderr).not.toMatch(/\n\s+at /);
	return match?.[1] ?? "";
}
