import type { Stdout } from "../../output/stdout.ts";
import { printable } from "../../terminal/text.ts";

const CHUNK_LENGTH = 65_536;

/** Prints paths, one a line, many at once. */
export class PathList {
	readonly #stdout: Stdout;
	#lines = "";
	#printing: Promise<void> = Promise.resolve();

	constructor(stdout: Stdout) {
		this.#stdout = stdout;
	}

	add(path: string): void {
		this.#lines += `${printable(path)}\n`;
		if (this.#lines.length >= CHUNK_LENGTH) this.#print();
	}

	/** Waits until all are printed. */
	async end(): Promise<void> {
		if (this.#lines !== "") this.#print();
		await this.#printing;
	}

	#print(): void {
		const lines = this.#lines;
		this.#lines = "";
		this.#printing = this.#printing.then(() => this.#stdout.print(lines));
	}
}
