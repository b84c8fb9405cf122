import { archiveHash } from "../../bytes/hash/archive-hash.ts";
import { describeSize } from "../../bytes/units.ts";
import { ArchiveTooLargeError, InvalidOptionError } from "../../errors.ts";
import type { Connection } from "../../s3/connection.ts";
import { isEncrypted } from "../../s3/plain-http.ts";
import type { Provider } from "../../s3/providers.ts";
import { type ObjectRange, splitRange } from "../parts/object-range.ts";
import { type FilledPart, PartCutter } from "../parts/part-cutter.ts";
import { BufferedParts } from "./buffered-parts.ts";
import { guardBody } from "./guarded-body.ts";
import { settle } from "./settle/settle.ts";
import type { PutRequest, PutResult } from "./transport.ts";
import { UploadSession } from "./upload-session.ts";

/**
 * {@link Transport} of our own: chunks go straight into part buffers that are used in turn, threads hash
 * the parts where they are, and each part is sent while the next ones fill. It holds one buffer more than
 * there are parts under way, and what is still being hashed.
 */
export async function putInParts(connection: Connection, request: PutRequest): Promise<PutResult> {
	const session = new UploadSession(connection, request);
	const upload = new PartUpload(session, request, connection);
	try {
		await upload.run();
	} catch (error) {
		session.fail(error); // no effect if something failed before
	}
	try {
		const outcome = await session.end();
		return { ...(await settle(connection, request, outcome)), hash: upload.hash };
	} finally {
		await upload.close();
	}
}

/** Buffers beside those that are sent: the one that fills. */
const BUFFERS_AHEAD = 1;

class PartUpload {
	readonly #session: UploadSession;
	readonly #request: PutRequest;
	readonly #provider: Provider;
	readonly #encrypts: boolean;
	readonly #buffered: BufferedParts;
	readonly #copying: Promise<unknown>[] = [];
	#creating: Promise<unknown> | undefined;
	#partNumber = 1;
	/** Bytes of the smallest part so far; the last may be smaller than the storage takes, no other. */
	#smallestPart = Number.POSITIVE_INFINITY;
	/** Some bytes are copied by the storage, so that nobody here can hash the whole. */
	#copies = false;
	/** Hash of the whole, if it was asked for; known before Complete is sent. */
	hash: string | undefined;

	constructor(session: UploadSession, request: PutRequest, { provider, endpoint }: Connection) {
		this.#session = session;
		this.#request = request;
		this.#provider = provider;
		this.#encrypts = isEncrypted(endpoint);
		const { pace, body } = request;
		this.#buffered = new BufferedParts({
			count: pace.concurrency + BUFFERS_AHEAD + (body.mayCopy === true ? 1 : 0),
			partHash: session.partHashKind,
			wholeHash: body.hash === "crc32" ? undefined : body.hash,
			stop: session.stop,
			send: async (partNumber, bytes, hash) => {
				await this.#created();
				return session.sendPart(partNumber, bytes, hash);
			},
			onFailure: (error) => session.fail(error),
		});
	}

	/** Sends everything. */
	async run(): Promise<void> {
		const { hash, sizeBound = Number.POSITIVE_INFINITY } = this.#request.body;
		// Starting takes as long as filling the first part, and goes on beside it.
		if (sizeBound > this.#bufferSize(1)) this.#buffered.start();
		const crc = hash === "crc32" ? archiveHash(hash) : undefined;
		const watcher = {
			stop: this.#session.stop,
			observe: (chunk: Uint8Array) => {
				this.#session.observe(chunk);
				crc?.update(chunk);
			},
			admit: () => this.#admitRange(),
		};
		const cutter = new PartCutter({
			take: (ahead) => this.#buffered.take(this.#bufferSize(this.#partNumber + ahead)),
			minSize: this.#smallestBeforeRange,
		});
		const memory = { reusable: true, placeAt: cutter.placeAt, busy: this.#encrypts };
		for await (const part of cutter.cut(guardBody(this.#request, memory, watcher))) {
			if ("source" in part) await this.#copy(part);
			else if (part.last && this.#partNumber === 1)
				return this.#sendAlone(part.buffer.subarray(0, part.size), crc?.digest());
			else this.#send(part);
		}
		if (this.#partNumber === 1) return this.#sendAlone(new Uint8Array(0), crc?.digest());
		await Promise.all([this.#buffered.sent(), ...this.#copying]);
		await this.#session.proveSources();
		if (!this.#copies) this.hash = crc?.digest() ?? (await this.#buffered.finishWhole());
		await this.#session.complete();
	}

	async close(): Promise<void> {
		await Promise.allSettled(this.#copying);
		await this.#buffered.close();
	}

	/** An object that fits into one request needs no multipart upload. */
	async #sendAlone(bytes: Uint8Array, crc: string | undefined): Promise<void> {
		const { hash } = this.#request.body;
		const whole = hash === undefined || crc !== undefined ? undefined : archiveHash(hash);
		whole?.update(bytes);
		this.hash = crc ?? whole?.digest();
		await this.#session.putObject(bytes);
	}

	/** Begins to send a part. */
	#send(part: FilledPart): void {
		this.#created().catch(() => {}); // goes on beside hashing; whoever waits for it reports it
		this.#buffered.send(this.#nextPart(part.size), part);
	}

	/** Begins to have a range copied, in as many parts as it needs. */
	async #copy(range: ObjectRange): Promise<void> {
		if (range.byteLength === 0) return;
		await this.#created();
		for (const piece of splitRange(range, this.#provider.limits.maxPartSize)) {
			const copied = this.#session.copyPart(this.#nextPart(piece.byteLength), piece);
			copied.catch((error: unknown) => this.#session.fail(error)); // reported once all have ended
			this.#copying.push(copied);
		}
	}

	/** Makes sure that there is an upload for the parts: the first part starts one if there is none. */
	async #created(): Promise<void> {
		if (this.#session.uploadId !== undefined) return;
		this.#creating ??= this.#session.create();
		await this.#creating;
	}

	/** 0 where no range comes behind bytes. */
	get #smallestBeforeRange(): number {
		return this.#request.body.mayCopy === true ? this.#provider.limits.minPartSize : 0;
	}

	#bufferSize(partNumber: number): number {
		return Math.max(this.#request.parts.partSizeOf(partNumber), 2 * this.#smallestBeforeRange);
	}

	#admitRange(): void {
		this.#copies = true;
		const { name, unequalParts } = this.#provider;
		if (this.#request.body.mayCopy === false) throw new TypeError("a range came that was not announced");
		if (unequalParts) return;
		throw new InvalidOptionError(
			`provider ${name} takes parts of one size only, and so no ranges of objects`,
		);
	}

	/** The number of a part of this size. @throws if the storage would not take it, or what stands before it */
	#nextPart(size: number): number {
		const { limits, name } = this.#provider;
		if (this.#copies && this.#smallestPart < limits.minPartSize)
			throw new InvalidOptionError(
				`part ${this.#partNumber - 1} is smaller than provider ${name} takes: bytes before a range, and a range before anything else, are at least ${describeSize(limits.minPartSize)}`,
			);
		if (this.#partNumber > limits.maxPartCount)
			throw new ArchiveTooLargeError(
				`the archive needs more than the ${limits.maxPartCount} parts of ${name}`,
			);
		this.#smallestPart = Math.min(this.#smallestPart, size);
		return this.#partNumber++;
	}
}
