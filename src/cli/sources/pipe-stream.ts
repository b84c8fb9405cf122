import { closeSync, constants, createReadStream, fstatSync, openSync } from "node:fs";
import { Socket } from "node:net";
import { Readable } from "node:stream";
import type { Advice } from "../../advice/advice.ts";
import { SourceError } from "../../errors.ts";

/** The end of a pipe that is read. */
export interface Pipe {
	/** For messages: `stdin`, or a path. */
	readonly shown: string;
	/** Path of a FIFO; stdin if there is none. */
	readonly path?: string | undefined;
	/** Tells whether two of them are the same. */
	readonly identity: string;
}

const STDIN = 0;

/** Returns at once, whether somebody writes into the FIFO or not; data is waited for later, and that can be stopped. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

const ALLOW_EMPTY: Advice = {
	kind: "set-option",
	option: "allowEmpty",
	value: true,
	purpose: "to archive an empty file",
};

/**
 * The data of a pipe. Nothing is opened before somebody reads, so that a dry run takes nothing away; and whoever
 * waits for data can stop waiting at any time, as nothing but the event loop waits.
 *
 * A pipe cannot tell a command that has failed from one that is done. That nothing came at all is the one sign there
 * is, and an error.
 */
export class PipeStream extends Readable {
	readonly #pipe: Pipe;
	readonly #allowEmpty: boolean;
	#source: Readable | undefined;
	#isEmpty = true;

	constructor(pipe: Pipe, allowEmpty: boolean) {
		super();
		this.#pipe = pipe;
		this.#allowEmpty = allowEmpty;
	}

	override _read(): void {
		if (this.#source !== undefined) {
			this.#source.resume();
			return;
		}
		try {
			this.#source = this.#open();
		} catch (error) {
			this.destroy(error as Error); // of the system
		}
	}

	override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
		this.#source?.destroy();
		callback(error);
	}

	#open(): Readable {
		const { path } = this.#pipe;
		const source = path === undefined ? openStdin() : openFifo(path);
		source.on("data", (chunk: Buffer) => {
			this.#isEmpty = false;
			if (!this.push(chunk)) source.pause();
		});
		source.on("error", (error) => this.destroy(error));
		source.on("end", () => {
			if (this.#isEmpty && !this.#allowEmpty) this.destroy(this.#nothing());
			else this.push(null);
		});
		return source;
	}

	#nothing(): SourceError {
		const { shown } = this.#pipe;
		const problem = `${shown} gave no data, as if the command that writes into it had failed`;
		return new SourceError("SOURCE_EMPTY", problem, { origin: shown, advice: ALLOW_EMPTY });
	}
}

/** A file, a device, or something with another end. Threads of the pool wait for files only, which respond in time. */
function openStdin(): Readable {
	const stats = fstatSync(STDIN);
	if (stats.isFIFO() || stats.isSocket()) return new Socket({ fd: STDIN, readable: true, writable: false });
	return createReadStream("", { fd: STDIN, autoClose: false });
}

function openFifo(path: string): Readable {
	const fd = openSync(path, FLAGS);
	if (fstatSync(fd).isFIFO()) return new Socket({ fd, readable: true, writable: false });
	closeSync(fd);
	const message = `${path} is no longer a FIFO: it was replaced`;
	throw new SourceError("SOURCE_CHANGED", message, { origin: path });
}
