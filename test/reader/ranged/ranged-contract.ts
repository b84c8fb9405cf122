import { afterEach, describe, expect, it } from "vitest";
import { resolveOptions } from "../../../src/options/resolve-options.ts";
import type { OpenArchiveOptions } from "../../../src/reader/options.ts";
import { OPEN_ARCHIVE_SCHEMA } from "../../../src/reader/options.ts";
import { openRanged } from "../../../src/reader/ranged/open-ranged.ts";
import { type OpenedSource, readRange } from "../../../src/reader/ranged/ranged-source.ts";
import { TAIL_SIZE } from "../../../src/reader/ranged/tail.ts";

/** Where the bytes of a contract test lie. */
export interface RangedPlace {
	readonly location: string;
	readonly options?: OpenArchiveOptions;
	/** Puts bytes there, in the place of others. */
	put(bytes: Uint8Array): Promise<void>;
	remove(): Promise<void>;
	/** How many requests there were; of places that count them. */
	readonly requestCount?: () => number;
	/** Whether bytes that are the same as before are another state. */
	readonly noticesRemoval: boolean;
}

const SIZE = 300_000;
const BYTES: Buffer = Buffer.from(Uint8Array.from({ length: SIZE }, (_, at) => at * 7 + (at >> 8)));

/** What every ranged source keeps to, wherever its bytes come from. */
export function rangedContract(name: string, place: () => Promise<RangedPlace>): void {
	describe(`contract of ranged sources: ${name}`, () => {
		const opened: OpenedSource[] = [];
		afterEach(async () => {
			for (const { source } of opened.splice(0)) await source.close();
		});

		async function open({ location, options = {} }: RangedPlace, more: OpenArchiveOptions = {}) {
			const settings = resolveOptions(OPEN_ARCHIVE_SCHEMA, { ...options, ...more });
			const source = await openRanged(location, settings);
			opened.push(source);
			return source;
		}

		async function openWith(bytes: Uint8Array, more: OpenArchiveOptions = {}) {
			const where = await place();
			await where.put(bytes);
			return { where, ...(await open(where, more)) };
		}

		it("tells size and identity, and has the last bytes at hand", async () => {
			const { where, source, tail } = await openWith(BYTES);
			expect(source.size).toBe(SIZE);
			expect(source.location).toBe(where.location);
			expect(BYTES.subarray(-TAIL_SIZE).equals(tail)).toBe(true);
			expect(source.identity.type).toMatch(/^(file|http|s3)$/);
			expect(JSON.parse(JSON.stringify(source.identity))).toEqual(source.identity);
		});

		it("opens with one request", async () => {
			const { where } = await openWith(BYTES);
			const { requestCount } = where;
			if (requestCount !== undefined) expect(requestCount()).toBe(1);
		});

		it.each([[0], [1], [TAIL_SIZE - 1], [TAIL_SIZE], [TAIL_SIZE + 1]])("opens %d bytes", async (size) => {
			const bytes = BYTES.subarray(0, size);
			const { source, tail } = await openWith(bytes);
			expect(source.size).toBe(size);
			expect(bytes.subarray(-TAIL_SIZE).equals(tail)).toBe(true);
			expect(bytes.equals(await readRange(source, 0, size))).toBe(true);
		});

		it.each([
			[0, 1],
			[0, SIZE],
			[SIZE - 1, SIZE],
			[1, 200_001],
			[5, 5],
			[SIZE, SIZE],
		])("reads the bytes from %d up to %d", async (start, end) => {
			const { source } = await openWith(BYTES);
			expect(BYTES.subarray(start, end).equals(await readRange(source, start, end))).toBe(true);
		});

		it("reads into memory of the caller, and nothing behind it", async () => {
			const { source } = await openWith(BYTES);
			for (const [start, end] of [
				[0, SIZE],
				[7, 200_001],
				[5, 5],
			] as const) {
				const memory = Buffer.alloc(SIZE + 1);
				const read = await readRange(source, start, end, undefined, memory);
				expect(BYTES.subarray(start, end).equals(read)).toBe(true);
				expect(memory.subarray(end - start).every((byte) => byte === 0)).toBe(true);
			}
		});

		it("reads several ranges at once", async () => {
			const { source } = await openWith(BYTES);
			const starts = [0, 50_000, 100_000, 150_000, 7, 299_000];
			const read = await Promise.all(starts.map((start) => readRange(source, start, start + 1_000)));
			for (const [index, start] of starts.entries())
				expect(BYTES.subarray(start, start + 1_000).equals(read[index] ?? Buffer.alloc(0))).toBe(true);
		});

		it("requests nothing before the first chunk is asked for", async () => {
			const { where, source } = await openWith(BYTES);
			const before = where.requestCount?.();
			const reading = source.read(0, 100);
			await new Promise(setImmediate);
			expect(where.requestCount?.()).toBe(before);
			await reading.return();
			expect(where.requestCount?.()).toBe(before);
		});

		it("can be left early, and goes on to be readable", async () => {
			const { source } = await openWith(BYTES);
			for await (const chunk of source.read(0, SIZE)) {
				expect(chunk.byteLength).toBeGreaterThan(0);
				break;
			}
			expect(BYTES.subarray(10, 20).equals(await readRange(source, 10, 20))).toBe(true);
		});

		it("fails once other bytes are in their place", async () => {
			const { where, source } = await openWith(BYTES);
			await where.put(Buffer.from(BYTES).fill(0));
			for (const memory of [undefined, Buffer.alloc(1_000)])
				await expect(readRange(source, 0, 1_000, undefined, memory)).rejects.toMatchObject({
					code: "ARCHIVE_CHANGED",
					location: where.location,
				});
		});

		it("fails once fewer bytes are in their place", async () => {
			const { where, source } = await openWith(BYTES);
			await where.put(BYTES.subarray(0, 1_000));
			await expect(readRange(source, 200_000, 201_000)).rejects.toMatchObject({ code: "ARCHIVE_CHANGED" });
		});

		it("fails once they are gone, if that can be noticed", async () => {
			const { where, source } = await openWith(BYTES);
			await where.remove();
			if (where.noticesRemoval)
				await expect(readRange(source, 0, 1_000)).rejects.toMatchObject({ code: "ARCHIVE_CHANGED" });
			else expect(await readRange(source, 0, 1_000)).toHaveLength(1_000);
		});

		it("ends its reads when it is closed, and begins no others", async () => {
			const { source } = await openWith(BYTES);
			const reading = source.read(0, SIZE);
			const first = await reading.next();
			await source.close();
			const closed = { code: "INVALID_OPTION", message: expect.stringMatching(/was closed/) };
			if (first.value?.byteLength !== SIZE) {
				const rest = async () => {
					for await (const _ of reading);
				};
				await expect(rest()).rejects.toMatchObject(closed);
			}
			await expect(readRange(source, 0, 10)).rejects.toMatchObject(closed);
		});

		it("says that there is nothing", async () => {
			await expect(open(await place())).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" });
		});

		it("does not open when it was told to stop, and stops reading with the reason", async () => {
			const reason = new Error("enough");
			const { where, source } = await openWith(BYTES);
			await expect(open(where, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
			await expect(readRange(source, 0, 10, AbortSignal.abort(reason))).rejects.toBe(reason);
			const stop = new AbortController();
			const reading = source.read(0, SIZE, stop.signal);
			const first = await reading.next();
			if (first.value?.byteLength === SIZE) return; // nothing is left to be stopped
			stop.abort(reason);
			const rest = async () => {
				for await (const _ of reading);
			};
			await expect(rest()).rejects.toBe(reason);
		});
	});
}
