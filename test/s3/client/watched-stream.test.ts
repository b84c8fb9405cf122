import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { HttpResponse } from "@smithy/core/protocols";
import { describe, expect, it, vi } from "vitest";
import { watchRequests } from "../../../src/s3/client/watch-requests.ts";

const LIMITS = { stepMs: 400, answerMs: 10_000, mayQueue: false };

/** What a handler passes on of an answer with this body. */
async function ask(body: unknown, options: object, statusCode = 200) {
	const seen: (AbortSignal | undefined)[] = [];
	const handler = {
		handle: async (_: unknown, { abortSignal }: { readonly abortSignal?: AbortSignal } = {}) => {
			seen.push(abortSignal);
			return { response: new HttpResponse({ statusCode, headers: {}, body }) };
		},
	};
	// Only handle() is used.
	const watched = watchRequests(handler as never, LIMITS);
	const { response } = await watched.handle({ body: undefined } as never, options as never);
	return { body: response.body as unknown, seen };
}

async function* chunks(count: number, everyMs: number) {
	for (let index = 0; index < count; index++) {
		await delay(everyMs);
		yield Buffer.from("x");
	}
}

async function lengthOf(body: unknown): Promise<number> {
	let length = 0;
	for await (const chunk of body as AsyncIterable<Uint8Array>) length += chunk.byteLength;
	return length;
}

describe("an answer", () => {
	it("is read to its end here, unless it is to stream", async () => {
		const { body } = await ask(Readable.from(chunks(3, 1)), {});
		expect(body).toEqual(Buffer.from("xxx"));
		const { body: stream } = await ask(Readable.from(chunks(3, 1)), { streams: true });
		expect(stream).toBeInstanceOf(Readable);
		expect(await lengthOf(stream)).toBe(3);
	});

	it("is read to its end if it is a refusal, which is a document", async () => {
		expect((await ask(Readable.from(chunks(3, 1)), { streams: true }, 404)).body).toEqual(Buffer.from("xxx"));
	});

	it("streams as long as it moves, however long whoever reads it takes", async () => {
		const { body } = await ask(Readable.from(chunks(6, 40)), { streams: true });
		let length = 0;
		for await (const chunk of body as AsyncIterable<Uint8Array>) {
			length += chunk.byteLength;
			if (length === 1) await delay(1_000);
		}
		expect(length).toBe(6);
	});

	it("that falls silent while it streams fails, and its source is closed", async () => {
		const source = new Readable({ read() {} });
		source.push("x");
		const { body } = await ask(source, { streams: true });
		await expect(lengthOf(body)).rejects.toMatchObject({ name: "TimeoutError" });
		expect(source.destroyed).toBe(true);
	});

	it("that nobody wants any more closes its source at once, and lets go of the signal", async () => {
		const source = new Readable({ read() {} });
		const { signal } = new AbortController();
		const release = vi.spyOn(signal, "removeEventListener");
		const { body } = await ask(source, { streams: true, abortSignal: signal });
		(body as Readable).on("data", () => {});
		await delay(1);
		(body as Readable).destroy();
		expect(source.destroyed).toBe(true);
		expect(release).toHaveBeenCalled();
	});
});
