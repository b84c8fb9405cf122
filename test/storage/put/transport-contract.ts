import { createHash } from "node:crypto";
import { GetObjectTaggingCommand, type S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ArchiveTooLargeError, StorageError } from "../../../src/errors.ts";
import type { Connection } from "../../../src/s3/connection.ts";
import { type ProviderName, providerByName } from "../../../src/s3/providers.ts";
import type { ObjectBody, PutRequest, Transport } from "../../../src/storage/put/transport.ts";
import { ContractBucket } from "../../s3/contract-bucket.ts";
import type { ContractServer } from "../../s3/servers.ts";
import { objectSettings } from "../../support/settings.ts";

const MiB = 1024 * 1024;
const PART_SIZE = 5 * MiB;

type Body = ObjectBody;
/** A body that has no ranges. */
type Bytes = AsyncGenerator<Uint8Array, { readonly size: number } | undefined, void>;

/** A body of `size` bytes that tells it is complete. */
export async function* bodyOf(size: number, chunkSize: number = 256 * 1024): Bytes {
	for (let sent = 0; sent < size; ) {
		const chunk = Buffer.alloc(Math.min(chunkSize, size - sent), sent % 251);
		sent += chunk.byteLength;
		yield chunk;
	}
	return { size };
}

/** A body that gives `size` bytes and then fails. */
async function* failingAfter(size: number, error: unknown): Body {
	yield* bodyOf(size);
	throw error;
}

/** A body that gives `size` bytes and then nothing, for ever. */
export async function* stallingAfter(size: number): Body {
	yield* bodyOf(size);
	await new Promise(() => {});
	return undefined;
}

/** A request with everything but the body filled in. */
export function putRequest(bucket: string, key: string, body: Body, over: RequestOverrides = {}): PutRequest {
	const {
		object = objectSettings(),
		noClobber = false,
		mayCopy = false,
		concurrency = 3,
		retryTimeMs = 10_000,
	} = over;
	const { partSizeOf = () => PART_SIZE, capacity = 10_000 * PART_SIZE } = over;
	return {
		destination: { address: { bucket, key }, object, noClobber },
		body: { open: () => body, sizeBound: undefined, mayCopy, hash: "hash" in over ? over.hash : "md5" },
		parts: { partSizeOf, capacity },
		pace: { concurrency, bandwidth: over.bandwidth },
		resume: { upload: over.upload, keepParts: over.keepParts ?? false },
		retryTimeMs,
		signal: over.signal,
		onEvent: over.onEvent ?? (() => {}),
		beforeComplete: over.beforeComplete,
	};
}

/** What a test may want to be otherwise, out of all groups of a request. */
export interface RequestOverrides
	extends Partial<PutRequest["destination"]>,
		Partial<PutRequest["body"]>,
		Partial<PutRequest["parts"]>,
		Partial<PutRequest["pace"]>,
		Partial<PutRequest["resume"]>,
		Partial<Pick<PutRequest, "retryTimeMs" | "signal" | "onEvent" | "beforeComplete">> {}

/** Listens to the bytes that the storage has confirmed. */
function onProgress(listener: (uploadedSize: number) => void): Pick<PutRequest, "onEvent"> {
	return {
		onEvent(event) {
			if (event.type === "part-completed") listener(event.uploadedSize);
		},
	};
}

/** A connection as a provider of this kind gets it, with a client that tests share. */
function connectionTo(
	{ endpoint }: Pick<ContractServer, "endpoint">,
	client: S3Client,
	provider: ProviderName,
): Connection {
	return { client, patient: client, provider: providerByName(provider), endpoint, close() {} };
}

async function md5Of(body: AsyncIterable<Uint8Array>): Promise<string> {
	const md5 = createHash("md5");
	for await (const chunk of body) md5.update(chunk);
	return md5.digest("hex");
}

