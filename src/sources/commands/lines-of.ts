import type { Readable } from "node:stream";

/** Characters; what is longer comes in pieces. */
const LONGEST = 4096;

/**
 * The lines that a program writes for people, as they come. A carriage return ends one as well: progress bars draw
 * over their line with it.
 */
export async function* linesOf(output: Readable): AsyncGenerator<string, void, void> {
	let rest = "";
	for await (const text of output.setEncoding("utf8") as AsyncIterable<string>) {
		const lines = `${rest}${text}`.split(/[\r\n]+/);
		rest = lines.pop() ?? "";
		for (const line of lines) yield* pieces(line);
		if (rest.length > LONGEST) {
			yield* pieces(rest);
			rest = "";
		}
	}
	yield* pieces(rest);
}

function* pieces(line: string): Generator<string, void, void> {
	for (let start = 0; start < line.length; start += LONGEST) yield line.slice(start, start + LONGEST);
}
