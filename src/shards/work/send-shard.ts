import type { RunReport } from "../../archive/run-report.ts";
import { Iteration } from "../../async/iteration.ts";
import { startSizeOf } from "../../compose/objects/choose-objects.ts";
import type { CopyTrial } from "../../compose/objects/prepare-objects.ts";
import { StorageError } from "../../errors.ts";
import type { Connection } from "../../s3/connection.ts";
import type { OpenPinned } from "../../sources/pins/open-pinned.ts";
import type { ListedPart } from "../../storage/incomplete/uploaded-parts.ts";
import type { Bandwidth } from "../../storage/parts/bandwidth.ts";
import type { CompletedPart } from "../../storage/parts/completed-part.ts";
import { CompletedParts } from "../../storage/parts/completed-parts.ts";
import { type BodyPiece, type ObjectRange, splitRange } from "../../storage/parts/object-range.ts";
import { type CutOptions, PartCutter } from "../../storage/parts/part-cutter.ts";
import { BufferedParts } from "../../storage/put/buffered-parts.ts";
import { UploadSession } from "../../storage/put/upload-session.ts";
import { trialOf } from "../../upload/compose-objects.ts";
import { putEventTeller } from "../../upload/put-events.ts";
import type { DirectorySlice } from "../../zip/directory/slice.ts";
import type { Manifest, Shard } from "../manifest.ts";
import { readRows } from "./read-rows.ts";
import { shardRun } from "./shard-run.ts";

/** A shard, and all that it is made and sent with. */
export interface ShardWork {
	readonly manifest: Manifest;
	/** From 0. */
	readonly index: number;
	readonly shard: Shard;
	/** For its parts; see {@link shardConnection}. */
	readonly connection: Connection;
	readonly sources: OpenPinned;
	/** Parts with its numbers that the upload holds already. */
	readonly held: readonly ListedPart[];
	/** Parts under way at once. */
	readonly concurrency: number;
	readonly compressConcurrency: number;
	readonly bandwidth: Bandwidth | undefined;
	readonly retryTimeMs: number;
	readonly signal: AbortSignal | undefined;
	readonly report: RunReport;
}

/** A shard whose parts are all there. */
export interface SentShard {
	/** By number. */
	readonly parts: readonly CompletedPart[];
	readonly directory: DirectorySlice;
	/** Bytes behind the parts, less than one; of the last shard only. */
	readonly tail: Uint8Array;
	/** Bytes, the tail included. */
	readonly size: number;
	/** Bytes of files. */
	readonly contentSize: number;
	/** Entries of which the storage has copied the most. */
	readonly copiedEntryCount: number;
	/** Bytes that it has copied. */
	readonly copiedSize: number;
}

/** Buffers beside those that are sent: the one that fills, and one that may still get what is left behind it. */
const BUFFERS_AHEAD = 2;

/**
 * Makes a shard and sends its parts. What the upload holds already is compared instead of sent.
 *
 * A shard that is too small for a part is made once more, with its first blocks as they are.
 *
 * @throws {SourceError} if an entry is not in the state in which it was planned.
 * @throws {StorageError}
 */
export async function sendShard(work: ShardWork): Promise<SentShard> {
	const sender = new ShardSender(work);
	try {
		return (await sender.send(0)) ?? (await sender.send(sender.minPartSize)) ?? tooSmall(work);
	} catch (error) {
		throw sender.failure(error);
	} finally {
		await sender.close();
	}
}

class ShardSender {
	readonly #work: ShardWork;
	readonly #session: UploadSession;
	readonly #buffered: BufferedParts;
	readonly #parts = new CompletedParts();
	readonly #isLast: boolean;
	readonly #copying: Promise<unknown>[] = [];

