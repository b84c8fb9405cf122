/** Something a reader does not do as the source would have it, and why that is the reader's matter. */
export interface Deviation {
	readonly readers: readonly string[];
	/** Names, or what they match. */
	readonly cases: readonly (string | RegExp)[];
	/** Every problem has to match it: an expected deviation must not hide another. */
	readonly problem: RegExp;
	/** Versions of the reader that have it, where later ones do not. */
	readonly versions?: RegExp;
	/** One sentence, for people. */
	readonly reason: string;
}

const DEVIATIONS: readonly Deviation[] = [
	{
		readers: ["unzip", "zipinfo -v"],
		cases: ["empty archive"],
		problem: /zipfile is empty|Empty zipfile/,
		reason: "UnZip calls an archive without entries empty and ends with exit code 1.",
	},
	{
		readers: ["7z"],
		cases: ["link, relative", "link, out of the tree", "link, looping"],
		problem: /Dangerous link|(d\/up|link|a|b|self|again)": (kind|mode|size|SHA-256|missing)/,
		reason: "7-Zip does not restore links that go up, or through another link, and extracts an empty file.",
	},
	{
		readers: ["7z"],
		cases: ["link, absolute"],
		problem: /"link": (size|SHA-256)/,
		reason: "7-Zip takes the directory it extracts to for the root of absolute links.",
	},
	{
		readers: ["unzip"],
		cases: ["mtime 1969"],
		problem: /mtime 1980-01-01T00:00:00, not 19/,
		reason:
			"UnZip takes no extended timestamp from before 1970 and falls back to the MS-DOS time, which begins in 1980.",
	},
	{
		readers: ["7z", "bsdtar, file", "bsdtar, pipe", "Go archive/zip"],
		cases: ["mtime 1969"],
		problem: /mtime (2038|2106)-\d\d-\d\dT\d\d:\d\d:\d\d, not 19/,
		reason:
			"Reads the extended timestamp without its sign, though it is one by definition (Info-ZIP extrafld.txt), and sees a time before 1970 as one after 2038.",
	},
	{
		readers: ["unzip"],
		cases: ["mtime 2107", "mtime 2108"],
		problem: /mtime 2108-01-01T23:59:58, not 2107-12-31T23:59:58/,
		reason: "UnZip counts the year 2100 as a leap year and is a day ahead from then on.",
	},
	{
		readers: ["PHP ZipArchive"],
		cases: ["mtime at a change of clocks, in Berlin"],
		problem: /mtime 2024-.*, not 2024-/,
		reason: "libzip does not know the extended timestamp and takes the MS-DOS time for local time.",
	},
	{
		readers: ["bsdtar, file", "bsdtar, pipe"],
		cases: ["name: umlauts, NFD", "name: NFC and NFD side by side"],
		problem: /: (missing|not in the source)$/,
		reason:
			"libarchive composes names that are marked as UTF-8: NFD comes out as NFC, over a file of that name.",
	},
	{
		readers: ["unzip"],
		cases: ["name: newline", "name: tab", "name: ESC"],
		problem: /: (missing|not in the source)$/,
		reason: "UnZip leaves control characters out of names, unless it is given -^.",
	},
	{
		readers: ["yauzl", "zip.js"],
		cases: ["name: newline", "name: tab", "name: ESC"],
		problem: /: (missing|not in the source)$/,
		reason:
			"Names that are not marked as UTF-8 are CP437 by the letter (APPNOTE D.1), where control characters are symbols; the mark would make libzip refuse the archive.",
	},
	{
		readers: ["bsdtar, file", "bsdtar, pipe"],
		cases: ["name: backslash"],
		problem: /: (missing|not in the source)$/,
		reason: "libarchive takes backslashes for slashes where an archive has no slashes in its names.",
	},
	{
		readers: ["yauzl", "zip.js"],
		cases: ["name: backslash", "name: C:x"],
		problem: /invalid characters in fileName|absolute path|Unsafe filename/,
		reason: "The strict mode refuses archives with names that Windows would take for another path.",
	},
	{
		readers: ["bsdtar, file", "bsdtar, pipe"],
		cases: ["name: C:x"],
		problem: /Removing leading drive letter|"C:x": missing|"x": not in the source/,
		reason: "bsdtar takes C: for a drive and removes it.",
	},
	{
		readers: ["unzip"],
		cases: ["name: no UTF-8"],
		problem: /: (missing|not in the source)$/,
		reason: "UnZip leaves the byte 0xFF out of names.",
	},
	{
		readers: ["Python zipfile", "yauzl", "zip.js"],
		cases: ["name: no UTF-8"],
		problem: /: (missing|not in the source)$/,
		reason:
			"Names that are not marked as UTF-8 are read as CP437, as APPNOTE D.1 says; ZIP has no other encoding.",
	},
	{
		readers: ["Java ZipFile", "Java ZipInputStream"],
		cases: ["name: no UTF-8"],
		problem: /bad entry name|malformed input/,
		reason: "Java takes every name for UTF-8 unless it is given another character set.",
	},
	{
		readers: ["unzip", "zipinfo -v"],
		cases: ["name: 65,535 bytes"],
		problem: /filename too long--truncating/,
		reason: "UnZip takes names of up to 4,096 bytes.",
	},
	{
		readers: ["unzip", "zipinfo -v"],
		cases: [/^0xFFFFFFFF bytes.*, store$/],
		problem: /extra field \(type: 0x0001\) corrupt|bad zipfile offset|overlapped components/,
		reason:
			"UnZip takes a size of exactly 0xFFFFFFFF for a placeholder, and looks for more in the ZIP64 field of the next entry than is due there.",
	},
	{
		readers: ["zipdetails"],
		cases: ["central directory at 0xFFFFFFFE"],
		problem: /Truncated file/,
		reason:
			"zipdetails expects ZIP64 as soon as the end record lies behind 4 GiB, though all offsets in it fit 32 bits.",
	},
	{
		readers: ["busybox unzip"],
		cases: [/ at 0x/],
		problem: /short read|exit code null|timed out|bad archive/,
		reason: "BusyBox has 32 bits for offsets, loses its way around 4 GiB, and may not end.",
	},
	{
		readers: ["busybox unzip"],
		cases: ["5 GiB, stored", /^0x.*, store$/],
		problem: /short read/,
		reason:
			"BusyBox does not know ZIP64, and takes sizes from the local header: deflated data ends by itself, stored data does not.",
	},
	{
		readers: ["busybox unzip"],
		cases: ["name: 65,535 bytes"],
		problem: /bad archive/,
		reason: "BusyBox refuses names longer than it deems sane.",
	},
	{
		readers: ["Java ZipInputStream"],
		cases: [/^above one block, .*store$/, "5 GiB, stored", /bytes(?: of unknown size)?, store$/, / at 0x/],
		problem: /only DEFLATED entries can have EXT descriptor/,
		reason:
			"Java does not read stored entries from a stream whose sizes are behind their data; auto and deflate never write such.",
	},
	{
		readers: ["Java ZipInputStream"],
		cases: [
			/^above one block, unknown size, (deflate|auto)$/,
			/^0xFFFFFFF[EF] bytes(?: of unknown size)?, deflate$/,
		],
		problem: /invalid entry size/,
		versions: /version "(1\.\d+|[1-9]|1\d|2[0-2])[."]/,
		reason:
			"Java before 23 expects descriptors with 4-byte sizes for everything below 4 GiB, whatever the local header says (JDK-8303866); an entry has one if its size is known and well below 4 GiB.",
	},
	{
		readers: [
			"unzip",
			"busybox unzip",
			"Python zipfile",
			"Go archive/zip",
			"yauzl",
			"zip.js",
			"PHP ZipArchive",
			"rubyzip",
		],
		cases: [/, zstd$/],
		problem:
			/exit code 81|[Uu]nsupported (compression )?(method|algorithm)|method is not supported|method not supported|: missing$|: size 0, not|: SHA-256 e3b0c442/,
		reason: "Has no Zstandard, and says so; method zstd is for readers that have.",
	},
	{
		readers: ["Java ZipFile", "Java ZipInputStream"],
		cases: [/, zstd$/],
		problem:
			/bad compression method: 93|invalid compression method|only DEFLATED entries can have EXT descriptor/,
		reason: "Java has no Zstandard, and refuses the whole archive.",
	},
	{
		readers: ["bsdtar, file"],
		cases: [/^(up to|above) one block, zstd$/],
		problem: /Truncated zstd file body|Error exit delayed|: missing$|: size \d+, not|: SHA-256/,
		versions: /libarchive 3\.6/,
		reason:
			"libarchive 3.6 takes a frame for cut off whose last input gives more output than its buffer holds: data that shrinks a thousand times.",
	},
	{
		readers: ["bsdtar, pipe"],
		cases: [/, zstd$/],
		problem: /Truncated zstd file body|Error exit delayed|: missing$|: size \d+, not|: SHA-256/,
		versions: /libarchive 3\.6/,
		reason:
			"libarchive 3.6 does not read Zstandard from a pipe if the sizes are behind the data, and stumbles over data that shrinks a thousand times.",
	},
	{
		readers: ["yauzl"],
		cases: ["comments", "archive comment of 65,535 bytes"],
		problem: /the archive comment differs/,
		reason: "yauzl reads the archive comment as CP437; there is no mark that would say it is UTF-8.",
	},
	{
		readers: ["bsdtar, file"],
		cases: ["archive comment of 65,535 bytes"],
		problem: /mode 0664, not 0644/,
		reason:
			"libarchive looks for the end record in the last 16 KiB only and then reads from the front, without modes.",
	},
	{
		readers: ["busybox unzip"],
		cases: ["archive comment of 65,535 bytes"],
		problem: /short read|"a": missing/,
		reason: "BusyBox looks for the end record near the end of the archive only.",
	},
	{
		readers: ["rubyzip"],
		cases: ["archive comment of 65,535 bytes"],
		problem: /end of central directory signature not found/,
		reason: "rubyzip looks for the end record in the last 65,558 bytes, one too few for the longest comment.",
	},
];

/** What is known to go wrong between a reader and a case, if anything. */
export function expectedDeviation(reader: string, version: string, name: string): Deviation | undefined {
	return DEVIATIONS.find(
		({ readers, cases, versions }) =>
			readers.includes(reader) &&
			cases.some((one) => (one instanceof RegExp ? one.test(name) : one === name)) &&
			(versions?.test(version) ?? true),
	);
}
