import { nameLength } from "../format/central-header.ts";
import { CENTRAL_DIRECTORY_HEADER_LENGTH } from "../format/record-lengths.ts";

const SLASH = 0x2f;

/** A directory goes by its name without the slash: beside a file of that name it could not be extracted. */
function comparedLength(page: Uint8Array, headerOffset: number): number {
	const length = nameLength(page, headerOffset);
	const directory = page[headerOffset + CENTRAL_DIRECTORY_HEADER_LENGTH + length - 1] === SLASH;
	return directory ? length - 1 : length;
}

/** Compares the names of two headers, from the end: names of one directory begin alike. */
export function haveSameName(
	page: Uint8Array,
	offset: number,
	otherPage: Uint8Array,
	otherOffset: number,
): boolean {
	const length = comparedLength(page, offset);
	if (length !== comparedLength(otherPage, otherOffset)) return false;
	const start = offset + CENTRAL_DIRECTORY_HEADER_LENGTH;
	const otherStart = otherOffset + CENTRAL_DIRECTORY_HEADER_LENGTH;
	for (let index = length - 1; index >= 0; index--)
		if (page[start + index] !== otherPage[otherStart + index]) return false;
	return true;
}

/** Whether the header has this name, in the same sense. */
export function hasName(page: Uint8Array, offset: number, name: Uint8Array): boolean {
	const length = comparedLength(page, offset);
	if (length !== comparedLengthOf(name)) return false;
	const start = offset + CENTRAL_DIRECTORY_HEADER_LENGTH;
	for (let index = length - 1; index >= 0; index--) if (page[start + index] !== name[index]) return false;
	return true;
}

function comparedLengthOf(name: Uint8Array): number {
	return name[name.byteLength - 1] === SLASH ? name.byteLength - 1 : name.byteLength;
}

/** Hash of the name in a header: FNV-1a, 32 bits. */
export function hashOfName(page: Uint8Array, headerOffset: number): number {
	const start = headerOffset + CENTRAL_DIRECTORY_HEADER_LENGTH;
	return hashOf(page, start, start + comparedLength(page, headerOffset));
}

/** The same of a name by itself. */
export function hashOfGivenName(name: Uint8Array): number {
	return hashOf(name, 0, comparedLengthOf(name));
}

function hashOf(page: Uint8Array, start: number, end: number): number {
	let value = 0x811c_9dc5;
	for (let offset = start; offset < end; offset++)
		value = Math.imul(value ^ (page[offset] ?? 0), 0x0100_0193);
	return value >>> 0;
}
