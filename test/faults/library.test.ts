import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ZipferryEvent } from "../../src/events.ts";
import type { GeneratedEntry, Source } from "../../src/sources/source.ts";
import type { UploadZipOptions } from "../../src/upload/options.ts";
import { uploadZip } from "../../src/upload/upload-zip.ts";
import { noise } from "../support/bytes.ts";
import { TestArchives } from "./archive.ts";
import { type Answer, emptyAnswer, errorAnswer } from "./proxy/answer.ts";
import { answer, type Fault, hang, reset } from "./proxy/fault.ts";
import { useCredentials } from "./run-zipferry.ts";
import { OTHER_SIZE } from "./scenarios/integrity.ts";
import { withWorld } from "./with-world.ts";
import { type FaultWorld, KEY } from "./world.ts";

const MiB = 1024 * 1024;

let archives: TestArchives;
beforeAll(async () => {
	archives = await TestArchives.create();
});
afterAll(() => archives?.remove());

function upload(
	world: FaultWorld,
	sources: Source | readonly Source[],
	more: Partial<UploadZipOptions> = {},
) {
	useCredentials(world);
	return uploadZip(sources, {
		bucket: world.bucket.name,
		key: KEY,
		endpoint: world.proxy.endpoint,
		partSize: 5 * MiB,
		// No fault here is about time: a machine that is busy is not to be taken for one that fails.
		readTimeoutMs: 60_000,
		retryTimeMs: 60_000,
		...more,
	});
}

async function expectUntouched(world: FaultWorld): Promise<void> {
	expect(await world.storedObject(archives.of("parts"))).toBe("previous");
	expect(await world.incompleteUploads()).toEqual([]);
}

/** Content of `size` bytes that cannot be compressed, a MiB at a time; then `then`. */
async function* content(
	size: number,
	then: () => unknown = () => {},
): AsyncGenerator<Uint8Array, void, void> {
	for (let sent = 0; sent < size; sent += MiB) yield noise(MiB, sent);
	await then();
}

const never = () => new Promise<void>(() => {});

