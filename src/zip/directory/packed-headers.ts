import { headerLength, nameLength } from "../format/central-header.ts";
import { CENTRAL_DIRECTORY_HEADER_LENGTH } from "../format/record-lengths.ts";

/** Bytes that a byte of bits tells about. */
const GROUP = 8;
/** Groups that a byte of bits tells about. */
const STRETCH = 8 * GROUP;

/**
 * Bytes that packed headers take at most. The worst have a name of one byte, nothing behind it, and no byte in
 * common with the one before: 9 bytes of bits for 47.
 */
export function maxPackedSize(size: number): number {
	return Math.ceil(size * 1.25);
}

/**
 * Packs central directory headers that follow each other: each is written as what differs from the header
 * before it. They come to a third or less, much as with DEFLATE at level 1, but are unpacked without new
 * memory: `node:zlib` makes some for each call, which the garbage collector finds late.
 *
 * The first header stands as it is. Each other is told 8 bytes at a time: a byte with a bit for each that
 * differs, and those that do. Where none does there is nothing; which these are is told by a byte of bits ahead
 * of every 8 such groups.
 *
 * @param into - At least {@link maxPackedSize} bytes.
 * @returns how many bytes of `into` are used.
 */
export function packHeaders(headers: Uint8Array, into: Uint8Array): number {
	let start = headers.byteLength === 0 ? 0 : headerLength(headers, 0);
	into.set(headers.subarray(0, start));
	let used = start;
	for (let before = 0; start < headers.byteLength; ) {
		const name = start + CENTRAL_DIRECTORY_HEADER_LENGTH;
		const end = start + headerLength(headers, start);
		const distance = start - before;
		const tail = tailDistance(headers, before, start);
		used = pack(headers, start, name, distance, distance, into, used);
		used = pack(headers, name, end, distance, tail, into, used);
		before = start;
		start = end;
	}
	return used;
}

/**
 * Undoes {@link packHeaders}.
 *
 * @param into - As long as the headers, or longer.
 * @returns how many bytes of `into` are used.
 */
export function unpackHeaders(packed: Uint8Array, into: Uint8Array): number {
	let start = packed.byteLength === 0 ? 0 : headerLength(packed, 0);
	into.set(packed.subarray(0, start));
	let read = start;
	for (let before = 0; read < packed.byteLength; ) {
		const name = start + CENTRAL_DIRECTORY_HEADER_LENGTH;
		const distance = start - before;
		read = unpack(packed, read, into, start, name, distance, distance);
		const end = start + headerLength(into, start); // known now, as the fixed part is there
		const tail = tailDistance(into, before, start);
		read = unpack(packed, read, into, name, end, distance, tail);
		before = start;
		start = end;
	}
	return start;
}

/** From the end of a name to the end of the name before it; not back beyond the first header. */
function tailDistance(headers: Uint8Array, before: number, start: number): number {
	return Math.min(start - before + nameLength(headers, start) - nameLength(headers, before), start);
}

/**
 * Bytes are compared with those `distance` before them, and `tail` before them once some have differed: so
 * names are compared from their start first, then from their end, and what is behind a name with the same.
 * Whatever stands there will do, even bytes of this header, as long as it is before them.
 */
function pack(
	headers: Uint8Array,
	start: number,
	end: number,
	distance: number,
	tail: number,
	into: Uint8Array,
	used: number,
): number {
	let next = used;
	let back = distance;
	for (let stretch = start; stretch < end; stretch += STRETCH) {
		const stretchEnd = Math.min(stretch + STRETCH, end);
		const groupBitsAt = next++;
		let groupBits = 0;
		for (let group = stretch, groupBit = 1; group < stretchEnd; group += GROUP, groupBit <<= 1) {
			const groupEnd = Math.min(group + GROUP, stretchEnd);
			const bitsAt = next++;
			let bits = 0;
			for (let offset = group, bit = 1; offset < groupEnd; offset++, bit <<= 1) {
				const byte = headers[offset] ?? 0;
				if (byte === headers[offset - back]) continue;
				bits |= bit;
				into[next++] = byte;
			}
			if (bits === 0) {
				next = bitsAt;
				continue;
			}
			groupBits |= groupBit;
			into[bitsAt] = bits;
			back = tail;
		}
		into[groupBitsAt] = groupBits;
	}
	return next;
}

function unpack(
	packed: Uint8Array,
	read: number,
	into: Uint8Array,
	start: number,
	end: number,
	distance: number,
	tail: number,
): number {
	let next = read;
	let back = distance;
	for (let stretch = start; stretch < end; stretch += STRETCH) {
		const stretchEnd = Math.min(stretch + STRETCH, end);
		let groupBits = packed[next++] ?? 0;
		for (let group = stretch; group < stretchEnd; group += GROUP, groupBits >>>= 1) {
			const groupEnd = Math.min(group + GROUP, stretchEnd);
			let bits = groupBits & 1 ? (packed[next++] ?? 0) : 0;
			const differs = bits !== 0;
			for (let offset = group; offset < groupEnd; offset++, bits >>>= 1) {
				into[offset] = (bits & 1 ? packed[next++] : into[offset - back]) ?? 0;
			}
			if (differs) back = tail;
		}
	}
	return next;
}
