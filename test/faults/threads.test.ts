import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { hashOfChunks } from "../../src/bytes/hash/hash-of-chunks.ts";
import { HashThread } from "../../src/bytes/hash/hash-thread.ts";
import type { GeneratedEntry } from "../../src/sources/source.ts";
import { uploadZip } from "../../src/upload/upload-zip.ts";
import { DeflateThreads } from "../../src/zip/blocks/deflate-threads.ts";
import { deflateWhole } from "../../src/zip/blocks/deflate-whole.js";
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

const ENTRY_COUNT = 3_000;

/** More small files than the main thread deflates itself. */
async function* manyEntries(): AsyncGenerator<GeneratedEntry, void, void> {
	for (let index = 0; index < ENTRY_COUNT; index++)
		yield { name: `${index}`, content: `${index} text `.repeat(500), mtime: "2026-01-01" };
}

describe("uploadZip whose threads fail", { timeout: 120_000 }, () => {
	it("C21 passes on why the one that hashes parts has ended, with nothing left", async () => {
		await withWorld({}, async (world) => {
			useCredentials(world);
			const { bucket, proxy } = world;
			const target = { bucket: bucket.name, key: KEY, endpoint: proxy.endpoint };
			await expect(uploadZip(archives.of("parts").directory, target)).rejects.toBe(FAILURE);
			expect(await world.storedObject(archives.of("parts"))).toBe("previous");
			expect(await world.incompleteUploads()).toEqual([]);
		});
	});

	it("C21 deflates small files itself when the one for that has ended", async () => {
		await withWorld({}, async (world) => {
			useCredentials(world);
			const { bucket, proxy } = world;
			const target = { bucket: bucket.name, key: KEY, endpoint: proxy.endpoint };
			const { entryCount } = await uploadZip(manyEntries(), target);
			expect(entryCount).toBe(ENTRY_COUNT);
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
	});

	it("C21 deflates what was gathered for a thread that has ended meanwhile", async () => {
		const threads = new DeflateThreads(6);
		const bytes = Buffer.from("text ".repeat(100));
		const deflated = deflateWhole(bytes, 6);
		for (let index = 0; index < 200; index++) await threads.deflate(bytes);
		const first = threads.deflate(bytes);
		await nextTurn(); // it is sent, and the thread about to end
		const second = threads.deflate(bytes);
		expect(await Promise.all([first, second])).toEqual([deflated, deflated]);
	});
});
