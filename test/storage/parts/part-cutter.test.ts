import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BodyPiece } from "../../../src/storage/parts/object-range.ts";
import { PartCutter } from "../../../src/storage/parts/part-cutter.ts";

const MIN = 5;
const RANGE = { source: { bucket: "b", key: "k" }, etag: "e", offset: 0, byteLength: 6 };

async function* of(pieces: readonly BodyPiece[]): AsyncGenerator<BodyPiece, void, void> {
	yield* pieces;
}

function cutterOf(bufferSize: number, minSize = 0): PartCutter {
	return new PartCutter({ take: async () => new Uint8Array(bufferSize), minSize });
}

/** The parts, each as its bytes; `"range"` for one. */
async function cut(pieces: readonly BodyPiece[], bufferSize: number, minSize: number) {
	const parts: { bytes: readonly (number | "range")[]; last?: boolean }[] = [];
	for await (const part of cutterOf(bufferSize, minSize).cut(of(pieces))) {
		if ("source" in part) parts.push({ bytes: ["range"] });
		else parts.push({ bytes: [...part.buffer.subarray(0, part.size)], last: part.last });
	}
	return parts;
}

const counting = (size: number, start = 0) => Uint8Array.from({ length: size }, (_, index) => start + index);

describe("PartCutter", () => {
	it("fills parts of one size whatever the chunks, and tells which is the last", async () => {
		const chunks = fc.array(fc.uint8Array({ maxLength: 30 }));
		await fc.assert(
			fc.asyncProperty(chunks, fc.integer({ min: 1, max: 20 }), async (pieces, size) => {
				const parts = await cut(pieces, size, 0);
				expect(parts.flatMap(({ bytes }) => bytes)).toEqual(pieces.flatMap((piece) => [...piece]));
				for (const [index, { bytes, last }] of parts.entries()) {
					expect(last).toBe(index === parts.length - 1);
					if (last !== true) expect(bytes).toHaveLength(size);
				}
			}),
		);
	});

	it("leaves no part before a range too small, and no byte out", async () => {
		const run = fc.integer({ min: MIN, max: 60 });
		await fc.assert(
			fc.asyncProperty(
				fc.array(run, { minLength: 1 }),
				fc.integer({ min: 0, max: 40 }),
				async (runs, rest) => {
					const pieces = [...runs.flatMap((size) => [counting(size), RANGE]), counting(rest)];
					const parts = await cut(pieces, 2 * MIN, MIN);
					expect(parts.flatMap(({ bytes }) => bytes)).toEqual(
						pieces.flatMap((piece): (number | "range")[] =>
							piece instanceof Uint8Array ? [...piece] : ["range"],
						),
					);
					for (const { bytes, last } of parts) {
						if (bytes[0] !== "range" && last !== true) expect(bytes.length).toBeGreaterThanOrEqual(MIN);
					}
				},
			),
		);
	});

	it("leaves no last part too small, where that is asked for, and no byte out", async () => {
		const chunks = fc.array(fc.uint8Array({ maxLength: 30 }));
		const partSize = fc.integer({ min: MIN, max: 20 });
		await fc.assert(
			fc.asyncProperty(chunks, partSize, async (pieces, size) => {
				let inUse = 0;
				const take = (length: number) => {
					inUse += 1;
					return new Uint8Array(length);
				};
				const give = () => {
					inUse -= 1;
				};
				const cutter = new PartCutter({
					take: async () => take(size),
					minSize: 0,
					last: { minSize: MIN, join: take, give },
				});
				const parts: { bytes: readonly number[]; last: boolean }[] = [];
				for await (const part of cutter.cut(of(pieces))) {
					if ("source" in part) throw new Error("there are no ranges");
					parts.push({ bytes: [...part.buffer.subarray(0, part.size)], last: part.last });
					give();
				}
				expect(inUse).toBe(0);
				expect(parts.flatMap(({ bytes }) => bytes)).toEqual(pieces.flatMap((piece) => [...piece]));
				const total = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
				const count = Math.floor(total / size) + (total % size >= MIN ? 1 : 0);
				expect(parts).toHaveLength(total === 0 ? 0 : Math.max(1, count));
				for (const [index, { bytes, last }] of parts.entries()) {
					expect(last).toBe(index === parts.length - 1);
					if (!last) expect(bytes).toHaveLength(size);
					else if (total >= MIN) expect(bytes.length).toBeGreaterThanOrEqual(MIN);
				}
			}),
		);
	});

	it("gives a part out before the next one is full", async () => {
		let given = 0;
		async function* slow(): AsyncGenerator<BodyPiece, void, void> {
			yield counting(11);
			expect(given).toBe(1);
			yield counting(1);
		}
		for await (const _ of cutterOf(10).cut(slow())) given += 1;
		expect(given).toBe(2);
	});

	it("takes what was made in its place as it is, and copies everything else", async () => {
		const PART = 10;
		const body = counting(200);
		const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 16 });
		await fc.assert(
			fc.asyncProperty(sizes, fc.integer({ min: 0, max: 14 }), async (lengths, ahead) => {
				const cutter = cutterOf(PART);
				let made = 0;
				/** Asks for its place some bytes before its turn, as somebody who reads ahead does. */
				const make = async (size: number) => {
					const place = await cutter.placeAt(made, size);
					const bytes = body.subarray(made, made + (place?.byteLength ?? size));
					made += bytes.byteLength;
					place?.set(bytes);
					return place ?? bytes;
				};
				async function* readAhead(): AsyncGenerator<BodyPiece, void, void> {
					const waiting: Uint8Array[] = [];
					for (const size of lengths) {
						waiting.push(await make(size));
						while (waiting.reduce((sum, { byteLength }) => sum + byteLength, 0) > ahead)
							yield waiting.shift() as Uint8Array;
					}
					yield* waiting;
				}
				const parts: number[][] = [];
				for await (const part of cutter.cut(readAhead())) {
					if ("source" in part) throw new TypeError("a range came out of bytes");
					parts.push([...part.buffer.subarray(0, part.size)]);
				}
				expect(parts.flat()).toEqual([...body.subarray(0, made)]);
				for (const part of parts.slice(0, -1)) expect(part).toHaveLength(PART);
			}),
		);
	});

	it("has places in the part that fills and in the next one, each in one piece, and only for what has not come", async () => {
		const cutter = cutterOf(10);
		expect(cutter.placeAt(0, 1)).toBeUndefined();
		async function* pieces(): AsyncGenerator<BodyPiece, void, void> {
			yield counting(4);
			const [here, next] = [await cutter.placeAt(4, 6), await cutter.placeAt(12, 8)];
			expect(here).toHaveLength(6);
			expect(next).toHaveLength(8);
			expect(cutter.placeAt(3, 2)).toBeUndefined();
			expect(cutter.placeAt(8, 4)).toHaveLength(2);
			expect(await cutter.placeAt(20, 1)).toBeUndefined();
			here?.set(counting(6, 4));
			next?.set(counting(8, 12));
			yield here as Uint8Array;
			yield counting(2, 10);
			yield next as Uint8Array;
		}
		const parts = [];
		for await (const part of cutter.cut(pieces())) if ("buffer" in part) parts.push(...part.buffer);
		expect(parts).toEqual([...counting(20)]);
	});

	it("has places behind ranges that come first", async () => {
		const cutter = cutterOf(10);
		let made: Uint8Array | undefined;
		async function* pieces(): AsyncGenerator<BodyPiece, void, void> {
			yield RANGE;
			yield counting(3);
			made = await cutter.placeAt(RANGE.byteLength + 3, 7);
			made?.set(counting(7, 3));
			yield made ?? counting(7, 3);
		}
		const parts: Uint8Array[] = [];
		for await (const part of cutter.cut(pieces())) if ("buffer" in part) parts.push(part.buffer);
		expect(parts).toEqual([counting(10)]);
		expect(made?.buffer).toBe(parts[0]?.buffer);
		expect(made).toHaveLength(7);
	});

	it("has no places where a range may move what is there", async () => {
		const cutter = cutterOf(2 * MIN, MIN);
		async function* pieces(): AsyncGenerator<BodyPiece, void, void> {
			yield counting(1);
			expect(cutter.placeAt(1, 1)).toBeUndefined();
		}
		for await (const part of cutter.cut(pieces())) expect(part).toMatchObject({ size: 1 });
	});
});
