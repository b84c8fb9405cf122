import { describe, expect, it } from "vitest";
import { type Content, createZip, SourceError, ZipStream } from "../../src/index.ts";

const VALUES = [undefined, null, "text", 0, {}, { code: 5 }] as const;
const discard = async (chunks: AsyncIterable<Uint8Array>) => {
	for await (const _ of chunks);
};

/** Content that throws in all ways there are. */
function contents(value: unknown): readonly Content[] {
	return [
		() => {
			throw value;
		},
		() => Promise.reject(value),
		() => () => Promise.reject(value),
		async function* () {
			yield "begun";
			throw value;
		},
		function* () {
			yield "begun";
			throw value;
		},
		() => ({
			[Symbol.asyncIterator]() {
				throw value;
			},
		}),
		() => new ReadableStream<Uint8Array>({ start: (controller) => controller.error(value) }),
	];
}

describe.each(VALUES)("code of the caller that throws %o", (value) => {
	it("as content fails with an error that names the entry", async () => {
		for (const content of contents(value)) {
			const failure: unknown = await createZip({ name: "a.txt", content }, discard).catch((error) => error);
			expect(failure).toBeInstanceOf(SourceError);
			expect(failure).toMatchObject({ code: "SOURCE_UNREADABLE", origin: '"a.txt"' });
			expect(failure).satisfy((error: Error) => error.cause === value);
			expect(String(failure)).toMatch(/cannot read "a.txt": it threw .+ instead of an error/);
		}
	});

	it("as an iterable of entries fails with an error", async () => {
		async function* entries() {
			yield { name: "b", content: "" };
			throw value;
		}
		const failure = {
			code: "SOURCE_UNREADABLE",
			message: expect.stringMatching(/ threw .+ instead of an error$/),
		};
		await expect(createZip(entries(), discard)).rejects.toMatchObject(failure);
	});

	it("as a listener fails with an error", async () => {
		const onEvent = () => {
			throw value;
		};
		const entry = { name: "b", content: "b" };
		const failure = {
			message: expect.stringMatching(/^onEvent threw .+ instead of an error$/),
			cause: value,
		};
		await expect(createZip(entry, discard, { onEvent })).rejects.toMatchObject(failure);
		const stream = new ZipStream({ onEvent }).add("b", "b");
		await expect(discard(stream[Symbol.asyncIterator]())).rejects.toMatchObject(failure);
	});

	it("as a destination fails with an error", async () => {
		const failure = { message: expect.stringMatching(/^the destination threw .+ instead of an error$/) };
		const destinations = [
			() => Promise.reject(value),
			new WritableStream({ write: () => Promise.reject(value) }),
		];
		for (const destination of destinations)
			await expect(createZip({ name: "b", content: "b" }, destination)).rejects.toMatchObject(failure);
	});

	it("is passed on as it is where it is the reason of a stop", async () => {
		const reason = value ?? "reason"; // the platform has its own for `undefined`
		const stop = AbortSignal.abort(reason);
		await expect(createZip({ name: "b", content: "b" }, discard, { signal: stop })).rejects.toBe(reason);
	});
});

describe("an error of the caller's code", () => {
	it("reaches the caller as it is, of whatever realm it is", async () => {
		const errors = [new TypeError("mine"), { message: "like an error" }];
		for (const error of errors) {
			const content = () => Promise.reject(error);
			await expect(createZip({ name: "a", content }, discard)).rejects.toBe(error);
		}
	});

	it("leaves out the entry where it is to be left out", async () => {
		const sources = [
			{ name: "a", content: () => Promise.reject(undefined) },
			{ name: "b", content: "b" },
		];
		const { entryCount, warnings } = await createZip(sources, discard, { skipErrors: true });
		expect(entryCount).toBe(1);
		expect(warnings).toMatchObject([{ code: "UNREADABLE_SKIPPED" }]);
	});
});
