import { archiveHash } from "../zip/archive-hash.ts";
import type { Connection } from "./client.ts";
import { conclude } from "./conclude.ts";
import { guardBody } from "./guarded-body.ts";
import { HashThread } from "./hash-thread.ts";
import { PartBuffers } from "./part-buffers.ts";
import { hashPart, type PartHash } from "./part-receipt.ts";
import type { PutRequest, PutResult } from "./transport.ts";
import { UploadSession } from "./upload-session.ts";

/**
 * {@link Transport} of our own: chunks go straight into part buffers that are used in turn, threads hash
 * the parts where they are, and each part is sent while the next ones fill. It holds one buffer more than
 * there are parts under way, and what is still being hashed.
 */
export async function putInParts(connection: Connection, request: PutRequest): Promise<PutResult> {
	const session = new UploadSession(connection, request);
	const upload = new PartUpload(session, request);
	try {
		await upload.run();
	} catch (error) {
		session.fail(error); // no effect if something failed before
	}
	const result = await conclude(connection, request, session).finally(() => upload.close());
	return { ...result, hash: upload.hash };
}

/** Buffers beside those that are sent: the one that fills. */
const BUFFERS_AHEAD = 1;

/** What is computed off the main thread. */
interface Threads {
	/** Hashes single parts; not needed where a part's hash is a CRC-32. */
	readonly part: HashThread | undefined;
	/** Goes on hashing the whole, part after part. The same thread where both are MD5s, as one costs as much as two. */
	readonly whole: HashThread | undefined;
}

class PartUpload {
	readonly #session: UploadSession;
	readonly #request: PutRequest;
	readonly #buffers: PartBuffers;
	readonly #sending: Promise<void>[] = [];
	#threads: Threads | undefined;
	#partNumber = 1;
	/** Of the whole, if one was asked for; known before the storage is asked to put it together. */
	hash: string | undefined;

	constructor(session: UploadSession, request: PutRequest) {
		this.#session = session;
		this.#request = request;
		this.#buffers = new PartBuffers(request.concurrency + BUFFERS_AHEAD);
	}

	/** Sends everything. */
	async run(): Promise<void> {
		const { partSizeOf, hash } = this.#request;
		const crc = hash === "crc32" ? archiveHash(hash) : undefined;
		let buffer: Uint8Array | undefined;
		let used = 0;
		const watcher = {
			stop: this.#session.stop,
			observe: (chunk: Uint8Array) => {
				this.#session.observe(chunk);
				crc?.update(chunk);
			},
		};
		for await (const chunk of guardBody(this.#request, watcher)) {
			for (let taken = 0; taken < chunk.byteLength; ) {
				// Only now is it certain that the full part before is not the last.
				if (buffer !== undefined && used === buffer.byteLength) {
					await this.#send(buffer, used);
					buffer = undefined;
				}
				if (buffer === undefined) {
					buffer = await this.#buffers.take(partSizeOf(this.#partNumber), this.#session.stop);
					used = 0;
				}
				const count = Math.min(chunk.byteLength - taken, buffer.byteLength - used);
				buffer.set(chunk.subarray(taken, taken + count), used);
				taken += count;
				used += count;
			}
		}
		const rest = buffer?.subarray(0, used) ?? new Uint8Array(0);
		if (this.#partNumber === 1) return this.#sendAlone(rest, crc?.digest());
		if (buffer !== undefined) await this.#send(buffer, used);
		await Promise.all(this.#sending);
		this.hash = crc?.digest() ?? (await this.#threads?.whole?.finish());
		await this.#session.complete();
	}

	async close(): Promise<void> {
		await Promise.allSettled(this.#sending);
		await Promise.all([this.#threads?.part?.close(), this.#threads?.whole?.close()]);
	}

	/** What fits into one request needs no upload and no thread. */
	async #sendAlone(bytes: Uint8Array, crc: string | undefined): Promise<void> {
		const { hash } = this.#request;
		const whole = hash === undefined || crc !== undefined ? undefined : archiveHash(hash);
		whole?.update(bytes);
		this.hash = crc ?? whole?.digest();
		await this.#session.putObject(bytes);
	}

	/** Begins to send a part; returns as soon as the next one can be filled. */
	async #send(buffer: Uint8Array, used: number): Promise<void> {
		if (this.#session.uploadId === undefined) await this.#session.create();
		this.#threads ??= this.#startThreads();
		const bytes = buffer.subarray(0, used);
		const part = this.#finishPart(this.#partNumber++, buffer, bytes, this.#threads);
		part.catch((error: unknown) => this.#session.fail(error)); // reported once all have ended
		this.#sending.push(part);
	}

	async #finishPart(
		partNumber: number,
		buffer: Uint8Array,
		bytes: Uint8Array,
		threads: Threads,
	): Promise<void> {
		const whole = threads.whole === threads.part ? undefined : threads.whole?.update(bytes);
		whole?.catch(() => {}); // awaited below
		const { repeated } = await this.#session.sendPart(partNumber, bytes, await this.#hash(bytes, threads));
		await whole;
		if (repeated) this.#buffers.drop();
		else this.#buffers.give(buffer);
	}

	async #hash(bytes: Uint8Array, { part, whole }: Threads): Promise<PartHash> {
		if (part === undefined) return hashPart(bytes, this.#session.partHashKind);
		return { kind: "md5", hex: await (part === whole ? part.digestAndUpdate(bytes) : part.digest(bytes)) };
	}

	#startThreads(): Threads {
		const { hash } = this.#request;
		const part = this.#session.partHashKind === "md5" ? new HashThread("md5") : undefined;
		if (hash === undefined || hash === "crc32") return { part, whole: undefined };
		return { part, whole: part !== undefined && hash === "md5" ? part : new HashThread(hash) };
	}
}
