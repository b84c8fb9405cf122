import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ZipStream } from "../../src/archive/zip-stream.ts";
import { BLOCK_SIZE } from "../../src/zip/format/limits.ts";
import { collect, noise } from "../support/bytes.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { METHODS_HERE } from "../support/zstd.ts";

const temp = useTempDirectory();

describe("ZipStream.predictSize", () => {
	it("tells the exact size of a stored directory", async () => {
		await temp.write({
			"t/empty": "",
			"t/dir": null,
			"t/ü/small": "text",
			"t/large": noise(2 * BLOCK_SIZE + 5),
			"t/link": { link: "small" },
		});
		const zip = new ZipStream({ method: "store", comment: "ä" }).addPath(temp.path("t"));
		const predicted = await zip.predictSize();
		expect(predicted).toEqual({ size: (await collect(zip)).byteLength, exact: true });
	});

	it("tells the exact size of stored entries of any kind, and bounds all others", async () => {
		const entry = fc.record({
			size: fc.oneof(
				fc.integer({ min: 0, max: 500 }),
				fc.integer({ min: BLOCK_SIZE - 1, max: BLOCK_SIZE + 2 }),
			),
			mtime: fc.constantFrom(new Date(0), new Date("2050-01-01"), new Date("1900-01-01")),
			comment: fc.string({ maxLength: 9 }),
			declared: fc.boolean(),
		});
		const method = fc.constantFrom(...METHODS_HERE);
		await fc.assert(
			fc.asyncProperty(fc.array(entry, { maxLength: 5 }), method, async (entries, method) => {
				const zip = new ZipStream({ method });
				for (const [index, { size, declared, ...details }] of entries.entries()) {
					const content = noise(size, index);
					if (declared) zip.add(`${index}`, () => content, { ...details, size });
					else zip.add(`${index}`, content, details);
				}
				const predicted = await zip.predictSize();
				const { byteLength } = await collect(zip);
				const exact = method === "store" || method === "wrap" || entries.every(({ size }) => size === 0);
				expect(predicted?.exact).toBe(exact);
				if (exact) expect(predicted?.size).toBe(byteLength);
				else expect(predicted?.size).toBeGreaterThanOrEqual(byteLength);
			}),
			{ numRuns: 40 },
		);
	});

	it("tells nothing of what has no known size", async () => {
		async function* unknown() {
			yield "text";
		}
		expect(await new ZipStream().add("a", unknown()).predictSize()).toBeUndefined();
		expect(await new ZipStream().addEntries([].values()).predictSize()).toBeUndefined();
	});

	it("counts the time that is set for all entries", async () => {
		await temp.write({ "t/a": "1" });
		const zip = new ZipStream({ method: "store", mtime: new Date("2060-01-01") }).addPath(temp.path("t"));
		expect((await zip.predictSize())?.size).toBe((await collect(zip)).byteLength);
	});
});
