import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Frame } from "./film.ts";
import { Screen } from "./screen.ts";

/** Moments in between are not shown. */
const FRAME_MS = 100;

/** A command, and what is typed while it runs. */
export interface Take {
	readonly line: string;
	/** Ctrl-C is typed when this appears. */
	readonly stopAt?: RegExp;
	readonly exitCode: number;
}

export interface RecordingSettings {
	readonly columns: number;
	/** Where commands run, and all that is in their environment. */
	readonly cwd: string;
	readonly env: Record<string, string>;
}

/** What was typed and printed, one take after the other. */
export class Recording {
	readonly frames: Frame[] = [];
	readonly #settings: RecordingSettings;
	readonly #screen: Screen;
	/** Milliseconds of the film so far. */
	#nowMs = 0;

	constructor(settings: RecordingSettings) {
		this.#settings = settings;
		this.#screen = new Screen(settings.columns);
	}

	async play({ line, stopAt, exitCode }: Take): Promise<void> {
		this.#screen.write("\x1b[32m$\x1b[0m ");
		this.#show(600);
		for (const typed of line.match(/.{1,4}/g) ?? []) {
			this.#screen.write(typed);
			this.#show(FRAME_MS);
		}
		this.#screen.write("\r\n");
		const before = this.#nowMs;
		const startedAt = performance.now();
		const { columns, cwd, env } = this.#settings;
		const inTerminal = ["-qfec", `stty cols ${columns} rows 24; ${line}`, "/dev/null"];
		const child = spawn("script", inTerminal, { cwd, env, stdio: ["pipe", "pipe", "inherit"] });
		let printed = "";
		child.stdout.setEncoding("utf8").on("data", (text: string) => {
			const isDue = stopAt !== undefined && !stopAt.test(printed) && stopAt.test(printed + text);
			printed += text;
			this.#screen.write(text);
			this.#nowMs = before + performance.now() - startedAt;
			this.#show(0);
			if (isDue) child.stdin.write("\x03");
		});
		const [code] = await once(child, "close");
		if (code !== exitCode) throw new Error(`${line} ended with exit code ${code}:\n${printed}`);
		this.#show(1_200);
	}

	/** What the screen shows now, and for how long at least. */
	#show(forMs: number): void {
		const { rows } = this.#screen;
		const atMs = Math.round(this.#nowMs / FRAME_MS) * FRAME_MS;
		if (this.frames.at(-1)?.atMs === atMs) this.frames.pop();
		this.frames.push({ atMs, rows });
		this.#nowMs += forMs;
	}
}
