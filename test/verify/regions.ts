/** A field of a record of an archive, for the bytes that a test changes. */
export interface Region {
	/** `local header`, `central header`, `end record`. */
	readonly record: string;
	/** Byte of the record. */
	readonly at: number;
	/** Name of the field, where it is one that no checksum protects. */
	readonly field: string | undefined;
}

/** Bytes of a central header that nothing else in an archive repeats, by their offsets. */
const UNPROTECTED: Readonly<Record<number, string>> = {
	12: "MS-DOS time beside an exact time",
	13: "MS-DOS time beside an exact time",
	14: "MS-DOS time beside an exact time",
	15: "MS-DOS time beside an exact time",
	36: "internal attributes",
	37: "internal attributes",
	40: "mode",
	41: "mode",
};

const CENTRAL = Buffer.from([0x50, 0x4b, 1, 2]);
const LOCAL = Buffer.from([0x50, 0x4b, 3, 4]);
const END = Buffer.from([0x50, 0x4b, 5, 6]);

/** What a byte of an archive belongs to, by the last record that begins before it. */
export function regionOf(archive: Buffer, at: number): Region {
	const last = (signature: Buffer) => archive.lastIndexOf(signature, at);
	const [local, central, end] = [last(LOCAL), last(CENTRAL), last(END)];
	if (end > central)
		return { record: "end record", at: at - end, field: at - end < 22 ? undefined : "comment" };
	if (local > central) return { record: "local header", at: at - local, field: undefined };
	const nameEnd = central + 46 + archive.readUInt16LE(central + 28);
	const extraEnd = nameEnd + archive.readUInt16LE(central + 30);
	const field = at >= extraEnd ? "comment" : UNPROTECTED[at - central];
	return { record: "central header", at: at - central, field };
}
