import {
	DEFLATED,
	extraField,
	type HandMadeEntry,
	handMadeArchive,
	u32,
	u64,
} from "../../../support/hand-made-archive.ts";
import { about, type HostileArchive, refusedBy } from "../hostile-archive.ts";

const LARGE = 0xffff_ffff;
const BEYOND = "is said to lie beyond the directory";
const CONTRADICTS = "has a ZIP64 extra field that contradicts its header";
const SHARED = "has entries that share bytes: together they have more than there are";
const GOOD = { name: "good.txt", content: "good" };

/** An archive of a good entry and one that is not. */
function beside(entry: Partial<HandMadeEntry>): () => Buffer {
	return () => handMadeArchive([GOOD, { name: "a", content: "abc", ...entry }]);
}

function about64(...values: readonly (number | bigint)[]): Buffer {
	return extraField(1, ...values.map((value) => u64(value)));
}

/** Many headers for the data of one entry, as in a bomb. */
function allTheSame(): Buffer {
	const content = Buffer.alloc(100_000);
	const first = { name: "0", content, method: DEFLATED };
	const others = Array.from({ length: 500 }, (_, at) => ({ ...first, name: `${at + 1}`, offset: 0 }));
	const kernel = handMadeArchive([first]);
	const whole = handMadeArchive([first, ...others]);
	const directory = whole.subarray(whole.indexOf("PK\x01\x02"), -22);
	const data = kernel.subarray(0, kernel.indexOf("PK\x01\x02"));
	const end = handMadeArchive([], { count: 501, size: directory.byteLength, offset: data.byteLength });
	return Buffer.concat([data, directory, end]);
}

/** Each entry holds the local headers of all that follow, as in a bomb that readers of local headers take. */
function quoted(): Buffer {
	const count = 50;
	const kernel = Buffer.alloc(1_000, "k");
	const names = Array.from({ length: count }, (_, at) => `${String(at).padStart(3, "0")}`);
	let tail = handMadeArchive([{ name: names.at(-1) ?? "", content: kernel }]);
	tail = tail.subarray(0, tail.indexOf("PK\x01\x02"));
	const entries: HandMadeEntry[] = [{ name: names.at(-1) ?? "", content: kernel }];
	for (const name of names.slice(0, -1).reverse()) {
		const content = tail;
		entries.unshift({ name, content });
		const one = handMadeArchive([{ name, content }]);
		tail = one.subarray(0, one.lastIndexOf("PK\x01\x02"));
	}
	const placed = entries.map((entry, at) => ({ ...entry, offset: at * 33 }));
	const whole = handMadeArchive(placed);
	const directory = whole.subarray(whole.byteLength - 22 - count * 49, -22);
	const end = handMadeArchive([], { count, size: directory.byteLength, offset: tail.byteLength });
	return Buffer.concat([tail, directory, end]);
}

/** The directory of an archive with its bytes changed. */
function changed(change: (directory: Buffer) => Buffer): Buffer {
	const bytes = handMadeArchive([GOOD, { name: "b", content: "b" }]);
	const start = bytes.indexOf("PK\x01\x02");
	const directory = change(Buffer.from(bytes.subarray(start, -22)));
	const end = handMadeArchive([], { count: 2, size: directory.byteLength, offset: start });
	return Buffer.concat([bytes.subarray(0, start), directory, end]);
}

/** What is wrong within directories. */
export const DIRECTORY: readonly HostileArchive[] = refusedBy("listing", [
	[SHARED, "all entries are one", allTheSame],
	[SHARED, "each entry quotes the next ones", quoted],
	[about("a", BEYOND), "an entry at the end of the archive", beside({ offset: 150 })],
	[about("a", BEYOND), "an entry that begins in the directory", beside({ offset: 80 })],
	[
		about("a", BEYOND),
		"an entry that reaches into the directory",
		beside({ method: DEFLATED, compressedSize: 10 }),
	],
	[about("a", BEYOND), "an entry at 2^63", beside({ offset: LARGE, extra: about64(2 ** 63) })],
	[
		about("a", BEYOND),
		"an entry of 2^64 - 1 bytes",
		beside({ method: DEFLATED, compressedSize: LARGE, extra: about64(0xffff_ffff_ffff_ffffn) }),
	],
	[
		about("a", "is said to be stored, but has another size than its data"),
		"a stored entry of two sizes",
		beside({ uncompressedSize: 1_000_000_000 }),
	],
	[
		about("a", "has sizes that stand in a ZIP64 extra field, but no such field"),
		"a size in a ZIP64 field that is not there",
		beside({ compressedSize: LARGE, uncompressedSize: LARGE }),
	],
	[
		about("a", "has a ZIP64 extra field without the sizes that stand in it"),
		"a ZIP64 field that is too short",
		beside({ compressedSize: LARGE, uncompressedSize: LARGE, extra: about64(3) }),
	],
	[
		about("a", "has two ZIP64 extra fields"),
		"two ZIP64 fields",
		beside({
			...{ compressedSize: LARGE, uncompressedSize: LARGE },
			extra: Buffer.concat([about64(3, 3), about64(4, 4)]),
		}),
	],
	[
		about("a", CONTRADICTS),
		"a ZIP64 field that is not needed, of another size",
		beside({ extra: about64(4, 4) }),
	],
	[
		about("a", CONTRADICTS),
		"a ZIP64 field of three values, of which the header asks for one",
		beside({ offset: LARGE, extra: about64(42, 3, 42) }),
	],
	[
		about("a", "has extra fields that go beyond their end"),
		"an extra field that is too long",
		beside({ extra: Buffer.from([0x55, 0x54, 0xff, 0xff, 1]) }),
	],
	[
		about("a", "is said to be in another part of an archive of several"),
		"an entry in another part",
		beside({ disk: 1 }),
	],
	[
		"has something else than a header in its directory, behind entry 1",
		"a header without its signature",
		() => changed((directory) => directory.fill(0x51, 54, 55)),
	],
	[
		"has something else than a header in its directory, behind entry 1",
		"a name that is shorter than stated",
		() => changed((directory) => directory.fill(7, 28, 29)),
	],
	[
		"has a directory that ends in the middle of a header",
		"a comment that is not there",
		() => changed((directory) => directory.fill(1, 54 + 32, 54 + 33)),
	],
	[
		"has something else than a header in its directory, behind entry 1",
		"a digital signature in its middle",
		() =>
			changed((directory) =>
				Buffer.concat([directory.subarray(0, 54), u32(0x0505_4b50), directory.subarray(54)]),
			),
	],
	[
		"has more in its directory than the 2 entries that its end record states",
		"an entry more than stated",
		() => changed((directory) => Buffer.concat([directory, directory.subarray(54)])),
	],
	[
		"has more in its directory than the 2 entries that its end record states",
		"bytes behind the last header",
		() => changed((directory) => Buffer.concat([directory, Buffer.alloc(5)])),
	],
	[
		"has 1 entries in its directory, but its end record states 2",
		"an entry fewer than stated",
		() =>
			changed((directory) => {
				directory.writeUInt16LE(47, 32);
				return directory.subarray(0, 54 + 47);
			}),
	],
]);
