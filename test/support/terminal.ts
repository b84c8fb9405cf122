import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { ProgramOptions } from "./program.ts";
import { TerminalScreen } from "./terminal-screen.ts";

const ON_TERMINAL = fileURLToPath(new URL("on-terminal.py", import.meta.url));
const PATIENCE_MS = 60_000;
const terminals = new Set<Terminal>();

export interface TerminalOptions extends ProgramOptions {
	readonly columns: number;
}

/** A program on a terminal of its own, as a person would see it. */
export class Terminal {
	readonly #child: ChildProcess;
	readonly #screen: TerminalScreen;
	/** All that was written so far. */
	output = "";
	/** The exit code. */
	readonly ended: Promise<number | null>;
	#hasEnded = false;
	/** What the screen did not know. */
	#failure: unknown;

	constructor(command: readonly string[], { columns, env, cwd }: TerminalOptions) {
		const { PATH = "" } = process.env;
		this.#screen = new TerminalScreen(columns);
		this.#child = spawn("python3", [ON_TERMINAL, String(columns), ...command], {
			cwd,
			env: { PATH, LANG: "C.UTF-8", TERM: "xterm-256color", ...env },
			stdio: ["pipe", "pipe", "inherit"],
		});
		this.#child.stdout?.setEncoding("utf8").on("data", (output: string) => {
			this.output += output;
			try {
				this.#screen.write(output);
			} catch (error) {
				this.#failure ??= error;
			}
		});
		terminals.add(this);
		this.ended = once(this.#child, "close").then(([exitCode]) => {
			this.#hasEnded = true;
			terminals.delete(this);
			return exitCode as number | null;
		});
		this.ended.catch(() => terminals.delete(this)); // there is no Python, as whoever awaits it hears
		this.#child.stdin?.on("error", () => {}); // it ends while somebody types
	}

	/** The lines on the screen. */
	get lines(): readonly string[] {
		return this.#screen.lines;
	}

	get text(): string {
		return this.lines.join("\n").trimEnd();
	}

	/** Waits until the screen shows something; not for ever, as a failure is to tell what it shows instead. */
	async shows(pattern: RegExp): Promise<RegExpExecArray> {
		const deadline = Date.now() + PATIENCE_MS;
		for (;;) {
			if (this.#failure !== undefined) throw this.#failure;
			const match = pattern.exec(this.text);
			if (match !== null) return match;
			if (this.#hasEnded || Date.now() > deadline)
				throw new Error(`it did not show ${pattern}:\n${this.text}`);
			await Promise.race([this.ended, delay(20)]);
		}
	}

	/** Types. */
	type(keys: string): void {
		this.#child.stdin?.write(`keys ${Buffer.from(keys).toString("hex")}\n`);
	}

	resize(columns: number): void {
		this.#child.stdin?.write(`size ${columns}\n`);
	}

	async destroy(): Promise<void> {
		this.#child.kill("SIGKILL"); // the terminal is gone, and what runs on it gets SIGHUP
		await this.ended;
	}
}

/** Ends what a failed test has left running. */
export async function closeTerminals(): Promise<void> {
	await Promise.all([...terminals].map((terminal) => terminal.destroy()));
}
