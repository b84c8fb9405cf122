import { crc32, deflateRawSync } from "node:zlib";
import { wholeArchive } from "../../support/archive-of.ts";
import { directoryEntry, fileEntry, symlinkEntry } from "../../support/entries.ts";
import {
	DEFLATED,
	extraField,
	type HandMadeEntry,
	handMadeArchive,
	MADE_ON_UNIX,
	u32,
	u64,
	unixMode,
} from "../../support/hand-made-archive.ts";

const LATER = 1 << 3;
const LARGE = 0xffff_ffff;
const TEXT = "some text that can be compressed, as text can be compressed";

const PLAIN: readonly HandMadeEntry[] = [
	{ name: "a.txt", content: TEXT, method: DEFLATED },
	{ name: "b.bin", content: Buffer.from([0, 1, 2, 3, 255]), comment: "a comment" },
	{ name: "d/", externalAttributes: 0x10 },
	{ name: "d/c.txt", content: TEXT, extra: extraField(0x5455, Buffer.from([1]), u32(1_700_000_000)) },
];

function described(name: string, signature: boolean): HandMadeEntry {
	const data = deflateRawSync(TEXT);
	const values = [u32(crc32(TEXT)), u32(data.byteLength), u32(TEXT.length)];
	return {
		...{ name, content: TEXT, method: DEFLATED, flags: LATER },
		local: { crc32: 0, compressedSize: 0, uncompressedSize: 0 },
		behind: Buffer.concat(signature ? [u32(0x0807_4b50), ...values] : values),
	};
}

function large(name: string): HandMadeEntry {
	const sizes = { compressedSize: LARGE, uncompressedSize: LARGE };
	const extra = extraField(1, u64(TEXT.length), u64(TEXT.length));
	return { name, content: TEXT, ...sizes, extra };
}

const link = (name: string, content: string): HandMadeEntry => ({
	...{ name, content, versionMadeBy: MADE_ON_UNIX },
	externalAttributes: unixMode(0o120777),
});

const SATURATED = { count: 0xffff, size: LARGE, offset: LARGE };

/** Archives that are right, of all kinds of records. */
export async function goodArchives(): Promise<readonly Buffer[]> {
	const own = [
		directoryEntry("d/", {}),
		fileEntry("d/ü.txt", TEXT.repeat(20), { mode: 0o640 }),
		symlinkEntry("d/link", "ü.txt", {}),
		fileEntry(Buffer.from("raw\xe9", "latin1"), "x", {}),
	];
	const latin1 = Buffer.from("caf\xe9", "latin1");
	const unicode = extraField(0x7075, Buffer.from([1]), u32(crc32(latin1)), Buffer.from("café"));
	return [
		(await wholeArchive(own)).bytes,
		handMadeArchive(PLAIN),
		handMadeArchive(PLAIN, { comment: "an archive with a comment" }),
		handMadeArchive([described("a", true), described("b", false), ...PLAIN.slice(1)]),
		handMadeArchive([large("a"), large("b")], { ...SATURATED, zip64: {} }),
		handMadeArchive([...PLAIN, link("d/l", "c.txt"), link("m", "d/")]),
		handMadeArchive([
			{ name: latin1, content: TEXT, extra: unicode },
			{ name: "inner.zip", content: handMadeArchive(PLAIN) },
		]),
		handMadeArchive([{ name: "zeros", content: Buffer.alloc(300_000), method: DEFLATED }]),
		handMadeArchive([]),
	];
}
