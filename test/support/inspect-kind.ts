import { demand } from "./field-reader.ts";
import type { CentralHeader } from "./inspect-headers.ts";

const FLAG_DESCRIPTOR = 1 << 3;

export type Kind = "file" | "directory" | "symlink";

const KINDS = new Map<number, Kind>([
	[0o10, "file"],
	[0o04, "directory"],
	[0o12, "symlink"],
]);

/** Reads what an entry is, and checks that everything about it says so. */
export function inspectKind(
	central: CentralHeader,
	where: string,
): { readonly kind: Kind; readonly mode: number } {
	const unixMode = Math.floor(central.externalAttributes / 0x1_0000);
	const dosAttributes = central.externalAttributes % 0x1_0000;
	const kind = KINDS.get(unixMode >> 12);
	demand(kind !== undefined, `${where}: unknown file type in mode 0${unixMode.toString(8)}`);
	const slash = central.name.at(-1) === 0x2f;
	demand(slash === (kind === "directory"), `${where}: a trailing slash and being a directory go together`);
	demand(dosAttributes === (slash ? 0x10 : 0), `${where}: MS-DOS attributes ${dosAttributes}`);
	demand([0, 8, 93].includes(central.method), `${where}: method ${central.method}`);
	if (kind === "directory") demand(central.uncompressedSize === 0, `${where}: a directory with data`);
	if (kind !== "file" || central.uncompressedSize === 0) {
		demand(central.method === 0, `${where}: an empty file, directory or link that is not stored`);
		demand((central.flags & FLAG_DESCRIPTOR) === 0, `${where}: the same with a data descriptor`);
	}
	if (central.uncompressedSize === 0) demand(central.crc32 === 0, `${where}: CRC-32 of nothing is 0`);
	if (central.method === 0) {
		demand(central.compressedSize === central.uncompressedSize, `${where}: stored with two sizes`);
	}
	return { kind, mode: unixMode & 0o7777 };
}

export function isAscii(bytes: Uint8Array): boolean {
	return bytes.every((byte) => byte < 0x80);
}

export function isUtf8(bytes: Buffer): boolean {
	return Buffer.from(bytes.toString("utf8"), "utf8").equals(bytes);
}

export function isNonAsciiUtf8(bytes: Buffer): boolean {
	return !isAscii(bytes) && isUtf8(bytes);
}
