import { once } from "node:events";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { ChunkReader, chunksOf } from "../../src/bytes/chunk-reader.ts";

async function textOf(stream: Readable): Promise<string> {
	let text = "";
	for await (const chunk of chunksOf(stream)) text += Buffer.from(chunk).toString();
	return text;
}

/** A stream that nothing comes from until somebody pushes. */
function silent(): Readable {
	return new Readable({ read() {} });
}

describe("ChunkReader", () => {
	it("gives all chunks and then nothing, however often it is asked", async () => {
		const reader = new ChunkReader(Readable.from([Buffer.from("a"), Buffer.from("b")]));
		const seen: string[] = [];
		for (let chunk = await reader.next(); chunk !== undefined; chunk = await reader.next())
			seen.push(Buffer.from(chunk).toString());
		expect(seen.join("")).toBe("ab");
		expect(await reader.next()).toBeUndefined();
	});

	it("gives what is there without a promise", () => {
		const stream = silent();
		stream.push("ab");
		expect(new ChunkReader(stream).next()).toEqual(Buffer.from("ab"));
	});

	it("waits for chunks that come later, and for an end that comes behind the last of them", async () => {
		const stream = silent();
		const text = textOf(stream);
		for (const piece of ["a", "b", null]) {
			await new Promise(setImmediate);
			stream.push(piece);
		}
		expect(await text).toBe("ab");
		expect(stream.readableEnded).toBe(true);
	});

	it("fails as the stream does, before and while somebody waits, and afterwards again", async () => {
		const failing = silent();
		const reader = new ChunkReader(failing);
		const waiting = reader.next();
		failing.destroy(new Error("cut"));
		await expect(waiting).rejects.toThrow("cut");
		await expect(reader.next()).rejects.toThrow("cut");
		const failed = silent();
		failed.on("error", () => {});
		failed.destroy(new Error("cut before"));
		await expect(textOf(failed)).rejects.toThrow("cut before");
	});

	it("fails with a stream that is closed before its end", async () => {
		const code = "ERR_STREAM_PREMATURE_CLOSE";
		const closing = silent();
		const waiting = textOf(closing);
		closing.destroy();
		await expect(waiting).rejects.toMatchObject({ code });
		const closed = silent();
		closed.destroy();
		await once(closed, "close");
		await expect(textOf(closed)).rejects.toMatchObject({ code });
	});
});
