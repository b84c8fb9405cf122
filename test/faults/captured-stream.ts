import { Writable } from "node:stream";

/** A stream that keeps what is written, in the place of stdout or stderr. */
export class CapturedStream extends Writable {
	readonly #chunks: Buffer[] = [];

	override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
		this.#chunks.push(chunk);
		done();
	}

	get text(): string {
		return Buffer.concat(this.#chunks).toString();
	}

	/** What the program takes for its own stream; of that it uses only what this has, and optional facts. */
	asOutput(): NodeJS.WriteStream {
		return this as unknown as NodeJS.WriteStream;
	}
}