/** What every {@link Transport} keeps to, on any server. */
export function transportContract(
	name: string,
	transport: Transport,
	server: () => ContractServer,
	provider: ProviderName = "generic",
): void {
	describe(`transport contract: ${name}, provider ${provider}`, () => {
		let store: ContractBucket;
		let connection: Connection;
		let bucket: string;
		beforeAll(async () => {
			store = await ContractBucket.create(server());
			connection = connectionTo(server(), store.client, provider);
			bucket = store.name;
		});
		afterAll(() => store.destroy());

		const incomplete = async (key: string): Promise<number> =>
			(await store.uploads()).filter((upload) => upload.Key === key).length;
		const stored = (key: string) => store.head(key);
		const expectNothing = async (key: string) => {
			await expect(stored(key)).rejects.toMatchObject({ name: "NotFound" });
			expect(await incomplete(key)).toBe(0);
		};

		it.each([
			["a few bytes", 22, 1],
			["exactly one part", PART_SIZE, 1],
			["one byte more than a part", PART_SIZE + 1, 2],
			["exactly two parts", 2 * PART_SIZE, 2],
			["several parts and a rest", 4 * PART_SIZE + 12_345, 5],
		])("stores %s, byte for byte", async (title, size, partCount) => {
			const key = `sizes/${title}`;
			const result = await transport(connection, putRequest(bucket, key, bodyOf(size)));
			expect(result).toMatchObject({ size, partCount });
			const object = await store.get(key);
			expect(object.ContentLength).toBe(size);
			expect(object.ETag).toBe(`"${result.etag}"`);
			expect(await md5Of(object.Body as unknown as AsyncIterable<Uint8Array>)).toBe(
				await md5Of(bodyOf(size)),
			);
			expect(await incomplete(key)).toBe(0);
		});

		it("cuts chunks that are larger than a part", async () => {
			const size = 3 * PART_SIZE + 7;
			const result = await transport(
				connection,
				putRequest(bucket, "large-chunks", bodyOf(size, 2 * PART_SIZE)),
			);
			expect(result).toMatchObject({ size, partCount: 4 });
		});

		it("tells of each confirmed part, and of all bytes at the end", async () => {
			const seen: number[] = [];
			const size = 3 * PART_SIZE;
			const listener = onProgress((uploadedSize) => seen.push(uploadedSize));
			await transport(connection, putRequest(bucket, "progress", bodyOf(size), listener));
			expect(seen).toEqual([PART_SIZE, 2 * PART_SIZE, 3 * PART_SIZE]);
		});

		it("keeps type, disposition and metadata with the object", async () => {
			const object = objectSettings({
				contentDisposition: 'attachment; filename="a.zip"',
				metadata: { made: "by-test" },
			});
			await transport(connection, putRequest(bucket, "headers", bodyOf(PART_SIZE + 1), { object }));
			expect(await stored("headers")).toMatchObject({
				ContentType: "application/zip",
				ContentDisposition: 'attachment; filename="a.zip"',
				Metadata: { made: "by-test" },
			});
		});

		it.each([PART_SIZE / 2, PART_SIZE + 1])(
			"keeps tags with an object of %d bytes, or says that they are not there",
			async (size) => {
				const tags = { team: "a b+c", "cost/center": "ü", empty: "" };
				const key = `tags/${size}`;
				const request = putRequest(bucket, key, bodyOf(size), { object: objectSettings({ tags }) });
				const { lacksTags } = await transport(connection, request);
				const command = new GetObjectTaggingCommand({ Bucket: bucket, Key: key });
				const { TagSet = [] } = await connection.client.send(command);
				const kept = Object.fromEntries(TagSet.map(({ Key, Value }) => [Key, Value]));
				expect(kept).toEqual(lacksTags ? {} : tags);
			},
		);

		it.each([0, PART_SIZE / 2, 3 * PART_SIZE])(
			"leaves nothing behind when the body fails after %d bytes, and rejects with that very error",
			async (size) => {
				const key = `body-fails/${size}`;
				const failure = new Error("disk read failed");
				const put = transport(connection, putRequest(bucket, key, failingAfter(size, failure)));
				await expect(put).rejects.toBe(failure);
				await expectNothing(key);
			},
		);

		it("leaves the previous object in place when a new one fails", async () => {
			const before = await transport(connection, putRequest(bucket, "previous", bodyOf(1000)));
			const put = transport(
				connection,
				putRequest(bucket, "previous", failingAfter(2 * PART_SIZE, new Error("no"))),
			);
			await expect(put).rejects.toThrow("no");
			expect((await stored("previous")).ETag).toBe(`"${before.etag}"`);
		});

		it.each([100, 2 * PART_SIZE])(
			"takes no end after %d bytes for success unless the body says so",
			async (size) => {
				const key = `truncated/${size}`;
				async function* truncated(): Body {
					yield* bodyOf(size);
					return undefined;
				}
				const put = transport(connection, putRequest(bucket, key, truncated()));
				await expect(put).rejects.toMatchObject({ code: "INTEGRITY" });
				await expectNothing(key);
			},
		);

		it("refuses a body whose bytes and count disagree", async () => {
			async function* miscounted(): Body {
				yield* bodyOf(100);
				return { size: 101 };
			}
			const put = transport(connection, putRequest(bucket, "miscounted", miscounted()));
			await expect(put).rejects.toMatchObject({ code: "INTEGRITY" });
			await expectNothing("miscounted");
		});

		it("sends nothing when the signal has aborted before, and rejects with its reason", async () => {
			const reason = new Error("not today");
			let read = false;
			async function* untouched(): Body {
				read = true;
				return yield* bodyOf(100);
			}
			const put = transport(
				connection,
				putRequest(bucket, "aborted", untouched(), { signal: AbortSignal.abort(reason) }),
			);
			await expect(put).rejects.toBe(reason);
			expect(read).toBe(false);
			await expectNothing("aborted");
		});

		it("gives up on a body that stalls when the signal aborts, and leaves nothing behind", async () => {
			const controller = new AbortController();
			const reason = new Error("enough");
			const request = putRequest(bucket, "stalled", stallingAfter(2 * PART_SIZE), {
				signal: controller.signal,
				...onProgress(() => controller.abort(reason)),
			});
			await expect(transport(connection, request)).rejects.toBe(reason);
			await expectNothing("stalled");
		});

		it("closes the body when it fails", async () => {
			let closed = false;
			const controller = new AbortController();
			async function* watched(): Body {
				try {
					for (;;) yield Buffer.alloc(MiB);
				} finally {
					closed = true;
				}
			}
			const request = putRequest(bucket, "closed", watched(), {
				signal: controller.signal,
				...onProgress(() => controller.abort(new Error("stop"))),
			});
			await expect(transport(connection, request)).rejects.toThrow("stop");
			expect(closed).toBe(true);
			await expectNothing("closed");
		});

		it("stops a body that outgrows its capacity, and leaves nothing behind", async () => {
			const request = putRequest(bucket, "too-large", bodyOf(4 * PART_SIZE), { capacity: 3 * PART_SIZE });
			await expect(transport(connection, request)).rejects.toThrow(ArchiveTooLargeError);
			await expectNothing("too-large");
		});

		it.each([100, 2 * PART_SIZE])("leaves an existing object alone if asked to (%d bytes)", async (size) => {
			const { conditionalPut, conditionalComplete } = server().differences;
			const key = `no-clobber/${size}`;
			const before = await transport(connection, putRequest(bucket, key, bodyOf(17), { noClobber: true }));
			const put = transport(connection, putRequest(bucket, key, bodyOf(size), { noClobber: true }));
			if (size > PART_SIZE ? conditionalComplete : conditionalPut) {
				await expect(put).rejects.toMatchObject({ code: "DESTINATION_EXISTS" });
				expect((await stored(key)).ETag).toBe(`"${before.etag}"`);
			} else {
				expect(await put).toMatchObject({ size });
			}
			expect(await incomplete(key)).toBe(0);
		});

		it.each([100, 2 * PART_SIZE])("names a bucket that does not exist (%d bytes)", async (size) => {
			const put = transport(connection, putRequest("no-such-bucket-here", "k", bodyOf(size)));
			await expect(put).rejects.toMatchObject({ code: "NO_SUCH_BUCKET" });
			await expect(put).rejects.toThrow(StorageError);
		});

		it("passes on what a progress listener throws, and leaves nothing behind", async () => {
			const failure = new Error("listener");
			const listener = onProgress(() => {
				throw failure;
			});
			const put = transport(connection, putRequest(bucket, "listener", bodyOf(2 * PART_SIZE), listener));
			await expect(put).rejects.toBe(failure);
			await expectNothing("listener");
		});

		describe.each([100, 2 * PART_SIZE])("asked to wait before it completes %d bytes", (size) => {
			it("does so when all is sent and nothing is visible", async () => {
				const key = `before-complete/${size}`;
				let seen: unknown = "not called";
				const beforeComplete = async () => {
					seen = await stored(key).catch((error: unknown) => error);
				};
				await transport(connection, putRequest(bucket, key, bodyOf(size), { beforeComplete }));
				expect(seen).toMatchObject({ name: "NotFound" });
				expect((await stored(key)).ContentLength).toBe(size);
			});

			it("publishes nothing if the answer is no, and leaves nothing behind", async () => {
				const key = `before-complete-refused/${size}`;
				const failure = new Error("lost the lease");
				const beforeComplete = () => Promise.reject(failure);
				const put = transport(connection, putRequest(bucket, key, bodyOf(size), { beforeComplete }));
				await expect(put).rejects.toBe(failure);
				await expectNothing(key);
			});

			it("stops when the signal aborts and no answer comes", async () => {
				const key = `before-complete-hangs/${size}`;
				const reason = new Error("enough");
				const controller = new AbortController();
				const beforeComplete = (signal: AbortSignal) => {
					controller.abort(reason);
					expect(signal.reason).toBe(reason);
					return new Promise(() => {});
				};
				const request = putRequest(bucket, key, bodyOf(size), {
					beforeComplete,
					signal: controller.signal,
				});
				await expect(transport(connection, request)).rejects.toBe(reason);
				await expectNothing(key);
			});
		});
	});
}
