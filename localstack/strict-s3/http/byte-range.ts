import { S3Error } from "../errors.ts";

export interface ByteRange {
	readonly start: number;
	/** Exclusive. */
	readonly end: number;
}

/**
 * The range of a GET; `undefined` if there is none, or one this server (like AWS) takes no notice of:
 * another unit, several ranges, or no valid range at all.
 */
export function parseRange(text: string | undefined, size: number): ByteRange | undefined {
	const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(text?.trim() ?? "") ?? [];
	if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
	if (first === "") return satisfiable({ start: Math.max(size - Number(last), 0), end: size }, size, text);
	if (last !== "" && Number(last) < Number(first)) return undefined;
	const end = last === "" ? size : Math.min(Number(last) + 1, size);
	return satisfiable({ start: Number(first), end }, size, text);
}

/** The range of the source of UploadPartCopy, which has to have both ends and to be inside the source. */
export function parseCopyRange(text: string | undefined, size: number): ByteRange {
	if (text === undefined) return { start: 0, end: size };
	const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(text) ?? [];
	if (first === undefined || last === undefined || Number(last) < Number(first)) {
		throw new S3Error(
			"InvalidArgument",
			"The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
		);
	}
	if (Number(last) >= size) {
		throw new S3Error("InvalidArgument", `Range specified is not valid for source object of size: ${size}`);
	}
	return { start: Number(first), end: Number(last) + 1 };
}

function satisfiable(range: ByteRange, size: number, text = ""): ByteRange {
	if (range.start < range.end) return range;
	throw new S3Error("InvalidRange", "The requested range is not satisfiable", {
		RangeRequested: text,
		ActualObjectSize: String(size),
	});
}
