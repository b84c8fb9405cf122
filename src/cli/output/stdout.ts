import { abortable } from "../../async/abortable.ts";
import { messageOf } from "../../errors.ts";
import { redact } from "../../secrets/redact.ts";
import { errorCode } from "../../sources/files/file-system.ts";
import { Interrupted } from "../terminal/signals.ts";
import { CONTROLS } from "../terminal/text.ts";
import type { ByteSink } from "./byte-sink.ts";

/** Receives data: JSON, plans, lists, the archive itself. No loss of what is written goes unnoticed. */
export class Stdout {
	/** For an archive; everything else is printed. */
	readonly sink: ByteSink;
	readonly isTTY: boolean;
	readonly #signal: AbortSignal;
	#failure: Failure | undefined;

	constructor(sink: ByteSink, isTTY: boolean, signal: AbortSignal) {
		this.sink = sink;
		this.isTTY = isTTY;
		this.#signal = signal;
	}

	/**
	 * Prints text, without secrets. A failure does not stop what prints, which may have more important things to do;
	 * it is in {@link Stdout.failure} then.
	 *
	 * @param done - What is done by now, whether or not anybody reads of it.
	 * @throws {Interrupted} if the program is stopped while nobody takes the text.
	 */
	async print(text: string, done?: string): Promise<void> {
		await this.write(Buffer.from(redact(text)), done);
	}

	/**
	 * As {@link Stdout.print}: one value, one line. Secrets are looked for in its texts; its names are ours.
	 * Characters that a terminal acts on are escaped, which does not change the value.
	 */
	async printJson(value: unknown, done?: string): Promise<void> {
		await this.write(Buffer.from(escapeInJson(redactedLine(value))), done);
	}

	/** As {@link Stdout.printJson}, for many. */
	async printJsonLines(values: readonly unknown[], done?: string): Promise<void> {
		const lines = values.map((value) => `${JSON.stringify(value)}\n`).join("");
		// Looking into each text takes ten times as long, and there is hardly ever anything to hide.
		const shown = redact(lines) === lines ? lines : values.map(redactedLine).join("");
		await this.write(Buffer.from(escapeInJson(shown)), done);
	}

	/** Writes data as it is: it may be a secret of its owner's, who wants it. Otherwise as {@link Stdout.print}. */
	async write(data: Uint8Array, done?: string): Promise<void> {
		if (this.#failure !== undefined) {
			this.#failure = { ...this.#failure, done: done ?? this.#failure.done };
			return;
		}
		const written = this.sink.write(data);
		try {
			// A stop that was there before has been dealt with, and this is what came of it.
			await abortable(written, this.#signal.aborted ? undefined : this.#signal);
		} catch (error) {
			if (error instanceof Interrupted) throw error.saying(done ?? "the output was not printed completely");
			this.#failure = { error, done };
		}
	}

	/** Whether something could not be written, so that more would be written for nobody. */
	get failed(): boolean {
		return this.#failure !== undefined;
	}

	/** The message if not all was printed. A reader that stops early, such as `head`, is no failure. */
	get failure(): string | undefined {
		if (this.#failure === undefined) return undefined;
		const { error, done } = this.#failure;
		if (errorCode(error) === "EPIPE") return undefined;
		return `cannot write the output to stdout: ${messageOf(error)}${done === undefined ? "" : `; ${done}`}`;
	}
}

function redactedLine(value: unknown): string {
	const line = JSON.stringify(value, (_name, part: unknown) =>
		typeof part === "string" ? redact(part) : part,
	);
	return `${line}\n`;
}

/** JSON itself escapes only those below the space: an end of a line here is between two values. */
function escapeInJson(json: string): string {
	return json.replace(CONTROLS, (character) => {
		if (character === "\n") return character;
		const units = character.split("").map((unit) => unit.charCodeAt(0).toString(16).padStart(4, "0"));
		return units.map((unit) => `\\u${unit}`).join("");
	});
}

interface Failure {
	readonly error: unknown;
	readonly done: string | undefined;
}
