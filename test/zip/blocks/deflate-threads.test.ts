import { availableParallelism } from "node:os";
import { inflateRawSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { DeflateThreads } from "../../../src/zip/blocks/deflate-threads.ts";

/** Enough that the main thread does not do all of them itself. */
const COUNT = 1_000;

/** The script of a thread that dies of its first request. */
const DIES = `
	import { parentPort } from "node:worker_threads";
	parentPort.on("message", () => process.exit(3));
`;

function text(index: number): Buffer {
	return Buffer.from(`entry ${index}, `.repeat(1 + (index % 200)));
}

describe("DeflateThreads", () => {
	let threads: DeflateThreads;
	afterEach(() => threads.close());

	it("gives each of many entries its own data, in threads as on the main thread", async () => {
		threads = new DeflateThreads(6);
		const results = await Promise.all(
			Array.from({ length: COUNT }, (_, index) => threads.deflate(text(index))),
		);
		for (const [index, deflated] of results.entries()) expect(inflateRawSync(deflated)).toEqual(text(index));
	});

	it("makes the same bytes of an entry, whoever deflates it", async () => {
		threads = new DeflateThreads(6);
		const first = await threads.deflate(text(7));
		const later = await Promise.all(Array.from({ length: COUNT }, () => threads.deflate(text(7))));
		for (const deflated of later) expect(Buffer.compare(deflated, first)).toBe(0);
	});

	it("helps threads that have enough to do, and leaves the rest to them", async () => {
		threads = new DeflateThreads(6);
		const count = COUNT + 1_000 * availableParallelism();
		let done = 0;
		const results = Array.from({ length: count }, async (_, index) => {
			const deflated = await threads.deflate(text(index));
			done += 1;
			return deflated;
		});
		await Promise.resolve(); // no thread has had the time to answer
		expect(done).toBeGreaterThan(COUNT);
		expect(done).toBeLessThan(count);
		for (const [index, deflated] of (await Promise.all(results)).entries())
			expect(Buffer.compare(inflateRawSync(deflated), text(index))).toBe(0);
	});

	it.each([
		["are not there, as in a bundle that somebody else made", "./no-such-script.js"],
		["die of what they get", `data:text/javascript,${encodeURIComponent(DIES)}`],
		["cannot be started", "https://localhost/script.js"],
	])("deflates on the main thread where threads %s", async (_what, script) => {
		threads = new DeflateThreads(6, new URL(script, import.meta.url));
		for (let round = 0; round < 2; round++) {
			const results = await Promise.all(
				Array.from({ length: COUNT }, (_, index) => threads.deflate(text(index))),
			);
			for (const [index, deflated] of results.entries())
				expect(Buffer.compare(inflateRawSync(deflated), text(index))).toBe(0);
		}
	});

	it("deflates what does not get smaller, and nothing at all", async () => {
		threads = new DeflateThreads(6);
		const noise = Buffer.from(Array.from({ length: 256 }, (_, index) => (index * 167) & 0xff));
		const inputs = Array.from({ length: COUNT }, (_, index) => (index % 2 === 0 ? noise : Buffer.alloc(0)));
		const results = await Promise.all(inputs.map((bytes) => threads.deflate(bytes)));
		for (const [index, deflated] of results.entries())
			expect(inflateRawSync(deflated)).toEqual(inputs[index]);
	});
});
