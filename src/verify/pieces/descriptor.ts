import type { EntryFacts } from "../../reader/entry.ts";
import type { ArchiveStructure } from "../finding.ts";

const SIGNATURE = 0x0807_4b50;

/** What is wrong behind the data of an entry, in words that go on behind its name. */
export interface DescriptorFlaw {
	readonly structure: ArchiveStructure;
	readonly message: string;
}

/**
 * Looks at what is between the data of an entry and the next one: nothing, or its data descriptor, in one of its four forms, with
 * signature or without, with sizes of 4 or 8 bytes (APPNOTE 4.3.9). Some tools announce one and write none for what is empty.
 */
export function descriptorFlaw(
	entry: EntryFacts,
	found: Uint8Array,
	announced: boolean,
): DescriptorFlaw | undefined {
	if (found.byteLength === 0) return undefined;
	if (!announced) return unknownBytes(found.byteLength);
	const view = new DataView(found.buffer, found.byteOffset, found.byteLength);
	for (const wide of [false, true]) {
		for (const start of [4, 0]) {
			const length = start + (wide ? 20 : 12);
			if (found.byteLength < length || (start === 4 && view.getUint32(0, true) !== SIGNATURE)) continue;
			if (!fits(entry, view, start, wide)) continue;
			return found.byteLength === length ? undefined : unknownBytes(found.byteLength - length);
		}
	}
	return {
		structure: "data-descriptor",
		message: "has a data descriptor that does not fit the directory",
	};
}

function fits(entry: EntryFacts, view: DataView, start: number, wide: boolean): boolean {
	const size = (at: number) => (wide ? Number(view.getBigUint64(at, true)) : view.getUint32(at, true));
	return (
		view.getUint32(start, true) === entry.crc32 &&
		size(start + 4) === entry.compressedSize &&
		size(start + (wide ? 12 : 8)) === entry.uncompressedSize
	);
}

function unknownBytes(count: number): DescriptorFlaw {
	return {
		structure: "layout",
		message: `is followed by ${count.toLocaleString("en")} ${count === 1 ? "byte" : "bytes"} that belong to no entry`,
	};
}
