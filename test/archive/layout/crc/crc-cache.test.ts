import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { memoryCrcCache } from "../../../../src/archive/layout/crc/memory-crc-cache.ts";
import { openCrcCache } from "../../../../src/archive/layout/crc/open-crc-cache.ts";
import type { Warning } from "../../../../src/events.ts";
import { noise } from "../../../support/bytes.ts";
import { useTempDirectory } from "../../../support/temp-directory.ts";

const temp = useTempDirectory();
const KiB = 1024;

describe.each(["memory", "file"])("a cache of CRC-32s in %s", (kind) => {
	const make = (maxSize?: number) =>
		kind === "memory" ? memoryCrcCache({ maxSize }) : openCrcCache(temp.path("a/crcs"), { maxSize });

	it("tells contents and pieces apart, and forgets all of one", async () => {
		const cache = await make();
		cache.set("a", 0xffff_ffff);
		cache.set("a", 1, 0);
		cache.set("a", 2, 7);
		cache.set("b", 3);
		expect(["a", "b", "c"].map((identity) => cache.get(identity))).toEqual([0xffff_ffff, 3, undefined]);
		expect([0, 7, 1].map((piece) => cache.get("a", piece))).toEqual([1, 2, undefined]);
		cache.delete("a");
		expect([cache.get("a"), cache.get("a", 0), cache.get("a", 7), cache.get("b")]).toEqual([
			...[undefined, undefined, undefined],
			3,
		]);
		await cache.close();
	});

	it("keeps what was used of late when it is full", async () => {
		const cache = await make(64 * KiB);
		cache.set("used", 42);
		for (let index = 0; index < 20_000; index++) {
			cache.set(`${index}`, index);
			cache.get("used");
		}
		expect(cache.get("used")).toBe(42);
		expect(cache.get("0")).toBeUndefined();
		expect(cache.get("19999")).toBe(19_999);
		await cache.close();
	});
});

describe("openCrcCache", () => {
	async function open(maxSize?: number) {
		const warnings: Warning[] = [];
		const onEvent = (event: { type: string }) => {
			if (event.type === "warning") warnings.push(event as unknown as Warning);
		};
		return { cache: await openCrcCache(temp.path("crcs"), { maxSize, onEvent }), warnings };
	}

	async function filled(count: number): Promise<void> {
		const { cache } = await open();
		for (let index = 0; index < count; index++) cache.set(`${index}`, index);
		await cache.close();
	}

	it("survives a restart, deletions too", async () => {
		const { cache } = await open();
		cache.set("a", 1);
		cache.set("a", 2, 0);
		cache.set("b", 3, 5);
		cache.delete("a");
		await cache.close();
		const { cache: again, warnings } = await open();
		expect([again.get("a"), again.get("a", 0), again.get("b", 5)]).toEqual([undefined, undefined, 3]);
		expect(warnings).toEqual([]);
		await again.close();
	});

	it("passes over half a record at the end, and goes on behind it", async () => {
		await filled(10);
		await appendFile(temp.path("crcs"), noise(11));
		const { cache, warnings } = await open();
		cache.set("new", 77);
		await cache.close();
		expect(warnings).toEqual([]);
		const { cache: again } = await open();
		expect([again.get("9"), again.get("new")]).toEqual([9, 77]);
		await again.close();
	});

	it("never gives a wrong CRC-32, whatever byte is damaged", async () => {
		await filled(4);
		const bytes = await readFile(temp.path("crcs"));
		for (let at = 16; at < bytes.byteLength; at += 3) {
			const damaged = Buffer.from(bytes);
			damaged[at] = (damaged[at] ?? 0) ^ 0x40;
			await writeFile(temp.path("crcs"), damaged);
			const { cache, warnings } = await open();
			const found = [0, 1, 2, 3].map((index) => cache.get(`${index}`));
			await cache.close();
			expect(found.filter((value) => value === undefined)).toHaveLength(1);
			expect(found.every((value, index) => value === undefined || value === index)).toBe(true);
			expect(warnings.map(({ code }) => code)).toEqual(["CRC_CACHE_UNUSABLE"]);
		}
	});

	it("starts anew in a file of zeros, as a machine leaves that went down", async () => {
		await writeFile(temp.path("crcs"), Buffer.alloc(5000));
		await filled(3);
		const { cache, warnings } = await open();
		expect([cache.get("2"), warnings]).toEqual([2, []]);
		await cache.close();
	});

	it("does not touch a file with other contents, and remembers in memory", async () => {
		await writeFile(temp.path("crcs"), "my diary, all of it");
		const { cache, warnings } = await open();
		cache.set("a", 1);
		expect(cache.get("a")).toBe(1);
		await cache.close();
		expect(await temp.read("crcs")).toBe("my diary, all of it");
		expect(warnings).toMatchObject([{ code: "CRC_CACHE_UNUSABLE", origin: temp.path("crcs") }]);
	});

	it("warns of a file that cannot be opened, and of what that means", async () => {
		await temp.write({ crcs: null });
		const { cache, warnings } = await open();
		cache.set("a", 1);
		expect(cache.get("a")).toBe(1);
		expect(warnings.map(({ message }) => message)).toEqual([
			expect.stringMatching(
				/crcs: .+; a download that goes on after a restart is read again from its beginning$/,
			),
		]);
		await cache.close();
	});

	it("stays within its size", async () => {
		const { cache } = await open(64 * KiB);
		for (let index = 0; index < 30_000; index++) {
			cache.set(`${index}`, index);
			if (index % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
		}
		await cache.close();
		expect((await stat(temp.path("crcs"))).size).toBeLessThan(2 * 64 * KiB);
		const { cache: again } = await open(64 * KiB);
		expect(again.get("29999")).toBe(29_999);
		await again.close();
	});

	it("is shared by two at once, also while one writes it anew", async () => {
		const [{ cache: one }, { cache: other }] = [await open(64 * KiB), await open(64 * KiB)];
		for (let index = 0; index < 5000; index++) {
			one.set(`one ${index}`, index);
			other.set(`other ${index}`, index);
			if (index % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
		}
		other.set("last", 5);
		await Promise.all([one.close(), other.close()]);
		const { cache, warnings } = await open(64 * KiB);
		expect(warnings).toEqual([]);
		for (let index = 0; index < 5000; index++)
			for (const name of ["one", "other"])
				expect([undefined, index]).toContain(cache.get(`${name} ${index}`));
		await cache.close();
	});
});

it.runIf(process.platform === "linux")(
	"a cache of CRC-32s in a place where no directory can be made is one in memory, with a warning",
	async () => {
		const warnings: string[] = [];
		const cache = await openCrcCache("/proc/zipferry/crcs", { onEvent: ({ type }) => warnings.push(type) });
		expect(warnings).toEqual(["warning"]);
		cache.set("a", 1);
		expect(cache.get("a")).toBe(1);
		await cache.close();
	},
);
