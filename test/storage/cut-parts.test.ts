import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutParts } from "../../src/storage/cut-parts.ts";
import type { BodyPiece } from "../../src/storage/object-range.ts";

const MIN = 5;
const RANGE = { source: { bucket: "b", key: "k" }, etag: "e", offset: 0, byteLength: 6 };

async function* of(pieces: readonly BodyPiece[]): AsyncGenerator<BodyPiece, void, void> {
	yield* pieces;
}

/** The parts, each as its bytes; `"range"` for one. */
async function cut(pieces: readonly BodyPiece[], bufferSize: number, minSize: number) {
	const parts: { bytes: readonly (number | "range")[]; last?: boolean }[] = [];
	const take = async () => new Uint8Array(bufferSize);
	for await (const part of cutParts(of(pieces), { take, minSize })) {
		if ("source" in part) parts.push({ bytes: ["range"] });
		else parts.push({ bytes: [...part.buffer.subarray(0, part.size)], last: part.last });
	}
	return parts;
}

const counting = (size: number, start = 0) => Uint8Array.from({ length: size }, (_, index) => start + index);

describe("cutParts", () => {
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

	it("gives a part out before the next one is full", async () => {
		let given = 0;
		async function* slow(): AsyncGenerator<BodyPiece, void, void> {
			yield counting(11);
			expect(given).toBe(1);
			yield counting(1);
		}
		for await (const _ of cutParts(slow(), { take: async () => new Uint8Array(10), minSize: 0 })) given += 1;
		expect(given).toBe(2);
	});
});
