import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { answerWatcher, collectDocument, type RawAnswer } from "../../src/s3/answers.ts";

const MiB = 1024 * 1024;

async function* chunksOf(count: number, seen: { count: number }): AsyncGenerator<Uint8Array> {
	for (; seen.count < count; seen.count++) yield Buffer.alloc(MiB, "x");
}

describe("collectDocument", () => {
	it("gives the bytes of the answer", async () => {
		expect((await collectDocument(chunksOf(3, { count: 0 }), 1_000)).byteLength).toBe(3 * MiB);
	});

	it("stops reading what is never silent and never ends", async () => {
		async function* whiteSpace(): AsyncGenerator<Uint8Array> {
			for (;;) {
				await delay(10);
				yield Buffer.from(" ");
			}
		}
		await expect(collectDocument(whiteSpace(), 100)).rejects.toThrow(/does not end/);
	});

	it("stops reading at a size that no document has", async () => {
		const seen = { count: 0 };
		await expect(collectDocument(chunksOf(100, seen), 1_000)).rejects.toThrow(/larger than any/);
		expect(seen.count).toBe(16);
	});
});

describe("answerWatcher", () => {
	it("shows status, headers and date of what comes back, and passes it on as it is", async () => {
		const seen: RawAnswer[] = [];
		const response = { statusCode: 403, headers: { date: "Sun, 22 Nov 2026 04:00:00 GMT" }, body: undefined };
		const result = { response, output: 1 };
		const next = answerWatcher((answer) => seen.push(answer))(async (_: object) => result);
		expect(await next({})).toBe(result);
		expect(seen).toEqual([
			{ status: 403, headers: response.headers, date: new Date("2026-11-22T04:00:00Z"), socket: undefined },
		]);
	});

	it("knows no date where there is none, or nonsense", async () => {
		const dates: unknown[] = [];
		for (const headers of [{}, { date: "yesterday" }]) {
			await answerWatcher(({ date }) => dates.push(date))(async (_: object) => ({
				response: { statusCode: 200, headers },
			}))({});
		}
		expect(dates).toEqual([undefined, undefined]);
	});
});
