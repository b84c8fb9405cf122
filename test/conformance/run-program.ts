import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

export interface ProgramOptions {
	readonly cwd?: string | undefined;
	/** Added to `PATH`, `HOME` and a UTF-8 locale. */
	readonly env?: Readonly<Record<string, string>> | undefined;
	/** File that goes to its stdin, through a pipe. */
	readonly stdin?: string | undefined;
	/** Throws its stdout away, for what would not fit into memory. */
	readonly discardOutput?: boolean | undefined;
	readonly timeoutMs?: number | undefined;
}

export interface ProgramResult {
	/** `undefined` if there is no such program. */
	readonly found: boolean;
	readonly exitCode: number | null;
	readonly stdout: Buffer;
	readonly stderr: string;
	readonly timedOut: boolean;
}

/** Runs a program with its arguments as they are, no shell in between, and collects what it says. */
export async function runProgram(
	command: string,
	args: readonly string[],
	{ cwd, env, stdin, discardOutput = false, timeoutMs = 60_000 }: ProgramOptions = {},
): Promise<ProgramResult> {
	const { PATH = "", HOME = "/" } = process.env;
	const child = spawn(command, args, {
		cwd,
		env: { PATH, HOME, LC_ALL: "C.UTF-8", ...env },
		stdio: [stdin === undefined ? "ignore" : "pipe", discardOutput ? "ignore" : "pipe", "pipe"],
	});
	const stdout: Buffer[] = [];
	const stderr: Buffer[] = [];
	child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
	child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
	let timedOut = false;
	const timer = setTimeout(() => {
		timedOut = true;
		child.kill("SIGKILL");
	}, timeoutMs);
	// A reader that stops before the end of its input says so itself.
	if (stdin !== undefined && child.stdin !== null) {
		pipeline(createReadStream(stdin, { highWaterMark: 1 << 20 }), child.stdin).catch(() => {});
	}
	const [found, exitCode] = await new Promise<[boolean, number | null]>((resolve) => {
		child.once("error", () => resolve([false, null]));
		child.once("close", (code) => resolve([true, code]));
	});
	clearTimeout(timer);
	return {
		found,
		exitCode,
		stdout: Buffer.concat(stdout),
		stderr: Buffer.concat(stderr).toString(),
		timedOut,
	};
}

/** First line of what a program says about itself, or `undefined` if there is no such program. */
export async function firstLine(command: string, args: readonly string[]): Promise<string | undefined> {
	const { found, stdout, stderr } = await runProgram(command, args);
	const said = `${stdout}${stderr}`.split("\n").find((line) => line.trim() !== "");
	return found ? said?.trim() : undefined;
}
