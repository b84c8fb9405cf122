import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** How long something may take to end when it is asked to. */
const PATIENCE_MS = 30_000;

/**
 * What this program has started and has to end; nothing else is ever signalled.
 */
export class OwnProcesses {
	#all = [];

	/**
	 * Starts a program on some cores, with what it says collected.
	 *
	 * @param cores - As `taskset` takes them: `0`, `0,1`. All of them if undefined.
	 */
	start(command, { cores, env = process.env, cwd, echo = false } = {}) {
		const [program, ...args] = cores === undefined ? command : ["taskset", "--cpu-list", cores, ...command];
		const child = spawn(program, args, { env, cwd, stdio: ["ignore", "pipe", echo ? "inherit" : "pipe"] });
		const own = new OwnProcess(child, command);
		this.#all.push(own);
		return own;
	}

	/** Asks all that still run to end, the last one first. */
	async endAll() {
		for (const own of this.#all.reverse()) await own.end();
		this.#all = [];
	}
}

class OwnProcess {
	stdout = "";
	stderr = "";
	#child;
	#command;

	constructor(child, command) {
		this.#child = child;
		this.#command = command;
		child.stdout.on("data", (chunk) => {
			this.stdout += chunk;
		});
		child.stderr?.on("data", (chunk) => {
			this.stderr = (this.stderr + chunk).slice(-100_000);
		});
		this.ended = new Promise((resolve) => {
			child.on("close", (status, signal) => resolve(status ?? signal));
			child.on("error", (error) => resolve(error.message));
		});
	}

	get pid() {
		return this.#child.pid;
	}

	get hasEnded() {
		return this.#child.exitCode !== null || this.#child.signalCode !== null;
	}

	kill(signal) {
		this.#child.kill(signal);
	}

	/** Waits for the text, or fails when the program has ended without it. */
	async says(pattern) {
		for (;;) {
			const match = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
			if (match !== null) return match;
			if (this.hasEnded) throw new Error(`${this.#command.join(" ")} ended: ${this.stderr}`);
			const events = [once(this.#child.stdout, "data"), once(this.#child, "close")];
			if (this.#child.stderr !== null) events.push(once(this.#child.stderr, "data"));
			await Promise.race(events);
		}
	}

	/** Waits for its end, which has to be a success. */
	async succeeds() {
		const status = await this.ended;
		if (status !== 0) throw new Error(`${this.#command.join(" ")} ended with ${status}: ${this.stderr}`);
		return this;
	}

	/** The most memory it has had so far, in MiB. */
	get peakMib() {
		const status = readFileSync(`/proc/${this.pid}/status`, "utf8");
		return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
	}

	/** Processor time so far, of all its threads, in seconds. */
	get cpuSeconds() {
		const fields = readFileSync(`/proc/${this.pid}/stat`, "utf8")
			.replace(/^.*\) /s, "")
			.split(" ");
		return (Number(fields[11]) + Number(fields[12])) / 100; // user and system, in ticks of 10 ms
	}

	async end() {
		if (this.hasEnded) return;
		this.kill("SIGTERM");
		await Promise.race([this.ended, delay(PATIENCE_MS, undefined, { ref: false })]);
		if (!this.hasEnded) this.kill("SIGKILL");
		await this.ended;
	}
}
