import { PassThrough, Readable } from "node:stream";
import { arrayBuffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { describe, expect, it } from "vitest";
import type { ZipOptions } from "../../src/archive/options.ts";
import { ZipStream } from "../../src/archive/zip-stream.ts";
import type { ZipferryEvent } from "../../src/events.ts";
import { collect, noise } from "../support/bytes.ts";
import { settled } from "../support/gate.ts";
import { type ArchiveSnapshot, inspectArchive } from "../support/inspect-archive.ts";

async function archiveOf(zip: ZipStream): Promise<ArchiveSnapshot> {
	return inspectArchive(await collect(zip));
}

async function contentsOf(zip: ZipStream): Promise<Record<string, string>> {
	const { entries } = await archiveOf(zip);
	return Object.fromEntries(entries.map(({ name, content }) => [name, content.toString()]));
}

/** A stream that gives a little and then stalls. */
function stalledStream(): Readable {
	const stream = new PassThrough();
	stream.write("a little");
	return stream;
}

describe("ZipStream: streams that end badly", () => {
	const failure = new Error("upstream broke");

	it("does not bring the process down with a stream that fails before its turn", async () => {
		const stream = new PassThrough();
		const zip = new ZipStream().add("first", "x").add("second", stream);
		stream.destroy(failure);
		await settled();
		await expect(collect(zip)).rejects.toBe(failure);
	});

	it.each([
		["already failed", () => new PassThrough().destroy(failure)],
		["fails later", () => failLater(failure)],
	])("ends with the failure of a stream that a function gives: %s", async (_when, content) => {
		await expect(collect(new ZipStream().add("f", content))).rejects.toBe(failure);
	});

	it("does not bring the process down with a promise that fails before its turn", async () => {
		const later = Promise.reject(failure);
		const zip = new ZipStream().add("first", "x").addEntries([{ name: "second", content: later }]);
		await settled();
		await expect(collect(zip)).rejects.toBe(failure);
	});

	it("fails for a stream that was destroyed without an error", async () => {
		const stream = stalledStream();
		const zip = new ZipStream().add("f", stream);
		stream.destroy();
		await expect(collect(zip)).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" });
	});

	it("refuses a stream that was read before, which would look as if it were empty", async () => {
		const stream = Readable.from(["x"]);
		const zip = new ZipStream().add("a", stream).add("b", () => stream);
		await expect(collect(zip)).rejects.toMatchObject({
			code: "SOURCE_UNREADABLE",
			message: expect.stringContaining('"b" was read before'),
		});
	});

	it("passes failures on through Node and Web streams", async () => {
		const make = () => new ZipStream().add("f", () => failLater(failure));
		await expect(pipeline(make().toReadable(), new PassThrough().resume())).rejects.toBe(failure);
		await expect(arrayBuffer(make().toWebStream())).rejects.toBe(failure);
	});

	it.each([
		[10, "abc", "ended after 3 of 10 bytes"],
		[2, "abc", "more than the 2 bytes"],
		[0, "abc", "more than the 0 bytes"],
	])("refuses content of another size than declared: %d for %j", async (size, content, message) => {
		const stream = Readable.from([content]);
		await expect(collect(new ZipStream().add("f", stream, { size }))).rejects.toThrow(message);
		await settled();
		expect(stream.destroyed).toBe(true);
	});

	it("leaves out what cannot be read, if it may", async () => {
		const events: ZipferryEvent[] = [];
		const options: ZipOptions = { skipErrors: true, onEvent: (event) => events.push(event) };
		const zip = new ZipStream(options)
			.add("a", "1")
			.add("b", () => failLater(failure))
			.add("c", "3");
		expect(await contentsOf(zip)).toEqual({ a: "1", c: "3" });
		expect(events).toContainEqual({ type: "skipped", origin: '"b"', reason: "upstream broke" });
	});
});

describe("ZipStream: stopping", () => {
	const reason = new Error("enough");

	it("gives up a stream that stalls when the signal aborts, and destroys it", async () => {
		const controller = new AbortController();
		const stream = stalledStream();
		const read = collect(new ZipStream({ signal: controller.signal }).add("f", stream));
		await settled();
		controller.abort(reason);
		await expect(read).rejects.toBe(reason);
		await settled();
		expect(stream.destroyed).toBe(true);
	});

	it("gives up a promise that is never kept when the signal aborts", async () => {
		const controller = new AbortController();
		const never = new Promise<string>(() => {});
		const read = collect(new ZipStream({ signal: controller.signal }).add("f", never));
		await settled();
		controller.abort(reason);
		await expect(read).rejects.toBe(reason);
	});

	it("opens nothing under a signal that has aborted", async () => {
		let called = false;
		const zip = new ZipStream({ signal: AbortSignal.abort(reason) }).add("f", () => {
			called = true;
			return "x";
		});
		await expect(collect(zip)).rejects.toBe(reason);
		expect(called).toBe(false);
	});

	it("destroys streams when its reader stops early", async () => {
		const streams = [1, 2, 3].map((seed) => Readable.from(endlessNoise(seed)));
		const zip = new ZipStream({ method: "store" });
		for (const [index, stream] of streams.entries()) zip.add(`${index}`, stream);
		for await (const _ of zip) break;
		await settled();
		expect(streams.map(({ destroyed }) => destroyed)).toEqual([true, true, true]);
	});

	it("destroys streams that it has not come to when another entry fails", async () => {
		const streams = Array.from({ length: 1000 }, () => stalledStream());
		const zip = new ZipStream().add("first", () => failLater(reason));
		zip.addEntries(streams.slice(1).map((content, index) => ({ name: `${index}`, content })));
		zip.add("last", streams[0]);
		await expect(collect(zip)).rejects.toBe(reason);
		expect(streams.filter(({ destroyed }) => !destroyed)).toEqual([]);
	});

	it("destroys a stream that stalls when a Node stream of the archive is destroyed", async () => {
		const stream = stalledStream();
		const readable = new ZipStream().add("f", stream).toReadable();
		readable.resume();
		await settled();
		const closed = new Promise((resolve) => readable.once("close", resolve));
		readable.destroy();
		await closed;
		await settled();
		expect(stream.destroyed).toBe(true);
	});

	it("destroys a stream that stalls when a Web stream of the archive is cancelled", async () => {
		const stream = stalledStream();
		const reader = new ZipStream().add("f", stream).toWebStream().getReader();
		const pending = reader.read();
		await settled();
		await reader.cancel();
		expect(await pending).toEqual({ value: undefined, done: true });
		await settled();
		expect(stream.destroyed).toBe(true);
	});

	it.each(["the signal aborts", "return() comes"])("ends what a function waits for when %s", async (when) => {
		const controller = new AbortController();
		let ended = false;
		const content = (signal: AbortSignal) =>
			new Promise<string>((_, reject) => {
				signal.addEventListener("abort", () => {
					ended = true;
					reject(signal.reason);
				});
			});
		const zip = new ZipStream({ signal: controller.signal }).add("f", content);
		const chunks = zip[Symbol.asyncIterator]();
		const pending = chunks.next().catch(() => "given up");
		await settled();
		if (when === "return() comes") await chunks.return();
		else controller.abort();
		expect(await pending).toBe("given up");
		expect(ended).toBe(true);
	});

	it("destroys a stream that stalls when return() comes while a chunk is waited for", async () => {
		const stream = stalledStream();
		const chunks = new ZipStream().add("f", stream)[Symbol.asyncIterator]();
		const pending = chunks.next().catch(() => "given up");
		await settled();
		await chunks.return();
		expect(await pending).toBe("given up");
		await settled();
		expect(stream.destroyed).toBe(true);
	});
});

function failLater(failure: Error): Readable {
	return new Readable({
		read() {
			setImmediate(() => this.destroy(failure));
		},
	});
}

async function* endlessNoise(seed: number): AsyncGenerator<Uint8Array, void, void> {
	for (;;) yield noise(100_000, seed);
}
