import { createInterface, type Interface } from "node:readline";
import { abortable } from "../../async/abortable.ts";
import { InvalidOptionError } from "../../errors.ts";
import { messageInCommands } from "./command-words.ts";
import { type Io, writeLine } from "./io.ts";
import { printable } from "./text.ts";

/** A question, and what becomes of its answer. */
export interface Question<Answer> {
	/** One line, short enough for a narrow terminal. */
	readonly text: string;
	/** What nothing stands for. */
	readonly fallback?: string | undefined;
	/**
	 * Reads an answer, without white space around it.
	 *
	 * @throws {InvalidOptionError} if it is none: the question is asked again
	 */
	read(answer: string): Answer;
}

/** Whether there is somebody to ask. */
export function canAsk({ stderr }: Pick<Io, "stderr">): boolean {
	return process.stdin.isTTY === true && stderr.isTTY === true;
}

/**
 * Questions on a terminal, one after the other. Lines are edited by the terminal itself, which so stays in a state that
 * nobody has to take back, and Ctrl-C and Ctrl-Z do what they always do.
 */
export class Questions {
	readonly #io: Pick<Io, "stderr" | "signal">;
	readonly #lines: Interface;
	/** Also of lines that were pasted together. */
	readonly #answers: AsyncIterator<string>;

	constructor(io: Pick<Io, "stderr" | "signal">) {
		this.#io = io;
		this.#lines = createInterface({ input: process.stdin, terminal: false });
		this.#answers = this.#lines[Symbol.asyncIterator]();
	}

	/** @throws {InvalidOptionError} if the input ends */
	async ask<Answer>({ text, fallback, read }: Question<Answer>): Promise<Answer> {
		for (;;) {
			writeLine(this.#io.stderr, text);
			const answer = await this.#answer(fallback === undefined ? "> " : `[${fallback}] > `);
			try {
				return read(answer === "" ? (fallback ?? "") : answer);
			} catch (error) {
				if (!(error instanceof InvalidOptionError)) throw error;
				writeLine(this.#io.stderr, `  ${messageInCommands(error)}`);
			}
		}
	}

	async #answer(prompt: string): Promise<string> {
		const { stderr, signal } = this.#io;
		stderr.write(printable(prompt));
		let isWhole = false;
		try {
			const { value, done } = await abortable(this.#answers.next(), signal);
			if (done === true) throw new InvalidOptionError("the input has ended; nothing was written");
			isWhole = true;
			return value.trim();
		} finally {
			if (!isWhole) stderr.write("\n"); // what follows does not belong behind the prompt
		}
	}

	close(): void {
		this.#lines.close();
	}
}
