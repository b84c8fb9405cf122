import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { linesOf } from "./lines-of.ts";
import { whyNotStarted } from "./not-started.ts";
import { endGroup, HAS_GROUPS, holdOn, release } from "./process-group.ts";

/** How long a program may take to end when it is asked to. */
const GRACE_MS = 5_000;
/** How long the last lines on stderr are waited for once the program has ended: one that it has started may keep it open. */
const LAST_WORDS_MS = 1_000;
/** Lines that an error tells. */
const KEPT_LINES = 10;

/** How a program has ended. */
export type CommandEnd =
	| { readonly how: "exit"; readonly code: number }
	| { readonly how: "signal"; readonly signal: string }
	| { readonly how: "not-started"; readonly reason: string };

/** Gets each line on stderr; the program waits, as soon as the pipe is full, until it is done with the line. */
export type LineListener = (line: string) => unknown;

/** A program whose output is read, in a process group of its own, so that all that it starts can be ended with it. */
export class CommandProcess {
	readonly stdout: Readable;
	/** When the program itself has ended; never rejects. */
	readonly end: Promise<CommandEnd>;
	readonly #child: ChildProcess;
	readonly #stderr: Readable;
	readonly #listening: Promise<void>;
	readonly #lines: string[] = [];
	#stopping: Promise<void> | undefined;

	/** @throws what `spawn` throws, for arguments that no system takes */
	constructor([program, ...args]: readonly [program: string, ...args: string[]], onLine: LineListener) {
		const child = spawn(program, args, {
			stdio: ["ignore", "pipe", "pipe"],
			detached: HAS_GROUPS,
			windowsHide: true,
		});
		holdOn(child);
		this.#child = child;
		this.stdout = child.stdout;
		this.#stderr = child.stderr;
		this.end = new Promise((resolve) => {
			child.on("error", (error) => {
				if (child.pid === undefined) resolve({ how: "not-started", reason: whyNotStarted(error, program) });
			});
			child.on("exit", (code, signal) => {
				resolve(signal === null ? { how: "exit", code: code ?? 0 } : { how: "signal", signal }); // one of them is there
			});
		});
		this.#listening = this.#listen(onLine);
		// A program that has failed may have left others behind, which keep its output open.
		void this.end.then((end) => (end.how === "exit" && end.code === 0 ? undefined : this.stop()));
	}

	/** The last lines on stderr. */
	get lines(): readonly string[] {
		return this.#lines;
	}

	/** Waits, once all output was read, for the end of the program and its last lines on stderr. */
	async finished(): Promise<CommandEnd> {
		const end = await this.end;
		await Promise.race([this.#listening, delay(LAST_WORDS_MS, undefined, { ref: false })]);
		if (end.how === "exit" && end.code === 0) {
			release(this.#child);
			this.#stderr.destroy();
		}
		return end;
	}

	/** Ends the program and what it has started, if it has not ended; resolves when they are gone. */
	stop(): Promise<void> {
		this.#stopping ??= this.#stop();
		return this.#stopping;
	}

	async #stop(): Promise<void> {
		const ended = endGroup(this.#child, GRACE_MS);
		this.stdout.on("error", () => {});
		this.stdout.destroy();
		await ended;
		await Promise.race([this.#listening, delay(LAST_WORDS_MS, undefined, { ref: false })]);
		this.#stderr.destroy();
		release(this.#child);
	}

	async #listen(onLine: LineListener): Promise<void> {
		try {
			for await (const line of linesOf(this.#stderr)) {
				this.#lines.push(line);
				if (this.#lines.length > KEPT_LINES) this.#lines.shift();
				await onLine(line);
			}
		} catch {
			// Closed, as nobody waits for it any more; or a listener failed, which whoever calls it reports.
		}
	}
}
