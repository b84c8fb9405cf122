/** Bytes of an archive. */
export interface ByteRange {
	readonly start: number;
	/** Not included. */
	readonly end: number;
}

const ONE_RANGE = /^bytes=\s*(?:(?<first>\d+)-(?<last>\d*)|-(?<suffix>\d+))\s*$/i;

/**
 * The range that a `Range` header asks for (RFC 9110, 14.1.2). Several ranges are not given one by one, which the header allows: each would
 * have to be read for itself, and no program that downloads archives asks for them in one request.
 *
 * @returns `undefined` if the whole is to be sent: several ranges, another unit, what is malformed.
 */
export function requestedRange(header: string, size: number): ByteRange | "unsatisfiable" | undefined {
	const fields = ONE_RANGE.exec(header)?.groups;
	if (fields === undefined) return undefined;
	const { first, last, suffix } = fields;
	if (suffix !== undefined) {
		const start = Math.max(0, size - Number(suffix));
		return start === size ? "unsatisfiable" : { start, end: size };
	}
	const start = Number(first);
	const end = last === undefined || last === "" ? size : Math.min(size, Number(last) + 1);
	if (last !== undefined && last !== "" && Number(last) < start) return undefined;
	return start >= size ? "unsatisfiable" : { start, end };
}
