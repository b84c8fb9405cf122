import { shorten } from "../../secrets/shorten.ts";

/** Characters of a message, which a server may have written. */
const LONGEST_MESSAGE = 4_000;

/**
 * The stack of an error, and those of its causes, as lines. A message is one line, however many the server has made
 * of it, and none begins at the margin: it cannot look like a line of the program.
 */
export function* stackLines(error: unknown): Generator<string, void, void> {
	const seen = new Set<unknown>();
	let lead = "";
	for (let each: unknown = error; each !== undefined && !seen.has(each); each = causeOf(each)) {
		seen.add(each);
		yield `  ${lead}${shorten(String(each), LONGEST_MESSAGE)}`;
		yield* framesOf(each);
		lead = "caused by ";
	}
}

function causeOf(error: unknown): unknown {
	return error instanceof Error ? error.cause : undefined;
}

/** The calls at the end of a stack, which begins with the message. */
function framesOf(error: unknown): string[] {
	if (!(error instanceof Error)) return [];
	const lines = (error.stack ?? "").split("\n");
	const before = lines.findLastIndex((line) => !/^ {4}at /.test(line));
	return lines.slice(before + 1);
}
