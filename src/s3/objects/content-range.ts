import { UnexpectedAnswerError } from "../errors/sdk-error.ts";

/** Bytes of an object, from its beginning: the first one, and the one behind the last. */
interface ByteSpan {
	readonly start: number;
	readonly end: number;
}

/** Bytes of an object, or the last so many of it; all of it if that is less. */
export type WantedRange = ByteSpan | { readonly suffix: number };

/** The bytes that an answer holds, and how many the object has. */
export interface AnsweredRange extends ByteSpan {
	readonly size: number;
}

/** The head of a response to a request for a range. */
export interface RangeHead {
	readonly status: number | undefined;
	readonly contentRange: string | undefined;
	/** Bytes of the body, if they are stated. */
	readonly contentLength: number | undefined;
}

/** The header that asks for a range. */
export function rangeHeader(wanted: WantedRange): string {
	return "suffix" in wanted ? `bytes=-${wanted.suffix}` : `bytes=${wanted.start}-${wanted.end - 1}`;
}

/**
 * Reads what range an answer holds.
 *
 * @throws {UnexpectedAnswerError} if it is not the one that was asked for: the whole object, as of servers that
 * know no ranges, other bytes, or fewer than there are.
 */
export function checkContentRange(
	{ status, contentRange, contentLength }: RangeHead,
	wanted: WantedRange,
): AnsweredRange {
	if (status !== 206 || contentRange === undefined)
		throw new UnexpectedAnswerError("the response is the whole object, though a range was requested");
	const answered = parseContentRange(contentRange);
	const { size } = answered;
	const expected =
		"suffix" in wanted
			? { start: Math.max(0, size - wanted.suffix), end: size }
			: { start: wanted.start, end: Math.min(wanted.end, size) };
	if (answered.start !== expected.start || answered.end !== expected.end)
		throw new UnexpectedAnswerError(
			`the response has other bytes than were requested: "${contentRange}" for "${rangeHeader(wanted)}"`,
		);
	if (contentLength !== undefined && contentLength !== answered.end - answered.start)
		throw new UnexpectedAnswerError(
			`the response has ${contentLength} bytes, though it says "${contentRange}"`,
		);
	return answered;
}

function parseContentRange(text: string): AnsweredRange {
	const [, first, last, size] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(text) ?? [];
	if (first === undefined) throw new UnexpectedAnswerError(`the response states the range "${text}"`);
	return { start: Number(first), end: Number(last) + 1, size: Number(size) };
}
