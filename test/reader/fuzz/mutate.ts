/** A number from 0 to 1. */
export type Random = () => number;

/** Fields of a record: where they begin in it, and how many bytes they have. */
type Fields = readonly (readonly [offset: number, size: 2 | 4 | 8])[];

/** The records of an archive, by the second half of their signatures. */
const RECORDS: Readonly<Record<string, Fields>> = {
	"\x03\x04": [
		[4, 2],
		[6, 2],
		[8, 2],
		[10, 4],
		[14, 4],
		[18, 4],
		[22, 4],
		[26, 2],
		[28, 2],
	],
	"\x01\x02": [
		[4, 2],
		[6, 2],
		[8, 2],
		[10, 2],
		[16, 4],
		[20, 4],
		[24, 4],
		[28, 2],
		[30, 2],
		[32, 2],
		[34, 2],
		[38, 4],
		[42, 4],
	],
	"\x05\x06": [
		[4, 2],
		[6, 2],
		[8, 2],
		[10, 2],
		[12, 4],
		[16, 4],
		[20, 2],
	],
	"\x06\x06": [
		[4, 8],
		[12, 2],
		[16, 4],
		[20, 4],
		[24, 8],
		[32, 8],
		[40, 8],
		[48, 8],
	],
	"\x06\x07": [
		[4, 4],
		[8, 8],
		[16, 4],
	],
	"\x07\x08": [
		[4, 4],
		[8, 4],
		[12, 4],
	],
};

interface Place {
	readonly at: number;
	readonly fields: Fields;
}

/** What is done to archives. Each changes bytes in place, or gives others. */
const MUTATIONS: readonly ((bytes: Buffer, random: Random, other: Buffer) => Buffer)[] = [
	setField,
	setField,
	setField,
	setField,
	copyField,
	(bytes, random) => flip(bytes, random),
	(bytes, random) => bytes.subarray(0, below(bytes.byteLength, random)),
	(bytes, random) => bytes.subarray(below(Math.min(100, bytes.byteLength), random)),
	duplicateRecord,
	removeRecord,
	splice,
	(bytes, random) => Buffer.concat([bytes, Buffer.alloc(below(100, random), below(256, random))]),
	(bytes, _, other) => Buffer.concat([bytes, other]),
	(bytes, _, other) => Buffer.concat([other, bytes]),
];

/** An archive changed in one to five ways; the end records may be put right then, so that the rest is looked at. */
export function mutated(archive: Buffer, other: Buffer, random: Random): Buffer {
	let bytes: Buffer = Buffer.from(archive);
	for (let left = 1 + below(5, random); left > 0; left -= 1)
		bytes = (MUTATIONS[below(MUTATIONS.length, random)] ?? flip)(bytes, random, other);
	return random() < 0.5 ? repaired(bytes) : bytes;
}

function below(limit: number, random: Random): number {
	return Math.floor(random() * limit);
}

function placesOf(bytes: Buffer): Place[] {
	const places: Place[] = [];
	for (let at = bytes.indexOf("PK"); at >= 0; at = bytes.indexOf("PK", at + 1)) {
		const fields = RECORDS[bytes.toString("latin1", at + 2, at + 4)];
		if (fields !== undefined) places.push({ at, fields });
	}
	return places;
}

function somePlace(bytes: Buffer, random: Random): Place | undefined {
	const places = placesOf(bytes);
	return places[below(places.length, random)];
}

function setField(bytes: Buffer, random: Random): Buffer {
	const place = somePlace(bytes, random);
	const [offset, size] = place?.fields[below(place.fields.length, random)] ?? [0, 2];
	const at = (place?.at ?? 0) + offset;
	if (at + size > bytes.byteLength) return bytes;
	const before = size === 8 ? bytes.readBigUInt64LE(at) : BigInt(bytes.readUIntLE(at, size));
	const most = (1n << BigInt(8 * size)) - 1n;
	const length = BigInt(bytes.byteLength);
	const values = [0n, 1n, before + 1n, before - 1n, before ^ (1n << BigInt(below(8 * size, random))), most]
		.concat([most - 1n, most >> 1n, (most >> 1n) + 1n, length, length - 1n, 8n, 0xffffn, 0xffff_ffffn])
		.concat([BigInt(below(bytes.byteLength, random)), 1n << 53n, (1n << 63n) - 1n]);
	const value = (values[below(values.length, random)] ?? 0n) & most;
	if (size === 8) bytes.writeBigUInt64LE(value, at);
	else bytes.writeUIntLE(Number(value), at, size);
	return bytes;
}

/** Gives a field of a record the value of another record of its kind, so that entries become one. */
function copyField(bytes: Buffer, random: Random): Buffer {
	const [from, to] = [somePlace(bytes, random), somePlace(bytes, random)];
	if (from === undefined || to === undefined || from.fields !== to.fields) return bytes;
	const [offset, size] = from.fields[below(from.fields.length, random)] ?? [0, 2];
	bytes.set(
		bytes.subarray(from.at + offset, from.at + offset + size),
		Math.min(to.at + offset, bytes.byteLength - size),
	);
	return bytes;
}

function flip(bytes: Buffer, random: Random): Buffer {
	const at = below(bytes.byteLength, random);
	if (at < bytes.byteLength) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8, random));
	return bytes;
}

/** The bytes from one record to the next. */
function someRecord(bytes: Buffer, random: Random): readonly [start: number, end: number] {
	const places = placesOf(bytes);
	const index = below(places.length, random);
	return [places[index]?.at ?? 0, places[index + 1]?.at ?? bytes.byteLength];
}

function duplicateRecord(bytes: Buffer, random: Random): Buffer {
	const [start, end] = someRecord(bytes, random);
	const [there] = random() < 0.5 ? [end] : someRecord(bytes, random);
	return Buffer.concat([bytes.subarray(0, there), bytes.subarray(start, end), bytes.subarray(there)]);
}

function removeRecord(bytes: Buffer, random: Random): Buffer {
	const [start, end] = someRecord(bytes, random);
	return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
}

/** Some bytes of one of both, somewhere else. */
function splice(bytes: Buffer, random: Random, other: Buffer): Buffer {
	const from = random() < 0.5 ? bytes : other;
	const start = below(from.byteLength, random);
	const piece = from.subarray(start, start + below(200, random));
	const at = below(bytes.byteLength, random);
	const replaced = random() < 0.5 ? piece.byteLength : 0;
	return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + replaced)]);
}

/** With an end record that says where the directory is, if there is one, and how many headers it has. */
function repaired(bytes: Buffer): Buffer {
	const end = bytes.lastIndexOf("PK\x05\x06");
	const start = bytes.indexOf("PK\x01\x02");
	if (start < 0 || end < start || end + 22 > bytes.byteLength) return bytes;
	let count = 0;
	for (let at = start; at >= 0 && at < end; at = bytes.indexOf("PK\x01\x02", at + 1)) count += 1;
	const result = Buffer.from(bytes.subarray(0, end + 22));
	result.writeUInt16LE(count & 0xffff, end + 8);
	result.writeUInt16LE(count & 0xffff, end + 10);
	result.writeUInt32LE(end - start, end + 12);
	result.writeUInt32LE(start, end + 16);
	result.writeUInt16LE(0, end + 20);
	return result;
}
