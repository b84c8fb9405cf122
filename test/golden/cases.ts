import type { GeneratedEntry, Level, MethodChoice } from "../../src/index.ts";
import { noise } from "../support/bytes.ts";
import { text, zeros } from "./data.ts";
import type { GoldenCase } from "./golden-case.ts";

const MTIME = new Date("2024-02-29T12:34:57Z");
const MiB = 1024 * 1024;
const ABOVE_4_GIB = 2 ** 32 + 1;
const METHODS = ["store", "deflate", "auto", "wrap"] as const satisfies readonly MethodChoice[];
/** Around a block, and around what is deflated in threads. */
const SIZES = [0, 1, 100, 32_768, 32_769, MiB - 1, MiB, MiB + 1, 2 * MiB + 1];

/** Whether zlib has a part in its bytes. */
function compresses(method: MethodChoice): boolean {
	return method === "auto" || method === "deflate";
}

/** One entry for each size and kind of data. */
function sized(sizeKnown: boolean): GeneratedEntry[] {
	return SIZES.flatMap((size) =>
		Object.entries({ text, noise }).map(([kind, make]) => {
			const data = make(size, size);
			return { name: `${kind}-${size}`, mtime: MTIME, content: sizeKnown ? data : () => [data] };
		}),
	);
}

function entry(name: string, over: Partial<GeneratedEntry> = {}): GeneratedEntry {
	return { name, mtime: MTIME, ...(name.endsWith("/") || over.linkTarget ? {} : { content: "x" }), ...over };
}

function* many(count: number, content: (index: number) => string): Generator<GeneratedEntry, void, void> {
	for (let index = 0; index < count; index++) yield entry(`${index}`, { content: content(index) });
}

function generated(name: string, options: GoldenCase["options"], ...entries: GeneratedEntry[]): GoldenCase {
	return { name, zlib: false, options: { method: "store", ...options }, sources: () => [entries] };
}

const SIZED: readonly GoldenCase[] = METHODS.flatMap((method) =>
	[true, false].map((sizeKnown) => ({
		name: `${method}, sizes ${sizeKnown ? "known" : "unknown"}`,
		zlib: compresses(method),
		options: { method },
		sources: () => [sized(sizeKnown)],
	})),
);

const LEVELS: readonly GoldenCase[] = ([1, 3, 9] as const satisfies readonly Level[]).map((level) => ({
	name: `level ${level}`,
	zlib: true,
	options: { method: "deflate", level },
	sources: () => [
		entry("blocks", { content: text(2 * MiB + 1, 7) }),
		entry("small", { content: text(999, 8) }),
	],
}));

const COUNTS: readonly GoldenCase[] = [65_535, 100_000].map((count) => ({
	name: `${count} entries`,
	zlib: false,
	slow: count === 100_000,
	options: { method: "store" },
	sources: () => [many(count, String)],
}));

const ABOVE: readonly GoldenCase[] = (
	[
		["store", ABOVE_4_GIB],
		["store", undefined],
		["deflate", ABOVE_4_GIB],
		["auto", undefined],
		["wrap", ABOVE_4_GIB],
	] as const
).map(([method, size]) => ({
	name: `above 4 GiB, ${method}, size ${size === undefined ? "unknown" : "known"}`,
	zlib: compresses(method),
	slow: true,
	options: { method, level: 1 },
	sources: () => [entry("zeros", { content: () => zeros(ABOVE_4_GIB), size }), entry("behind")],
}));

const DETAILS: readonly GoldenCase[] = [
	generated("no entries", {}),
	generated("comments", { comment: "Archiv für alle" }, entry("a", { comment: "schöne Grüße" }), entry("b")),
	generated("longest comment", { comment: "ä".repeat(32_767) }, entry("a")),
	generated("kinds", {}, entry("d/"), entry("d/f"), entry("d/link", { linkTarget: "../ä" })),
	generated("modes", {}, ...[0, 0o400, 0o644, 0o777, 0o4755].map((mode) => entry(`${mode}`, { mode }))),
	generated(
		"times",
		{},
		...["1900-01-01T00:00:01Z", "1970-01-01T00:00:00Z", "1979-12-31T23:59:59Z", "1980-01-01T00:00:01Z"]
			.concat(["2024-02-29T12:34:56Z", "2024-02-29T12:34:57Z", "2024-02-29T12:34:57.999Z"])
			.concat([
				"2038-01-19T03:14:07Z",
				"2038-01-19T03:14:08Z",
				"2107-12-31T23:59:59Z",
				"2400-01-01T00:00:00Z",
			])
			.map((mtime) => entry(mtime.replaceAll(":", ""), { mtime: new Date(mtime) })),
	),
	generated("one time for all", { mtime: new Date("2020-02-20T20:20:21Z") }, entry("a"), entry("b/")),
	generated(
		"names",
		{},
		...["ascii", "ü", "日本", "👋", "a b", "COM1", `${"n".repeat(255)}/x`].map((name) => entry(name)),
	),
	generated(
		"portable names",
		{ portableNames: true },
		...["CON", "a:b", "dot.", "fine"].map((name) => entry(name)),
	),
	{
		name: "methods of entries",
		zlib: true,
		sources: () => [METHODS.slice(0, 3).map((method) => entry(method, { method, content: text(50_000, 9) }))],
	},
	{
		name: "5,000 deflated entries",
		zlib: true,
		options: { method: "deflate" },
		sources: () => [many(5000, lineOf)],
	},
];

function lineOf(index: number): string {
	return `entry ${index} `.repeat(index % 50);
}

const TREES: readonly GoldenCase[] = [
	...METHODS.map((method) => ({
		name: `tree, ${method}`,
		zlib: compresses(method),
		options: { method },
		sources: (path: string) => [{ path, as: "" }],
	})),
	{
		name: "tree, portable names",
		zlib: false,
		options: { method: "store", portableNames: true, exclude: ["many"] },
		sources: (path) => [{ path, as: "" }],
	},
	{
		name: "tree, links left out, filtered",
		zlib: false,
		options: { method: "store", symlinks: "skip", include: ["links", "plain/deep", "*-text.txt"] },
		sources: (path) => [{ path, as: "under/a/name" }],
	},
	{
		name: "tree, links followed",
		zlib: false,
		options: { method: "store", symlinks: "follow", exclude: ["absolute", "broken", "self"] },
		sources: (path) => [{ path: `${path}/links`, as: "" }],
	},
	{
		name: "several sources",
		zlib: false,
		options: { method: "store" },
		sources: (path) => [
			{ path: `${path}/plain`, as: "plain" },
			entry("between"),
			{ path: `${path}/plain/1-text.txt`, as: "one.txt" },
			many(3, String),
			{ path: `${path}/modes`, as: "other" },
		],
	},
];

export const CASES: readonly GoldenCase[] = [...SIZED, ...LEVELS, ...DETAILS, ...COUNTS, ...TREES, ...ABOVE];
