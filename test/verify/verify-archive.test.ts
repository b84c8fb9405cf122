import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { createZip, type VerifyProgressEvent, verifyArchive, type ZipferryEvent } from "../../src/index.ts";
import {
	DEFLATED,
	extraField,
	type HandMadeEntry,
	handMadeArchive,
	u16,
	u32,
	u64,
} from "../support/hand-made-archive.ts";
import { startRangeServer } from "../support/range-server.ts";
import { useTempDirectory } from "../support/temp-directory.ts";

const directory = useTempDirectory();

async function onDisk(bytes: Uint8Array): Promise<string> {
	const path = directory.path("a.zip");
	await writeFile(path, bytes);
	return path;
}

async function check(bytes: Uint8Array, options: Parameters<typeof verifyArchive>[1] = {}) {
	return verifyArchive(await onDisk(bytes), options);
}

async function ofZipferry(...names: readonly string[]): Promise<Buffer> {
	const entries = names.map((name) => ({ name, content: `content of ${name}`, mtime: "2026-01-01" }));
	await createZip(entries, directory.path("own.zip"));
	return readFile(directory.path("own.zip"));
}

const CRC = 0x3610_a686;
const HELLO: HandMadeEntry = { name: "a.txt", content: "hello" };

/** A data descriptor of "hello", in one of its forms. */
function descriptor(signed: boolean, wide: boolean, size = 5): Buffer {
	const sizes = wide ? [u64(5), u64(size)] : [u32(5), u32(size)];
	return Buffer.concat([...(signed ? [u32(0x0807_4b50)] : []), u32(CRC), ...sizes]);
}

describe("verifyArchive()", () => {
	it.each(["structure", "headers", "content"] as const)(
		"finds nothing wrong with a good archive (%s)",
		async (level) => {
			const result = await check(await ofZipferry("a", "b", "c"), { level });
			expect(result).toMatchObject({
				...{ ok: true, level, entryCount: 3, headerCount: 3, findingCount: 0, findings: [] },
				contentCount: level === "content" ? 3 : 0,
				contentSize: level === "content" ? 36 : 0,
				differenceCount: undefined,
			});
		},
	);

	it("finds nothing wrong with an archive without entries", async () => {
		expect(await check(handMadeArchive([]))).toMatchObject({ ok: true, entryCount: 0 });
	});

	it("checks content if nothing is said", async () => {
		const bytes = await ofZipferry("a");
		const at = bytes.indexOf("content of a");
		bytes[at] = 0x43;
		const { ok, findings } = await check(bytes);
		expect(ok).toBe(false);
		expect(findings).toEqual([
			{
				...{ structure: "data", entryName: "a", offset: 0 },
				message: "is damaged: its CRC-32 is not the one that the archive states",
			},
		]);
		expect(await check(bytes, { level: "headers" })).toMatchObject({
			ok: true,
			unproven: ["content", "fields"],
		});
	});

	it("takes damage as a result, not as an error", async () => {
		expect(await check(Buffer.from("no archive"))).toMatchObject({
			ok: false,
			findings: [{ structure: "end-records", message: expect.stringContaining("no ZIP archive") }],
		});
	});

	it("throws if there is nothing", async () => {
		await expect(verifyArchive(directory.path("none.zip"))).rejects.toMatchObject({
			code: "SOURCE_NOT_FOUND",
		});
	});

	it("finds all damage, not just the first", async () => {
		const bytes = await ofZipferry("a", "b", "c");
		for (const name of ["a", "c"]) bytes[bytes.indexOf(`content of ${name}`)] = 0;
		const { findings, contentCount } = await check(bytes);
		expect(findings.map(({ entryName }) => entryName)).toEqual(["a", "c"]);
		expect(contentCount).toBe(1);
	});

	it.each([
		{ level: "all" },
		{ sample: 0 },
		{ sample: 1.1 },
		{ sample: "5%" },
		{ seed: "" },
		{ against: "" },
		{ exclude: "*" },
	])("refuses %j", async (wrong) => {
		const options = wrong as Parameters<typeof verifyArchive>[1];
		const [option] = Object.keys(wrong);
		await expect(verifyArchive("a.zip", options)).rejects.toMatchObject({ code: "INVALID_OPTION", option });
	});

	it("refuses a sample of the structure", async () => {
		const options = { level: "structure", sample: 0.5 } as const;
		await expect(check(await ofZipferry("a"), options)).rejects.toMatchObject({ option: "sample" });
	});
});