	constructor(work: ShardWork) {
		const { connection, manifest, report, held, concurrency, bandwidth, retryTimeMs, signal } = work;
		const { bucket, key, uploadId, partSize } = manifest;
		this.#work = work;
		this.#isLast = work.index === manifest.shards.length - 1;
		const parts = new Map(held.map((part) => [part.partNumber, part]));
		const capacity = Number.POSITIVE_INFINITY;
		const facts = { partSize, capacity, resumable: true, sizeWarning: undefined };
		const session = new UploadSession(connection, {
			destination: { address: { bucket, key }, object: { contentType: "" }, noClobber: false },
			pace: { concurrency, bandwidth },
			resume: { upload: { uploadId, parts }, keepParts: true },
			...{ retryTimeMs, signal },
			onEvent: putEventTeller(report, facts),
		});
		this.#session = session;
		this.#buffered = new BufferedParts({
			count: concurrency + BUFFERS_AHEAD,
			partHash: session.partHashKind,
			stop: session.stop,
			send: async (partNumber, bytes, hash) => {
				const sent = await session.sendPart(partNumber, bytes, hash);
				this.#parts.add(sent.part);
				return sent;
			},
			onFailure: (error) => session.fail(error),
		});
	}

	/** Bytes of the smallest part. */
	get minPartSize(): number {
		return this.#work.connection.provider.limits.minPartSize;
	}

	/**
	 * Makes the shard and sends it.
	 *
	 * @param storedSize - See {@link RunOptions.storedSize}.
	 * @returns `undefined` if it is too small for a part: nothing was sent
	 */
	async send(storedSize: number): Promise<SentShard | undefined> {
		const { manifest, shard, report, sources, compressConcurrency, connection, retryTimeMs } = this.#work;
		const signal = this.#session.stop;
		const cutter = new PartCutter({ take: () => this.#buffered.take(manifest.partSize), ...this.#cutting });
		const { copies = [] } = shard;
		let contentSize = 0;
		report.startArchive();
		const run = new Iteration(
			shardRun(readRows(connection, manifest, shard, { retryTimeMs, signal }), {
				...{ archive: manifest.archive, sources, compressConcurrency, report, signal, storedSize },
				copying: { copies, startSize: startSizeOf(connection.provider.limits), openTrial: this.#openTrial },
				memory: { reusable: true, placeAt: cutter.placeAt },
				entryCount: shard.entryCount,
				onBlock: (entry, size) => {
					if (entry.kind !== "symlink") contentSize += size;
					report.onBlock(entry, size);
				},
			}),
		);
		let tail = NOTHING;
		let partNumber = shard.firstPart;
		let copiedSize = 0;
		for await (const part of cutter.cut(this.#reported(run))) {
			if ("source" in part) {
				for (const range of splitRange(part, connection.provider.limits.maxPartSize))
					this.#copy(this.#checked(partNumber++), range);
				copiedSize += part.byteLength;
				continue;
			}
			if (part.size >= this.minPartSize) {
				this.#buffered.send(this.#checked(partNumber), part);
				partNumber += 1;
				continue;
			}
			tail = new Uint8Array(part.buffer.subarray(0, part.size));
			this.#buffered.give(part.buffer);
			if (!this.#isLast) return undefined;
		}
		await Promise.all([this.#buffered.sent(), ...this.#copying]);
		await this.#session.proveSources();
		const parts = this.#parts.inOrder;
		if (manifest.exact && parts.length !== shard.partCount) throw otherThanPlanned(this.#work);
		const size = this.#parts.size + tail.byteLength;
		const copied = { copiedEntryCount: copies.length, copiedSize };
		return { parts, directory: run.result, tail, size, contentSize, ...copied };
	}

	/** The first failure: this one, or what has led to it. */
	failure(error: unknown): unknown {
		this.#session.fail(error);
		return this.#session.stop.reason;
	}

	async close(): Promise<void> {
		await Promise.allSettled(this.#copying);
		await this.#buffered.close();
		await this.#session.end();
	}

	/** How bytes become parts: what the plan counts with. */
	get #cutting(): Omit<CutOptions, "take"> {
		const minSize = this.minPartSize;
		if (this.#work.shard.copies !== undefined) return { minSize, moreFollows: !this.#isLast };
		if (this.#isLast) return { minSize: 0 };
		const join = (size: number) => this.#buffered.takeMore(size);
		return { minSize: 0, last: { minSize, join, give: (buffer) => this.#buffered.give(buffer) } };
	}

	get #openTrial(): (() => CopyTrial) | undefined {
		const { connection, manifest, retryTimeMs, report } = this.#work;
		// How the upload is encrypted is not known here: a bucket that insists on it refuses, and objects are read.
		return trialOf(connection, manifest, { sse: undefined, sseKmsKeyId: undefined, retryTimeMs }, report);
	}

	/** Begins to have a range copied. */
	#copy(partNumber: number, range: ObjectRange): void {
		const copied = this.#session.copyPart(partNumber, range).then((part) => this.#parts.add(part));
		copied.catch((error: unknown) => this.#session.fail(error)); // reported once all have ended
		this.#copying.push(copied);
	}

	async *#reported(run: AsyncIterable<BodyPiece>): AsyncGenerator<BodyPiece, void, void> {
		const { report } = this.#work;
		const { stop } = this.#session;
		for await (const chunk of run) {
			const { byteLength } = chunk;
			yield chunk;
			report.onArchived(byteLength); // whoever asks for the next chunk has taken this one
			const hearing = report.heard(stop);
			if (hearing !== undefined) await hearing;
		}
	}

	/** The number of a part. @throws if it is another shard's */
	#checked(partNumber: number): number {
		const { firstPart, partCount } = this.#work.shard;
		if (partNumber >= firstPart + partCount) throw otherThanPlanned(this.#work);
		return partNumber;
	}
}

const NOTHING = new Uint8Array(0);

function otherThanPlanned({ manifest: { bucket, key }, index }: ShardWork): StorageError {
	const problem = `shard ${index} of s3://${bucket}/${key} has other parts than were planned for it`;
	return new StorageError("INTEGRITY", problem, { bucket, key });
}

function tooSmall({ manifest: { bucket, key }, index }: ShardWork): never {
	const problem = `shard ${index} of s3://${bucket}/${key} has less in it than a part needs, and is not the last one`;
	throw new StorageError("INTEGRITY", problem, { bucket, key });
}
