import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";

/** How a program ended and what it said. */
export interface Outcome {
	/** `null` if a signal ended it. */
	readonly exitCode: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly stdout: string;
	readonly stderr: string;
}

export interface ProgramOptions {
	/** The whole environment but `PATH`; nothing of the developer's settings gets in. */
	readonly env: Readonly<Record<string, string>>;
	readonly cwd?: string | undefined;
}

const running = new Set<Program>();

/** A child process whose output is collected. */
export class Program {
	readonly #child: ChildProcess;
	readonly #stdout: Buffer[] = [];
	readonly #stderr: Buffer[] = [];
	readonly ended: Promise<Outcome>;

	constructor(command: string, args: readonly string[], { env, cwd }: ProgramOptions) {
		const { PATH = "" } = process.env;
		this.#child = spawn(command, args, {
			cwd,
			env: { PATH, ...env },
			stdio: ["ignore", "pipe", "pipe"],
			detached: true, // a process group of its own, which can be ended with all that it has started
		});
		this.#child.stdout?.on("data", (chunk: Buffer) => this.#stdout.push(chunk));
		this.#child.stderr?.on("data", (chunk: Buffer) => this.#stderr.push(chunk));
		running.add(this);
		this.ended = this.#end();
		this.ended.catch(() => running.delete(this)); // there is no such program, as whoever awaits it hears
	}

	get pid(): number {
		return this.#child.pid ?? 0;
	}

	kill(signal: NodeJS.Signals): void {
		this.#child.kill(signal);
	}

	/** Ends it at once, and every process it has started and left. */
	async destroy(): Promise<void> {
		if (this.#child.pid === undefined) return; // 0 would be this process and all that it has started
		try {
			process.kill(-this.pid, "SIGKILL");
		} catch {
			// All of them have ended.
		}
		await this.ended;
	}

	/** Waits until it has a handler for the signal, or has ended. */
	async handles(signal: NodeJS.Signals): Promise<void> {
		const bit = 1n << BigInt(constants.signals[signal] - 1);
		while (running.has(this)) {
			const status = await readFile(`/proc/${this.pid}/status`, "utf8").catch(() => "");
			const [, caught = "0"] = /^SigCgt:\s*(\w+)/m.exec(status) ?? [];
			if ((BigInt(`0x${caught}`) & bit) !== 0n) return;
			await delay(20);
		}
	}

	/** Waits for text on stdout or stderr, or fails when the program ends without it. */
	async says(pattern: RegExp): Promise<RegExpExecArray> {
		for (;;) {
			const match = pattern.exec(collected(this.#stdout)) ?? pattern.exec(collected(this.#stderr));
			if (match !== null) return match;
			if (!running.has(this))
				throw new Error(`it ended without saying ${pattern}: ${collected(this.#stderr)}`);
			const waiting = new AbortController();
			const streams = [this.#child.stdout, this.#child.stderr];
			await Promise.race([this.ended, ...streams.map((stream) => nextData(stream, waiting.signal))]);
			waiting.abort();
		}
	}

	async #end(): Promise<Outcome> {
		const [exitCode, signal] = (await once(this.#child, "close")) as [number | null, NodeJS.Signals | null];
		running.delete(this);
		return { exitCode, signal, stdout: collected(this.#stdout), stderr: collected(this.#stderr) };
	}
}

function collected(chunks: readonly Buffer[]): string {
	return Buffer.concat(chunks).toString();
}

async function nextData(stream: Readable | null, signal: AbortSignal): Promise<void> {
	if (stream !== null) await once(stream, "data", { signal }).catch(() => {}); // it has ended; so does the program
}

/** Ends what a failed test has left running. */
export async function stopPrograms(): Promise<void> {
	await Promise.all([...running].map((program) => program.destroy()));
}