describe("the layout of an archive", () => {
	it.each([
		[
			"a gap between entries",
			[
				{ ...HELLO, behind: Buffer.alloc(9) },
				{ ...HELLO, name: "b" },
			],
			"a.txt",
			"is followed by 9 bytes that belong to no entry",
		],
		[
			"a gap before the directory",
			[{ ...HELLO, behind: Buffer.alloc(1) }],
			"a.txt",
			"is followed by 1 byte that belong to no entry",
		],
		[
			"an overlap",
			[HELLO, { ...HELLO, name: "b", offset: 20 }],
			"a.txt",
			"overlaps the next entry by 20 bytes",
		],
		[
			"an entry that is there twice",
			[HELLO, { ...HELLO, offset: 0 }],
			"a.txt",
			"overlaps the next entry by 40 bytes",
		],
	])("has %s", async (_, entries, entryName, message) => {
		const { findings } = await check(handMadeArchive(entries));
		expect(findings[0]).toMatchObject({ structure: "layout", entryName, message });
	});

	it("has a gap that no header of another tool can fill", async () => {
		const bytes = handMadeArchive([
			{ ...HELLO, behind: Buffer.alloc(70_000) },
			{ ...HELLO, name: "b" },
		]);
		const { findings } = await check(bytes, { level: "structure" });
		expect(findings).toMatchObject([{ structure: "layout", entryName: "a.txt", offset: 0 }]);
	});

	it("is known to the byte in an archive of zipferry's", async () => {
		const bytes = await ofZipferry("a", "b");
		const second = bytes.indexOf(Buffer.from([0x50, 0x4b, 3, 4]), 1);
		const grown = Buffer.concat([bytes.subarray(0, second), Buffer.alloc(1), bytes.subarray(second)]);
		const end = grown.byteLength - 22;
		grown.writeUInt32LE(grown.readUInt32LE(end + 16) + 1, end + 16);
		const header = grown.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
		grown.writeUInt32LE(second + 1, header + 42);
		const { findings } = await check(grown, { level: "structure" });
		expect(findings).toContainEqual({
			...{ structure: "layout", entryName: "a", offset: 0 },
			message: "is followed by 1 byte that belong to no entry, before the next entry",
		});
	});

	it("may be another order than that of the directory", async () => {
		const [first, second] = [handMadeArchive([HELLO]), handMadeArchive([{ ...HELLO, name: "b.txt" }])];
		const length = 40;
		const swapped = handMadeArchive([
			{ ...HELLO, offset: length },
			{ ...HELLO, name: "b.txt", offset: 0 },
		]);
		const bytes = Buffer.concat([
			second.subarray(0, length),
			first.subarray(0, length),
			swapped.subarray(2 * length),
		]);
		for (const level of ["structure", "headers", "content"] as const)
			expect(await check(bytes, { level })).toMatchObject({ ok: true, headerCount: 2 });
		bytes[length + 35] = 0;
		expect((await check(bytes)).findings).toMatchObject([
			{ structure: "data", entryName: "a.txt", offset: length },
		]);
	});
});

describe("local headers", () => {
	it("are compared with the directory", async () => {
		const bytes = handMadeArchive([{ ...HELLO, local: { name: "b.txt" } }]);
		for (const level of ["structure", "headers", "content"] as const)
			expect((await check(bytes, { level })).findings).toMatchObject([
				{ structure: "local-header", entryName: "a.txt", message: "has another name in its local header" },
			]);
	});

	it("may have extra fields of any length", async () => {
		const extra = extraField(0xcafe, Buffer.alloc(3_000));
		const entries = [
			{ ...HELLO, local: { extra } },
			{ ...HELLO, name: "b.txt", local: { extra } },
		];
		expect(await check(handMadeArchive(entries))).toMatchObject({
			ok: true,
			headerCount: 2,
			contentCount: 2,
		});
	});

	it("are looked at everywhere, while large data is left out, with level headers", async () => {
		const server = await startRangeServer();
		const content = Buffer.alloc(3_000_000, "0123456789abcdef");
		const entries = ["a", "b", "c"].map((name) => ({ name, content }));
		const bytes = handMadeArchive(entries);
		server.put(bytes);
		const result = await verifyArchive(server.url, { level: "headers" });
		expect(result).toMatchObject({ ok: true, headerCount: 3 });
		expect(result.readSize).toBeLessThan(200_000);
		await server.close();
	});
});

describe("data descriptors", () => {
	it.each([
		["signed, narrow", true, false],
		["signed, wide", true, true],
		["unsigned, narrow", false, false],
		["unsigned, wide", false, true],
	])("can be %s", async (_, signed, wide) => {
		const entry = { ...HELLO, flags: 8, behind: descriptor(signed, wide) };
		expect(await check(handMadeArchive([entry, { ...entry, name: "b" }]))).toMatchObject({ ok: true });
	});

	it("have to say what the directory says", async () => {
		const entry = { ...HELLO, flags: 8, behind: descriptor(true, false, 6) };
		expect((await check(handMadeArchive([entry]))).findings).toMatchObject([
			{ structure: "data-descriptor", entryName: "a.txt", offset: 40 },
		]);
	});

	it("are at the end of what they belong to", async () => {
		const behind = Buffer.concat([descriptor(true, false), u16(0)]);
		expect((await check(handMadeArchive([{ ...HELLO, flags: 8, behind }]))).findings).toMatchObject([
			{ structure: "layout", message: "is followed by 2 bytes that belong to no entry" },
		]);
	});
});

