import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { onAbort } from "../../async/abort-listeners.ts";
import { SourceError } from "../../errors.ts";
import { linesOf } from "../../sources/commands/lines-of.ts";
import { whyNotStarted } from "../../sources/commands/not-started.ts";
import { endGroup, HAS_GROUPS, holdOn, release } from "../../sources/commands/process-group.ts";
import type { Hook, Hooks } from "../job.ts";

/** How long a hook that is to stop may take to end by itself. */
const GRACE_MS = 5_000;
/** How long the last lines are waited for once it has ended: a service that it has started may keep its output open. */
const LAST_WORDS_MS = 1_000;

export interface HookRun {
	readonly env: NodeJS.ProcessEnv;
	/** Gets each line on stdout and stderr. */
	readonly onLine: (line: string) => unknown;
	readonly signal: AbortSignal | undefined;
}

/**
 * Runs hooks one after the other, each in a process group of its own. The first that fails ends it.
 *
 * @param name - For messages.
 * @throws {SourceError} `COMMAND_FAILED`, or the signal's reason
 */
export async function runHooks(name: keyof Hooks, hooks: readonly Hook[], run: HookRun): Promise<void> {
	for (const hook of hooks) {
		run.signal?.throwIfAborted();
		await runHook(name, hook, run);
	}
}

async function runHook(name: keyof Hooks, hook: Hook, { env, onLine, signal }: HookRun): Promise<void> {
	const child = start(name, hook, env);
	holdOn(child);
	let last = "";
	const listen = async (output: Readable | null): Promise<void> => {
		if (output === null) return;
		for await (const line of linesOf(output)) {
			last = line;
			await onLine(line);
		}
	};
	const listening = Promise.all([listen(child.stdout), listen(child.stderr)]).catch(() => {}); // closed below
	let stopping: Promise<void> | undefined;
	const unfollow = onAbort(signal, () => {
		stopping = endGroup(child, GRACE_MS);
	});
	try {
		const problem = await ended(child, hook);
		await stopping;
		await Promise.race([listening, delay(LAST_WORDS_MS, undefined, { ref: false })]);
		signal?.throwIfAborted();
		if (problem !== undefined) throw failure(name, hook, problem, last);
	} finally {
		unfollow();
		release(child);
		child.stdout?.destroy();
		child.stderr?.destroy();
	}
}

function start(name: keyof Hooks, hook: Hook, env: NodeJS.ProcessEnv): ChildProcess {
	try {
		return spawned(hook, env);
	} catch (error) {
		throw failure(name, hook, notStarted(error, hook), "");
	}
}

/** @throws what the system says at once, or thinks of arguments that no system takes */
function spawned(hook: Hook, env: NodeJS.ProcessEnv): ChildProcess {
	const options = {
		env,
		detached: HAS_GROUPS,
		windowsHide: true,
		stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"],
	};
	if (typeof hook === "string") return spawn(hook, { ...options, shell: true });
	const [program, ...args] = hook;
	return spawn(program, args, options);
}

/** @returns what went wrong, if anything */
function ended(child: ChildProcess, hook: Hook): Promise<string | undefined> {
	return new Promise((resolve) => {
		child.on("error", (error) => {
			if (child.pid === undefined) resolve(notStarted(error, hook));
		});
		child.on("exit", (code, signal) => {
			if (signal !== null) resolve(`was ended by ${signal}`);
			else resolve(code === 0 ? undefined : `failed with exit code ${code}`);
		});
	});
}

function notStarted(error: unknown, hook: Hook): string {
	return `cannot be started: ${whyNotStarted(error, typeof hook === "string" ? "for a shell" : hook[0])}`;
}

/** What begins a line for the shell if that is a program, and no `PASSWORD=…` in front of one. */
const PROGRAM = /^\s*(?<program>[\w./+@:-]+)(?![^\s;&|])/;

/** Only the program is named: passwords may be among its arguments. */
function failure(name: keyof Hooks, hook: Hook, problem: string, last: string): SourceError {
	const program = typeof hook === "string" ? PROGRAM.exec(hook)?.groups?.["program"] : hook[0];
	const which = program === undefined ? `${name} hook` : `${name} hook ${program}`;
	const said = last === "" ? "" : `: ${last}`;
	return new SourceError("COMMAND_FAILED", `the ${which} ${problem}${said}`, {
		origin: program ?? `${name} hook`,
	});
}
