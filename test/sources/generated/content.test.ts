import { PassThrough, Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	type Content,
	contentSize,
	holdBackErrors,
	isRereadable,
	openContent,
} from "../../../src/sources/generated/content.ts";
import { cut, noise } from "../../support/bytes.ts";
import { readAll } from "../../support/found-entries.ts";
import { settled } from "../../support/gate.ts";
import { NEVER } from "../../support/signals.ts";

async function contentOf(content: Content, size?: number): Promise<string> {
	return (await readAll(await openContent(content, size, "origin", NEVER))).toString();
}

/** Chunks without end, and whether it was told to stop. */
class Endless implements AsyncIterable<Uint8Array> {
	stopped = false;

	async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
		try {
			for (;;) yield noise(100);
		} finally {
			this.stopped = true;
		}
	}
}

describe("openContent", () => {
	it("fills the buffers it is given, whatever the chunks", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.uint8Array({ maxLength: 200 }),
				fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 5 }),
				fc.integer({ min: 1, max: 50 }),
				async (bytes, lengths, step) => {
					const reader = await openContent(() => cut(bytes, lengths), undefined, "origin", NEVER);
					for (let offset = 0; ; offset += step) {
						const into = Buffer.alloc(step);
						const count = await reader.read(into);
						expect(count).toBe(Math.min(step, Math.max(0, bytes.byteLength - offset)));
						expect(into.subarray(0, count).equals(bytes.subarray(offset, offset + count))).toBe(true);
						if (count === 0) return;
					}
				},
			),
		);
	});

	it("knows the size of text and bytes, and what was declared", async () => {
		expect((await openContent("ü", undefined, "o", NEVER)).size).toBe(2);
		expect((await openContent(() => Buffer.alloc(5), undefined, "o", NEVER)).size).toBe(5);
		expect((await openContent(["x"], 1, "o", NEVER)).size).toBe(1);
		expect((await openContent(["x"], undefined, "o", NEVER)).size).toBeUndefined();
		expect([contentSize("ü"), contentSize(noise(3)), contentSize([])]).toEqual([2, 3, undefined]);
	});

	it("takes text in any position, as UTF-8", async () => {
		expect(await contentOf(["ä", Buffer.from("ö"), "", "\u{1f600}"])).toBe("äö\u{1f600}");
		expect(await contentOf(Readable.from(["ä", "ö"]))).toBe("äö");
	});

	it.each([null, 5, true, {}, undefined])("refuses %j, which is no content", async (content) => {
		await expect(
			openContent((() => content) as unknown as Content, undefined, "origin", NEVER),
		).rejects.toMatchObject({
			code: "INVALID_OPTION",
			message: expect.stringMatching(/^content of the entry origin must be text, bytes, a Blob, a stream/),
		});
	});

	it("refuses a chunk that is none, and closes what gave it", async () => {
		const stream = Readable.from([{ not: "bytes" }]);
		await expect(contentOf(stream)).rejects.toMatchObject({ code: "INVALID_OPTION" });
		expect(stream.destroyed).toBe(true);
	});

	it.each([
		[0, ["a"]],
		[2, ["ab", "c"]],
		[2, ["abc"]],
		[2, ["ab", "", "c"]],
	])("refuses more than the %d bytes declared: %j", async (size, chunks) => {
		await expect(contentOf(chunks, size)).rejects.toMatchObject({ code: "SOURCE_CHANGED", origin: "origin" });
	});

	it("takes exactly what was declared", async () => {
		expect(await contentOf(["ab", "", ""], 2)).toBe("ab");
		expect(await contentOf([], 0)).toBe("");
		expect(await contentOf(["", ""], 0)).toBe("");
	});

	it.each([undefined, 0])("stops what it reads from when it is closed early (declared: %s)", async (size) => {
		const endless = new Endless();
		const opening = openContent(endless, size, "origin", NEVER);
		if (size === undefined) {
			const reader = await opening;
			await reader.read(Buffer.alloc(10));
			await reader.close();
			await reader.close();
		} else {
			await expect(opening).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
		}
		expect(endless.stopped).toBe(true);
	});

	it("destroys a stream that is closed before, while, and after it is read", async () => {
		for (const moment of ["before", "while", "after"]) {
			const stream = new PassThrough();
			stream.write("x");
			const reader = await openContent(stream, undefined, "origin", NEVER);
			if (moment === "after") await reader.read(Buffer.alloc(1));
			const pending =
				moment === "while" ? Promise.resolve(reader.read(Buffer.alloc(100))).then(String, String) : undefined;
			await settled();
			await reader.close();
			expect([moment, stream.destroyed]).toEqual([moment, true]);
			if (pending !== undefined) expect(await pending).toContain("Premature close");
		}
	});

	it("cancels a Web stream", async () => {
		let cancelled = false;
		const stream = new ReadableStream<Uint8Array>({
			pull: (controller) => controller.enqueue(noise(10)),
			cancel() {
				cancelled = true;
			},
		});
		const reader = await openContent(stream, undefined, "origin", NEVER);
		await reader.read(Buffer.alloc(5));
		await reader.close();
		expect(cancelled).toBe(true);
	});

	it("passes on the failure of what it reads from", async () => {
		const failure = new Error("broken");
		async function* failing() {
			yield "x";
			throw failure;
		}
		const thrower = () => {
			throw failure;
		};
		await expect(contentOf(failing)).rejects.toBe(failure);
		await expect(contentOf(thrower)).rejects.toBe(failure);
		await expect(contentOf(() => Promise.reject(failure))).rejects.toBe(failure);
	});

	it("takes every form that bytes have, and knows their size", async () => {
		const bytes = noise(64);
		const { buffer, byteOffset } = Uint8Array.from(bytes);
		const shared = new Uint8Array(new SharedArrayBuffer(64));
		shared.set(bytes);
		const forms: readonly Content[] = [
			bytes,
			buffer,
			shared.buffer,
			new DataView(buffer, byteOffset, 64),
			new Float64Array(buffer),
			new Uint16Array(shared.buffer),
			new Blob([bytes.subarray(0, 10), bytes.subarray(10)]),
			new File([bytes], "a.bin"),
		];
		for (const form of forms) {
			expect(contentSize(form)).toBe(64);
			expect(isRereadable(form)).toBe(true);
			for (const content of [form, () => form, Promise.resolve(form as Blob)]) {
				const reader = await openContent(content, undefined, "origin", NEVER);
				expect(reader.size).toBe(64);
				expect(bytes.equals(await readAll(reader))).toBe(true);
			}
		}
		expect(await contentOf([buffer, new DataView(shared.buffer, 0, 10), "x"])).toBe(
			Buffer.concat([bytes, bytes.subarray(0, 10), Buffer.from("x")]).toString(),
		);
	});

	it("takes the part of a buffer that a view shows, and no more", async () => {
		const { buffer } = Uint8Array.from(Buffer.from("abcdefgh"));
		expect(await contentOf(new Uint16Array(buffer, 2, 2))).toBe("cdef");
		expect(await contentOf(new DataView(buffer, 1, 3))).toBe("bcd");
	});

	it("refuses a Blob of another size than was declared", async () => {
		await expect(contentOf(new Blob(["abc"]), 2)).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
	});

	it("stops a Blob that is closed early", async () => {
		const reader = await openContent(new Blob([noise(1_000_000)]), undefined, "origin", NEVER);
		await reader.read(Buffer.alloc(5));
		await reader.close();
		await reader.close();
	});

	it("awaits a promise, also of a stream, of a function, and from a function", async () => {
		expect(await contentOf(Promise.resolve("ä"))).toBe("ä");
		expect(await contentOf(Promise.resolve(Readable.from(["a", "b"])))).toBe("ab");
		expect(await contentOf(Promise.resolve(() => Promise.resolve(["c"])))).toBe("c");
		expect(await contentOf(async () => new Blob(["d"]))).toBe("d");
	});

	it("tells an iterator that was read before from one that is new, behind a promise as well", async () => {
		const used = ["a"][Symbol.iterator]();
		used.next();
		await expect(contentOf(Promise.resolve(used))).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" });
		expect(await contentOf(async () => ([] as string[])[Symbol.iterator]())).toBe("");
	});

	it("keeps the failure of a promise until its turn", async () => {
		const failure = new Error("broken");
		const content = Promise.reject(failure);
		holdBackErrors(content);
		await settled();
		await expect(contentOf(content)).rejects.toBe(failure);
	});

	it("iterates over what can be both iterated and awaited", async () => {
		const rows = { [Symbol.asyncIterator]: () => Readable.from(["row"]).iterator() };
		const query = Object.assign(Promise.resolve("all rows"), rows);
		expect(await contentOf(query)).toBe("row");
	});
});