describe("content", () => {
	it("that cannot be decompressed is not taken for good", async () => {
		const entries = [
			{ ...HELLO, method: 12 },
			{ ...HELLO, name: "b", flags: 1 },
		];
		expect((await check(handMadeArchive(entries))).findings).toMatchObject([
			{ entryName: "a.txt", message: expect.stringContaining("bzip2") },
			{ entryName: "b", message: expect.stringContaining("encrypted") },
		]);
	});

	it("of several MiB is checked while it comes in", async () => {
		const content = Buffer.from(Array.from({ length: 9_000_000 }, (_, index) => (index * index) >> 3));
		const bytes = handMadeArchive([{ name: "a", content }, { name: "b", content, method: DEFLATED }, HELLO]);
		expect(await check(bytes)).toMatchObject({ ok: true, contentCount: 3, contentSize: 18_000_005 });
		bytes[5_000_000] = (bytes[5_000_000] ?? 0) ^ 1;
		expect(await check(bytes)).toMatchObject({
			findings: [{ structure: "data", entryName: "a" }],
			contentCount: 2,
		});
	});
});

describe("a sample", () => {
	const many = () => ofZipferry(...Array.from({ length: 200 }, (_, index) => `f${index}`));

	it("has a share of the entries, rounded up, and says how many", async () => {
		const bytes = await many();
		expect(await check(bytes, { sample: 0.05 })).toMatchObject({
			ok: true,
			contentCount: 10,
			headerCount: 10,
		});
		expect(await check(bytes, { sample: 0.0001 })).toMatchObject({ contentCount: 1 });
	});

	it("is the same for the same seed, and another for another", async () => {
		const bytes = await many();
		for (const match of bytes.toString("latin1").matchAll(/content of f\d*[13579](?!\d)/g))
			bytes[match.index] = 0;
		const found = async (seed: string) =>
			(await check(bytes, { sample: 0.2, seed })).findings.map(({ entryName }) => entryName);
		expect(await found("monday")).toEqual(await found("monday"));
		expect(await found("monday")).not.toEqual(await found("tuesday"));
	});
});

describe("progress", () => {
	it("is told with each part that is read, from the beginning to the last one", async () => {
		const content = Buffer.alloc(5_000_000);
		const told: VerifyProgressEvent[] = [];
		const archive = handMadeArchive([{ name: "a", content }, { name: "b", content }, HELLO]);
		const onEvent = (event: ZipferryEvent) => void (event.type === "verify-progress" && told.push(event));
		expect(await check(archive, { onEvent })).toMatchObject({ ok: true });
		expect(told).toHaveLength(3);
		expect(told.at(0)).toMatchObject({ checkedSize: 0, entryCount: 0, entryName: "" });
		expect(told.at(-1)).toMatchObject({ checkedSize: 8_388_608, entryName: "b" });
		for (const { size } of told) expect(size).toBe(archive.indexOf("PK\x01\x02"));
		await check(archive, { level: "structure", onEvent });
		expect(told).toHaveLength(3);
	});
});

describe("what is read", () => {
	it("is a few ranges for the structure of a large archive", async () => {
		const server = await startRangeServer();
		const content = Buffer.alloc(1_000_000, "0123456789abcdef");
		const bytes = handMadeArchive(Array.from({ length: 20 }, (_, index) => ({ name: `f${index}`, content })));
		server.put(bytes);
		const before = server.requests.length;
		const result = await verifyArchive(server.url, { level: "structure" });
		expect(result).toMatchObject({ ok: true, headerCount: 20 });
		expect(result.readSize).toBeLessThan(140_000);
		expect(server.requests.length - before).toBe(result.requestCount);
		await server.close();
	});

	it("is at most ten ranges for the structure of an archive of many entries, 66 headers and two", async () => {
		const server = await startRangeServer();
		const content = Buffer.alloc(20_000, "0123456789abcdef");
		const comment = "so that the directory does not fit into the end that is read first";
		const entries = Array.from({ length: 2_000 }, (_, index) => ({ name: `f${index}`, content, comment }));
		server.put(handMadeArchive(entries));
		for (const seed of ["monday", "tuesday", "friday"]) {
			const before = server.requests.length;
			const result = await verifyArchive(server.url, { level: "structure", seed });
			expect(result.ok).toBe(true);
			expect(result.headerCount).toBeGreaterThanOrEqual(64);
			expect(result.headerCount).toBeLessThanOrEqual(68);
			expect(server.requests.length - before).toBeLessThanOrEqual(10);
			expect(result.readSize).toBeLessThan(2_000_000);
		}
		await server.close();
	});
});