describe("uploadZip whose caller has a bad day", { timeout: 120_000 }, () => {
	it.concurrent("C15 passes on what an iterator of entries throws, with nothing left", async () => {
		const failure = new Error("database gone");
		let closed = false;
		async function* entries(): AsyncGenerator<GeneratedEntry, void, void> {
			try {
				yield { name: "a", content: content(11 * MiB) };
				throw failure;
			} finally {
				closed = true;
			}
		}
		await withWorld({}, async (world) => {
			await expect(upload(world, entries())).rejects.toBe(failure);
			expect(closed).toBe(true);
			await expectUntouched(world);
		});
	});

	it.concurrent.each<ZipferryEvent["type"]>(["planned", "upload-created", "progress", "entry"])(
		"C15 passes on what a listener throws at %s, with nothing left",
		async (type) => {
			const failure = new Error("listener");
			const onEvent = (event: ZipferryEvent) => {
				if (event.type === type) throw failure;
			};
			await withWorld({}, async (world) => {
				await expect(upload(world, archives.of("parts").directory, { onEvent })).rejects.toBe(failure);
				await expectUntouched(world);
			});
		},
	);

	it.concurrent("C16 makes no request when its signal has aborted before", async () => {
		await withWorld({}, async (world) => {
			const reason = new Error("not today");
			const signal = AbortSignal.abort(reason);
			await expect(upload(world, archives.of("parts").directory, { signal })).rejects.toBe(reason);
			expect(world.proxy.passed).toEqual([]);
			await expectUntouched(world);
		});
	});

	// An upload that is stopped gives its last requests 2.5 s each: such tests keep the machine to themselves.
	it.each<[string, Fault, "published" | "undone"]>([
		["a Complete that is done", hang("done"), "published"],
		["a Complete that is not done", hang("head"), "undone"],
	])("C16 says what became of %s when its signal aborts meanwhile", async (_title, fault, outcome) => {
		await withWorld({ rules: [{ operation: "CompleteMultipartUpload", fault }] }, async (world) => {
			const controller = new AbortController();
			const reason = new Error("enough");
			void world.proxy.reached("CompleteMultipartUpload").then(() => controller.abort(reason));
			const { signal } = controller;
			const put = upload(world, archives.of("parts").directory, { signal });
			if (outcome === "undone") {
				await expect(put).rejects.toBe(reason);
				await expectUntouched(world);
			} else {
				expect(await put).toMatchObject({ md5: archives.of("parts").md5 });
				expect(await world.storedObject(archives.of("parts"))).toBe("new");
				expect(await world.incompleteUploads()).toEqual([]);
			}
		});
	});

	it("C17 can be stopped while a source never yields", async () => {
		await withWorld({}, async (world) => {
			const reason = new Error("enough");
			const controller = new AbortController();
			void world.proxy.reached("UploadPart", 2).then(() => controller.abort(reason));
			const stalled = { name: "a", content: content(11 * MiB, never) };
			await expect(upload(world, stalled, { signal: controller.signal })).rejects.toBe(reason);
			await expectUntouched(world);
		});
	});

	it.concurrent("C18 passes on what a source throws after some parts, with nothing left", async () => {
		await withWorld({}, async (world) => {
			const failure = Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" });
			const failing = {
				name: "a",
				content: content(11 * MiB, () => {
					throw failure;
				}),
			};
			await expect(upload(world, failing)).rejects.toBe(failure);
			await expectUntouched(world);
		});
	});

	it.concurrent("C19 publishes nothing when a source is shorter than it was declared", async () => {
		await withWorld({}, async (world) => {
			const short = { name: "a", content: content(11 * MiB), size: 12 * MiB };
			await expect(upload(world, short)).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
			await expectUntouched(world);
		});
	});

	it("C20 reads no further than its buffers when the storage takes nothing", async () => {
		await withWorld({ rules: [{ operation: "UploadPart", fault: hang("head") }] }, async (world) => {
			let read = 0;
			async function* endless(): AsyncGenerator<Uint8Array, void, void> {
				for (;;) {
					read += MiB;
					yield noise(MiB, read);
				}
			}
			const controller = new AbortController();
			const put = upload(
				world,
				{ name: "a", content: endless() },
				{ signal: controller.signal, concurrency: 2 },
			);
			put.catch(() => {});
			await world.proxy.reached("UploadPart", 2);
			await delay(1_000);
			expect(read).toBeLessThan(45 * MiB);
			controller.abort(new Error("enough"));
			await expect(put).rejects.toThrow("enough");
			await expectUntouched(world);
		});
	});

	it.concurrent("C11 leaves alone what another run has put under the key meanwhile", async () => {
		const other = archives.of("small");
		let uploadOther = async (): Promise<unknown> => undefined;
		const act = () => uploadOther();
		const rules = [
			{ operation: "HeadObject", occurrence: 1, fault: { type: "meanwhile", act } as const },
		] as const;
		await withWorld({ rules }, async (world) => {
			uploadOther = () => upload(world, other.directory, { endpoint: world.server.endpoint });
			await expect(upload(world, archives.of("parts").directory)).rejects.toMatchObject({
				code: "INTEGRITY",
				message: expect.stringContaining("another upload has replaced it meanwhile"),
			});
			expect(await world.storedObject(other)).toBe("new");
			expect(await world.incompleteUploads()).toEqual([]);
		});
	});

	it.concurrent("C11 ends with one of two archives as a whole when two runs use the same key at once", async () => {
		const rules = [{ operation: "UploadPart", probability: 0.3, fault: reset("body") }] as const;
		await withWorld({ rules }, async (world) => {
			const { directory } = archives.of("parts");
			const both = [upload(world, directory), upload(world, directory, { comment: "the other one" })];
			const outcomes = await Promise.allSettled(both);
			expect(outcomes.some(({ status }) => status === "fulfilled")).toBe(true);
			const head = await world.bucket.head(KEY);
			const etags = outcomes.flatMap((outcome) =>
				outcome.status === "fulfilled" ? [`"${outcome.value.etag}"`] : [],
			);
			expect(etags).toContain(head.ETag);
			expect(await world.incompleteUploads()).toEqual([]);
		});
	});

	it.concurrent("B15 sends fewer parts at once when the storage asks it to slow down", async () => {
		const busy = answer(errorAnswer("SlowDown"));
		const rules = [
			{ operation: "UploadPart", occurrence: 1, fault: busy },
			{ operation: "UploadPart", fault: { type: "late", delayMs: 150 } },
		] as const;
		await withWorld({ rules }, async (world) => {
			const parts = { name: "a", content: content(39 * MiB) };
			await upload(world, parts, { concurrency: 3 });
			// Of the first three one was refused, which leaves one at a time; the second wave has seen it.
			const times = world.proxy.passed.flatMap(({ operation, partNumber = 0, at }) =>
				operation === "UploadPart" && partNumber > 4 ? [at] : [],
			);
			expect(times.length).toBeGreaterThanOrEqual(4);
			for (const [index, time] of times.entries())
				expect(time - (times[index - 1] ?? 0)).toBeGreaterThan(140);
		});
	});

	it.concurrent("B24 takes back the version that is not what was sent, and says which", async () => {
		const rules = [
			{ operation: "HeadObject", fault: OTHER_SIZE },
			{ operation: "CompleteMultipartUpload", fault: { type: "rewrite", rewrite: withVersion } },
			{ operation: "DeleteObject", fault: answer(emptyAnswer(204)) },
		] as const;
		await withWorld({ rules }, async (world) => {
			await expect(upload(world, archives.of("parts").directory)).rejects.toMatchObject({
				code: "INTEGRITY",
				message: expect.stringMatching(/; version v7 was deleted; the previous version is current again$/),
			});
			const deletes = world.proxy.passed.filter(({ operation }) => operation === "DeleteObject");
			expect(deletes).toMatchObject([{ key: KEY, versionId: "v7" }]);
		});
	});
});

/** The answer of a bucket that keeps versions. */
function withVersion(given: Answer): Answer {
	return { ...given, headers: [...given.headers, ["x-amz-version-id", "v7"]] };
}
