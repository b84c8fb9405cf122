import { describe, expect, it } from "vitest";
import type { FoundEntry } from "../../../src/archive/plan.ts";
import { type ComparisonRule, compareEntry } from "../../../src/compose/base/compare-entry.ts";
import { readCopyable } from "../../../src/compose/copyable/read-copyable.ts";
import type { MethodChoice } from "../../../src/zip/entry.ts";
import { noise } from "../../support/bytes.ts";
import { compose, file, readerOfArchive, sourceOf, type Thing } from "../composed.ts";

const STARTED = Date.UTC(2026, 10, 26, 3, 0, 0);
const OLD = STARTED - 86_400_000;
const RULE: ComparisonRule = {
	...{ method: "auto", baseStartedMs: STARTED, check: "mtime", ignoreCtime: false, fixedTimes: false },
};

interface Case {
	/** In the base. */
	readonly was?: Partial<Thing>;
	/** Now. */
	readonly is?: Partial<FoundEntry>;
	readonly entry?: Partial<FoundEntry["entry"]>;
	readonly rule?: Partial<ComparisonRule>;
	readonly baseMethod?: MethodChoice;
}

async function compare({ was = {}, is = {}, entry = {}, rule = {}, baseMethod = "auto" }: Case) {
	const before = file("content".repeat(100), { mtimeMs: OLD, ctimeMs: OLD, ...was });
	const name = before.kind === "directory" ? "a/" : "a";
	const zip = { method: baseMethod };
	const { bytes } = await compose([sourceOf(() => new Map([[name, before]]))], undefined, { zip });
	const base = await readCopyable(readerOfArchive(bytes));
	const { kind, mtimeMs, mode, comment, content } = before;
	const found: FoundEntry = {
		...{ size: content.byteLength, mtimeMs, mode, ctimeMs: OLD },
		...is,
		entry: {
			...{ name: Buffer.from(name), kind, mtimeMs, mode, origin: "/a" },
			...(comment === undefined ? {} : { comment }),
			...entry,
			open: () => {
				throw new Error("is not read here");
			},
		},
	};
	const compared = compareEntry(found, base.factsOf(0), base.headerOf(0), { ...RULE, ...rule });
	return compared === "read" ? "read" : (compared.reason ?? "same");
}

