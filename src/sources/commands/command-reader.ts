import type { Advice } from "../../advice/advice.ts";
import { SourceError } from "../../errors.ts";
import type { EntryReader } from "../../zip/entry.ts";
import { ChunkReader } from "../generated/chunk-reader.ts";
import type { CommandSource } from "../source.ts";
import { type CommandEnd, CommandProcess, type LineListener } from "./command-process.ts";
import { whyNotStarted } from "./not-started.ts";

const ALLOW_EMPTY: Advice = {
	kind: "set-option",
	option: "allowEmpty",
	value: true,
	purpose: "to archive an empty file",
};

/** Starts a program and reads its output, which ends well only if the program does. */
export class CommandReader implements EntryReader {
	readonly size: undefined = undefined;
	readonly #source: CommandSource;
	readonly #process: CommandProcess;
	readonly #output: ChunkReader;
	#isEmpty = true;
	#isDone = false;

	/** @throws {SourceError} if the program cannot be started, as far as that is known at once */
	constructor(source: CommandSource, onLine: LineListener) {
		this.#source = source;
		try {
			this.#process = new CommandProcess(source.command, onLine);
		} catch (error) {
			throw failure(source, `cannot be started: ${whyNotStarted(error, source.command[0])}`, [], error);
		}
		const { stdout } = this.#process;
		this.#output = new ChunkReader(stdout[Symbol.asyncIterator](), stdout, undefined, originOf(source));
	}

	async read(into: Uint8Array): Promise<number> {
		const count = await this.#readOutput(into);
		if (count === 0) await this.#checkEnd();
		else this.#isEmpty = false;
		return count;
	}

	/** Ends the program if it has not ended well; resolves when it is gone, with all that it has started. */
	async close(): Promise<void> {
		if (!this.#isDone) await this.#process.stop();
	}

	async #readOutput(into: Uint8Array): Promise<number> {
		try {
			return await this.#output.read(into);
		} catch (error) {
			// Its output is closed when it has failed.
			const problem = problemOf(await this.#process.end);
			throw problem === undefined ? error : failure(this.#source, problem, this.#process.lines, error);
		}
	}

	async #checkEnd(): Promise<void> {
		const problem = problemOf(await this.#process.finished());
		if (problem !== undefined) throw failure(this.#source, problem, this.#process.lines);
		this.#isDone = true;
		if (this.#isEmpty && this.#source.allowEmpty !== true)
			throw failure(this.#source, "gave no data", this.#process.lines, undefined, ALLOW_EMPTY);
	}
}

/** For messages. */
export function originOf({ name }: Pick<CommandSource, "name">): string {
	return `"${name}"`;
}

function problemOf(end: CommandEnd): string | undefined {
	switch (end.how) {
		case "exit":
			return end.code === 0 ? undefined : `failed with exit code ${end.code}`;
		case "signal":
			return `was ended by ${end.signal}`;
		case "not-started":
			return `cannot be started: ${end.reason}`;
		default:
			return end satisfies never;
	}
}

/**
 * Arguments are not told: passwords are among them more often than they should be.
 *
 * @param lines - The last ones on stderr; the cause has all of them, the message the last.
 */
function failure(
	source: CommandSource,
	problem: string,
	lines: readonly string[],
	cause?: unknown,
	advice?: Advice,
): SourceError {
	const last = lines.at(-1);
	const said = last === undefined ? "" : `: ${last}`;
	const message = `the command ${source.command[0]} for ${originOf(source)} ${problem}${said}`;
	const behind = lines.length > 1 ? new Error(lines.join("\n"), { cause }) : cause;
	return new SourceError("COMMAND_FAILED", message, { origin: originOf(source), cause: behind, advice });
}
