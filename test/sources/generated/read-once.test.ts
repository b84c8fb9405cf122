import { createReadStream } from "node:fs";
import { PassThrough, Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { createZip } from "../../../src/archive/create-zip.ts";
import { planZip } from "../../../src/archive/planned-archive.ts";
import { ZipStream } from "../../../src/archive/zip-stream.ts";
import { type Content, openContent } from "../../../src/sources/generated/content.ts";
import type { GeneratedEntry, Source } from "../../../src/sources/source.ts";
import { collect } from "../../support/bytes.ts";
import { readAll } from "../../support/found-entries.ts";
import { settled } from "../../support/gate.ts";
import { makeSettings } from "../../support/settings.ts";
import { NEVER } from "../../support/signals.ts";

function* parts(): Generator<string, void, void> {
	yield "one";
	yield "two";
}

async function* later(): AsyncGenerator<string, void, void> {
	yield* parts();
}

function* nothing(): Generator<string, void, void> {}

function web(): ReadableStream<Uint8Array> {
	return new Blob(["one", "two"]).stream();
}

async function contentOf(content: Content, size?: number): Promise<string> {
	return (await readAll(await openContent(content, size, '"x"', NEVER))).toString();
}

async function readSome(stream: Readable): Promise<Readable> {
	for await (const _ of stream.iterator({ destroyOnReturn: false })) break;
	return stream;
}

/** A stream of a package that has no `readableDidRead`, such as readable-stream 3. */
class OldStream implements AsyncIterable<string> {
	readonly destroyed = false;
	readonly readableEnded = true;
	pipe(): void {}
	async *[Symbol.asyncIterator](): AsyncGenerator<string, void, void> {}
}

type Used = readonly [what: string, make: () => Content | Promise<Content>, says: string];

const USED: readonly Used[] = [
	[
		"a Node stream that was read",
		async () => {
			const stream = Readable.from(["one", "two"]);
			await text(stream);
			return stream;
		},
		"was read before",
	],
	["a Node stream that was read in part", () => readSome(Readable.from(["one", "two"])), "was read before"],
	[
		"a file stream that was read",
		async () => {
			const stream = createReadStream(new URL(import.meta.url));
			await buffer(stream);
			return stream;
		},
		"was read before",
	],
	[
		"a Node stream that flows into something else",
		async () => {
			const stream = Readable.from(["one", "two"]);
			stream.pipe(new PassThrough());
			await settled();
			return stream;
		},
		"was read before",
	],
	[
		"a Node stream that was destroyed",
		() => Readable.from(["one"]).destroy(),
		"is a stream that was destroyed before it was read",
	],
	[
		"a Web stream that was read",
		async () => {
			const stream = web();
			for await (const _ of stream);
			return stream;
		},
		"was read before",
	],
	[
		"a Web stream that was read in part",
		async () => {
			const stream = web();
			const reader = stream.getReader();
			await reader.read();
			reader.releaseLock();
			return stream;
		},
		"was read before",
	],
	[
		"a Web stream that was cancelled",
		async () => {
			const stream = web();
			await stream.cancel();
			return stream;
		},
		"was read before",
	],
	[
		"a Web stream that somebody else has locked",
		() => {
			const stream = web();
			stream.getReader();
			return stream;
		},
		"is a stream that another reader has started to read",
	],
	[
		"the body of a response that was used",
		async () => {
			const response = new Response("one");
			await response.text();
			return response.body ?? "no body";
		},
		"is a stream that another reader has started to read",
	],
	["an ended stream that tells less", () => new OldStream(), "was read before"],
];

/** The same where only reading shows it. */
const USED_UP: readonly Used[] = [
	[
		"a generator that was read",
		() => {
			const generator = parts();
			expect([...generator]).toHaveLength(2);
			return generator;
		},
		"is an iterator that yields nothing",
	],
	[
		"an async generator that was read",
		async () => {
			const generator = later();
			for await (const _ of generator);
			return generator;
		},
		"is an iterator that yields nothing",
	],
	["an empty generator", () => nothing(), "is an iterator that yields nothing"],
];

const refused = (says: string) => ({
	code: "SOURCE_UNREADABLE",
	origin: '"x"',
	message: expect.stringContaining(`"x" ${says}`),
});

describe("content that was read before", () => {
	it.each([...USED, ...USED_UP])("is refused when it is opened: %s", async (_what, make, says) => {
		const content = await make();
		await expect(contentOf(content)).rejects.toMatchObject(refused(says));
		await expect(contentOf(await make(), 6)).rejects.toMatchObject(refused(says));
		await expect(collect(new ZipStream().add("x", await make()))).rejects.toMatchObject(refused(says));
	});

	it.each(USED)("is refused while nothing was sent yet: %s", async (_what, make, says) => {
		const sources: Source[] = [
			{ name: "a", content: "a" },
			{ name: "x", content: await make() },
		];
		for (const list of [sources, [sources.slice(1) as GeneratedEntry[]]])
			await expect(planZip(list, makeSettings())).rejects.toMatchObject(refused(says));
	});

	it.each([...USED, ...USED_UP])("is left out with a warning, if it may be: %s", async (_what, make) => {
		const sources: Source[] = [
			{ name: "a", content: "a" },
			{ name: "x", content: await make() },
		];
		const { entryCount, warnings } = await createZip(
			sources,
			async (chunks) => void (await collect(chunks)),
			{
				skipErrors: true,
			},
		);
		expect(entryCount).toBe(1);
		expect(warnings).toMatchObject([{ code: "UNREADABLE_SKIPPED", origin: '"x"' }]);
	});

	it.each<readonly [string, () => Content]>([
		["a stream", () => Readable.from(["one"])],
		["a Web stream", web],
		["a generator", parts],
		["an async generator", later],
		["an iterable with a single iterator", () => sharing(parts())],
	])("is refused when it is given twice: %s", async (_what, make) => {
		const content = make();
		const zip = new ZipStream().add("first", content).add("x", content);
		await expect(collect(zip)).rejects.toMatchObject(refused("was read before"));
		await expect(collect(new ZipStream().add("x", content))).rejects.toMatchObject({
			code: "SOURCE_UNREADABLE",
		});
	});

	it("is told from content that may be read again, or is empty", async () => {
		const list = ["one", "two"];
		for (const content of [list, new Set(list), () => parts(), later] as const) {
			expect(await contentOf(content)).toBe("onetwo");
			expect(await contentOf(content)).toBe("onetwo");
		}
		for (const content of [
			nothing,
			() => nothing(),
			[],
			[""].values(),
			Readable.from([]),
			new PassThrough().end(),
		])
			expect(await contentOf(content)).toBe("");
		expect(await contentOf(nothing(), 0)).toBe("");
		expect(await contentOf(web())).toBe("onetwo");
	});

	it("has one listener for errors before its turn, however often it is looked at", async () => {
		const stream = Readable.from(["one"]);
		const before = stream.listenerCount("error");
		for (let round = 0; round < 20; round++) await planZip([{ name: "x", content: stream }], makeSettings());
		expect(stream.listenerCount("error")).toBe(before + 1);
	});

	it("keeps the failure of a stream that failed before", async () => {
		const failure = new Error("broken");
		const stream = await readSome(Readable.from(["one", "two"]));
		stream.on("error", () => {});
		stream.destroy(failure);
		await settled();
		await expect(contentOf(stream)).rejects.toBe(failure);
	});
});

describe("entries that were made before", () => {
	function* entries(): Generator<GeneratedEntry, void, void> {
		yield { name: "b", content: "b" };
	}
	const used = { code: "SOURCE_UNREADABLE", message: expect.stringContaining("iterable of entries") };

	it.each([
		["a generator", entries],
		["a stream", () => Readable.from(entries())],
	])("are refused when they are given twice: %s", async (_what, make) => {
		const source: Iterable<GeneratedEntry> | AsyncIterable<GeneratedEntry> = make();
		await expect(collect(new ZipStream().addEntries(source).addEntries(source))).rejects.toMatchObject(used);
		await expect(planZip([{ name: "a", content: "a" }, source], makeSettings())).rejects.toMatchObject(used);
	});

	it("are refused as a stream that was read", async () => {
		const source: AsyncIterable<GeneratedEntry> = await readSome(Readable.from([...entries(), ...entries()]));
		await expect(planZip([{ name: "a", content: "a" }, source], makeSettings())).rejects.toMatchObject(used);
	});

	it("are taken from a new iterator each time", async () => {
		const source = { [Symbol.iterator]: entries };
		for (let round = 0; round < 2; round++) {
			const zip = new ZipStream().addEntries(source);
			await collect(zip);
			expect(zip.summary?.entryCount).toBe(1);
		}
	});
});

function sharing<Item>(iterator: Iterator<Item>): Iterable<Item> {
	return { [Symbol.iterator]: () => iterator };
}