describe("compareEntry", () => {
	it.each<[string, Case]>([
		["same", {}],
		["same", { is: { mtimeMs: OLD + 999 } }], // an archive keeps seconds
		["same", { was: { comment: "ü" } }],
		["same", { was: { content: Buffer.of() } }],
		["same", { was: { content: noise(1024 ** 2 + 1) } }],
		["same", { is: { mode: 0o100644 } }], // with the file type above
		["kind", { entry: { kind: "symlink" } }],
		["size", { is: { size: 699 } }],
		["unknown", { is: { size: undefined } }],
		["mtime", { is: { mtimeMs: OLD + 1000 } }],
		["mtime", { is: { mtimeMs: OLD - 1 } }],
		["mode", { is: { mode: 0o600 } }],
		["header", { entry: { comment: "another" } }],
		["header", { was: { comment: "gone" }, entry: { comment: undefined } }],
	])("says %s of a file: %j", async (expected, one) => {
		expect(await compare(one)).toBe(expected);
	});

	it.each<[string, Case]>([
		["ctime", { is: { ctimeMs: STARTED } }],
		["ctime", { is: { ctimeMs: STARTED + 1e6 } }],
		["ctime", { is: { ctimeMs: STARTED - 3000 } }], // FAT keeps every other second, and clocks of file systems are behind
		["same", { is: { ctimeMs: STARTED - 3001 } }],
		["same", { is: { ctimeMs: STARTED }, rule: { ignoreCtime: true } }],
		["same", { is: { ctimeMs: undefined } }],
	])("says %s where attributes may have changed: %j", async (expected, one) => {
		expect(await compare(one)).toBe(expected);
	});

	it.each<[string, number]>([
		["recent", STARTED],
		["recent", STARTED - 3000],
		["same", STARTED - 3001],
		["recent", STARTED + 1e9],
	])(
		"says %s of a file that was written at %d, when the base began or shortly before",
		async (expected, mtimeMs) => {
			expect(await compare({ was: { mtimeMs }, is: { mtimeMs, ctimeMs: undefined } })).toBe(expected);
		},
	);

	it.each<[string, Case]>([
		["same", { rule: { fixedTimes: true } }],
		["ctime", { is: { ctimeMs: STARTED }, rule: { fixedTimes: true } }],
		["unknown", { rule: { fixedTimes: true, ignoreCtime: true } }],
		["unknown", { is: { ctimeMs: undefined }, rule: { fixedTimes: true } }],
		["read", { rule: { fixedTimes: true, check: "content" } }],
	])("says %s where times say nothing: %j", async (expected, one) => {
		expect(await compare(one)).toBe(expected);
	});

	it.each<[string, Case]>([
		["read", { rule: { check: "content" }, is: { ctimeMs: STARTED + 1 } }],
		["mtime", { rule: { check: "content" }, is: { mtimeMs: OLD + 5000 } }],
		["unknown", { rule: { check: "content" }, is: { readOnce: true } }],
		[
			"read",
			{ was: { kind: "symlink", content: Buffer.from("x"), mode: 0o777 }, is: { ctimeMs: STARTED + 1 } },
		],
		["size", { was: { kind: "symlink", content: Buffer.from("x"), mode: 0o777 }, is: { size: 2 } }],
	])("says %s where content is to be compared: %j", async (expected, one) => {
		expect(await compare(one)).toBe(expected);
	});

	it("takes a directory for the bytes that it gives, whenever it was changed", async () => {
		const was = { kind: "directory", content: Buffer.of(), mode: 0o755 } as const;
		expect(await compare({ was, is: { ctimeMs: STARTED + 1e6 } })).toBe("same");
		expect(await compare({ was, is: { size: 4096 } })).toBe("same"); // of the directory itself
		expect(await compare({ was, is: { mtimeMs: OLD + 1000 } })).toBe("mtime");
		expect(await compare({ was, rule: { check: "content" } })).toBe("same");
	});

	it.each<[string, MethodChoice, MethodChoice]>([
		["same", "auto", "auto"],
		["same", "auto", "deflate"],
		["header", "auto", "store"],
		["header", "auto", "zstd"],
		["header", "auto", "wrap"],
		["header", "store", "deflate"],
		["same", "store", "store"],
		["same", "store", "wrap"],
	])(
		"says %s of data that was made with %s, and has method %s of its own now",
		async (expected, baseMethod, method) => {
			expect(await compare({ baseMethod, entry: { method } })).toBe(expected);
		},
	);

	it.each<[string, MethodChoice, MethodChoice]>([
		["header", "store", "auto"], // it would be inside DEFLATE
		["header", "store", "wrap"],
		["same", "wrap", "wrap"],
		["same", "wrap", "auto"],
		["same", "auto", "wrap"],
	])("says %s of noise of two blocks that was made with %s, and %s", async (expected, baseMethod, method) => {
		const was = { content: noise(1024 ** 2 + 1) };
		expect(await compare({ was, baseMethod, rule: { method } })).toBe(expected);
	});

	it("compares the CRC-32 of data that another archive has", async () => {
		const raw = {
			method: 8,
			compressedSize: 1,
			uncompressedSize: 700,
			open: () => Promise.reject(),
		} as const;
		expect(await compare({ entry: { raw: { ...raw, crc32: 1 } } })).toBe("content");
		const { crc32 } = await import("node:zlib");
		const right = crc32("content".repeat(100));
		expect(await compare({ entry: { raw: { ...raw, crc32: right } }, is: { ctimeMs: undefined } })).toBe(
			"same",
		);
	});
});
