import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ByteCounter, Md5Counter, tap } from "../../src/bytes/tap.ts";
import { collect, noise } from "../support/bytes.ts";

async function* chunks(): AsyncGenerator<Uint8Array, string, void> {
	yield noise(10, 1);
	yield noise(0);
	yield noise(20, 2);
	return "result";
}

describe("tap", () => {
	it("shows each chunk to every observer before it goes on", async () => {
		const log: string[] = [];
		const observer = (name: string) => ({
			update: (chunk: Uint8Array) => log.push(`${name} ${chunk.byteLength}`),
		});
		for await (const chunk of tap(chunks(), observer("a"), observer("b")))
			log.push(`out ${chunk.byteLength}`);
		expect(log).toEqual(["a 10", "b 10", "out 10", "a 0", "b 0", "out 0", "a 20", "b 20", "out 20"]);
	});

	it("changes nothing, not even the return value", async () => {
		expect(await collect(tap(chunks()))).toEqual(await collect(chunks()));
		const tapped = tap(chunks());
		let step = await tapped.next();
		while (!step.done) step = await tapped.next();
		expect(step.value).toBe("result");
	});

	it("stops its source when it is stopped", async () => {
		let closed = false;
		async function* source() {
			try {
				for (;;) yield noise(1);
			} finally {
				closed = true;
			}
		}
		for await (const _ of tap(source())) break;
		expect(closed).toBe(true);
	});

	it("passes on the failure of its source and of an observer", async () => {
		const failure = new Error("broken");
		async function* source(): AsyncGenerator<Uint8Array, void, void> {
			yield noise(1);
			throw failure;
		}
		await expect(collect(tap(source()))).rejects.toBe(failure);
		const update = () => {
			throw failure;
		};
		await expect(collect(tap(chunks(), { update }))).rejects.toBe(failure);
	});
});

describe("Md5Counter", () => {
	it("counts and hashes all that passes", async () => {
		const counter = new ByteCounter();
		const md5 = new Md5Counter();
		const bytes = await collect(tap(chunks(), counter, md5));
		expect([counter.total, md5.total]).toEqual([30, 30]);
		expect(md5.digest()).toBe(createHash("md5").update(bytes).digest("hex"));
	});
});
