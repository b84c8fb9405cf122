import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { hashOfChunks } from "../../src/bytes/hash/hash-of-chunks.ts";
import { HashThread } from "../../src/bytes/hash/hash-thread.ts";
import type { GeneratedEntry, Source } from "../../src/sources/source.ts";
import { uploadZip } from "../../src/upload/upload-zip.ts";
import { DeflateThreads } from "../../src/zip/blocks/deflate-threads.ts";
import { TestArchives } from "./archive.ts";
import { useCredentials } from "./run-zipferry.ts";
import { withWorld } from "./with-world.ts";
import { KEY } from "./world.ts";

const { FAILURE, FailingWorker } = await vi.hoisted(async () => {
	const { EventEmitter } = await import("node:events");
	const FAILURE = new Error("out of memory");

	/** A thread that ends with an error when it is first given something to do, and never answers. */
	class FailingWorker extends EventEmitter {
		#ended = false;

		ref(): void {}
		unref(): void {}
		async terminate(): Promise<void> {}

		postMessage(): void {
			if (this.#ended) return;
			this.#ended = true;
			setImmediate(() => this.emit("error", FAILURE));
		}
	}

	return { FAILURE, FailingWorker };
});
vi.mock("node:worker_threads", () => ({ Worker: FailingWorker }));

let archives: TestArchives;
beforeAll(async () => {
	archives = await TestArchives.create();
});
afterAll(() => archives?.remove());

/** More small files than the main thread deflates itself. */
async function* manyEntries(): AsyncGenerator<GeneratedEntry, void, void> {
	for (let index = 0; index < 3_000; index++) yield { name: `${index}`, content: "text ".repeat(500) };
}

describe("uploadZip whose threads fail", { timeout: 120_000 }, () => {
	it.each<[string, () => Source]>([
		["hashes parts", () => archives.of("parts").directory],
		["deflates small files", manyEntries],
	])("C21 passes on why the one that %s has ended, with nothing left", async (_title, source) => {
		await withWorld({}, async (world) => {
			useCredentials(world);
			const { bucket, proxy } = world;
			const put = uploadZip(source(), { bucket: bucket.name, key: KEY, endpoint: proxy.endpoint });
			await expect(put).rejects.toBe(FAILURE);
			expect(await world.storedObject(archives.of("parts"))).toBe("previous");
			expect(await world.incompleteUploads()).toEqual([]);
		});
	});

	it("C21 does not let anybody wait for a thread that has ended", async () => {
		const thread = new HashThread("md5");
		const bytes = new Uint8Array(new SharedArrayBuffer(1));
		await expect(thread.digest(bytes)).rejects.toBe(FAILURE);
		await expect(thread.digest(bytes)).rejects.toBe(FAILURE);
		const hash = hashOfChunks("md5", undefined);
		await hash?.update(bytes);
		await expect(hash?.digest()).rejects.toBe(FAILURE);
		const threads = new DeflateThreads(6);
		const deflate = () => Promise.all(Array.from({ length: 300 }, () => threads.deflate(bytes)));
		await expect(deflate()).rejects.toBe(FAILURE);
		await expect(deflate()).rejects.toBe(FAILURE);
	});

	it("C21 does not send a batch to a thread that has ended while it was gathered", async () => {
		const threads = new DeflateThreads(6);
		const bytes = new Uint8Array(1);
		for (let index = 0; index < 200; index++) await threads.deflate(bytes);
		const first = expect(threads.deflate(bytes)).rejects.toBe(FAILURE);
		await nextTurn(); // it is sent, and the thread about to end
		const second = expect(threads.deflate(bytes)).rejects.toBe(FAILURE);
		await Promise.all([first, second]);
	});
});
