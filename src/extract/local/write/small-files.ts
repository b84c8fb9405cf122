import { availableParallelism } from "node:os";
import { threadScript, WorkerChannel } from "../../../async/worker-channel.ts";
import { KiB, MiB } from "../../../bytes/units.ts";
import { decompressNow } from "../../../reader/decompress.ts";
import { isOutOfDescriptors } from "../../../sources/files/descriptors.ts";
import type { Arrivals, PlacedEntry } from "../../target.ts";
import { within } from "../held-directory.ts";
import { targetError } from "../target-error.ts";
import type { TargetDirectory } from "../target-tree.ts";
import type { Publishing } from "./publish.js";
import { type SmallFile, type WriteAnswer, type WriteBatch, writeBatch } from "./write-batch.js";

/** A file whose data is in memory. */
export interface WholeFile {
	readonly entry: PlacedEntry;
	readonly directory: TargetDirectory;
	readonly draft: string;
	readonly mode: number | undefined;
	readonly publishing: Publishing;
}

/** Bytes of the largest files that go to threads, in the archive and out of it. */
const MOST_COMPRESSED = MiB;
const MOST_UNCOMPRESSED = 4 * MiB;

/** A batch is full with so many bytes or files. All of them go into one directory, which is held open until it is written. */
const BATCH_SIZE = 128 * KiB;
const BATCH_COUNT = 128;
/** Bytes of memory for a batch: it is full before the last file comes in. */
const ROOM = BATCH_SIZE + MOST_COMPRESSED;

/** Files that are written here: starting threads would take longer. */
const WITHOUT_THREADS = 200;

const MOST_THREADS = 4;
/** One that is written, and one that waits. */
const BATCHES_PER_THREAD = 2;

interface Thread {
	readonly channel: WorkerChannel<WriteBatch, WriteAnswer>;
	pendingCount: number;
}

/** Whether {@link SmallFiles} takes a file of these sizes. */
export function isSmall({ compressedSize, uncompressedSize }: PlacedEntry): boolean {
	return compressedSize <= MOST_COMPRESSED && uncompressedSize <= MOST_UNCOMPRESSED;
}

/**
 * Inflates, checks and writes small files in threads, many in one message: what takes time is the system's calls, several for
 * each file, and they block. Directories are opened here, and held open while a thread writes into them.
 */
export class SmallFiles {
	readonly #location: string;
	readonly #arrivals: Arrivals;
	#useThreads = false;
	readonly #threadCount = Math.min(MOST_THREADS, availableParallelism());
	readonly #threads: Thread[] = [];
	#batch: WholeFile[] = [];
	/** Their data, one after the other, as it is in the archive. */
	#data: Uint8Array<ArrayBuffer> | undefined;
	#batchSize = 0;
	/** That of the batch: two that are held at once could wait for each other where descriptors are scarce. */
	#directory: TargetDirectory | undefined;
	/** Memory for batches, used again and again: new memory costs more than filling it. */
	readonly #spare: Uint8Array<ArrayBuffer>[] = [];
	readonly #pending = new Set<Promise<void>>();
	#failure: { readonly error: unknown } | undefined;

	/** @param location - Of the archive. */
	constructor(location: string, arrivals: Arrivals) {
		this.#location = location;
		this.#arrivals = arrivals;
	}

	/**
	 * Starts threads, if they are worth it. They take a moment, which may pass while something else is done.
	 *
	 * @param fileCount - Files that are going to come.
	 */
	prepare(fileCount: number): void {
		this.#useThreads = fileCount > WITHOUT_THREADS;
		while (this.#useThreads && this.#threads.length < this.#threadCount) this.#start();
	}

	/**
	 * Takes a file. Resolves when there is room for the next one, as it is at once for most; throws what has failed before.
	 *
	 * @param data - As it is in the archive; copied before it resolves.
	 */
	add(file: WholeFile, data: Uint8Array): void | Promise<void> {
		if (this.#directory === file.directory) return this.#take(file, data);
		return this.#flush().then(() => {
			this.#enter(file.directory);
			return this.#take(file, data);
		});
	}

	#take(file: WholeFile, data: Uint8Array): void | Promise<void> {
		this.#data ??= this.#spare.pop() ?? Buffer.allocUnsafeSlow(ROOM);
		this.#data.set(data, this.#batchSize);
		this.#batch.push(file);
		this.#batchSize += data.byteLength;
		if (this.#batchSize >= BATCH_SIZE || this.#batch.length >= BATCH_COUNT) return this.#flush();
	}

	/** Opened here and now, it costs less than in a thread. */
	#enter(directory: TargetDirectory): void {
		this.#directory = directory;
		try {
			directory.directory.place("").now(() => {});
		} catch {
			// It shows again when it is written to.
		}
	}

	/** Waits until everything is written. */
	async finish(): Promise<void> {
		await this.#flush();
		await Promise.all(this.#pending);
		this.#throwFailure();
	}

	/** Waits for what is being written, and ends the threads. */
	async close(): Promise<void> {
		await Promise.all(this.#pending);
		await Promise.all(this.#threads.map(({ channel }) => channel.close()));
	}

	async #flush(): Promise<void> {
		this.#throwFailure();
		const files = this.#batch;
		const data = this.#data;
		const directory = this.#directory;
		if (data === undefined || directory === undefined) return;
		this.#batch = [];
		this.#data = undefined;
		this.#batchSize = 0;
		const writing = this.#write(files, data, directory)
			.catch((error: unknown) => {
				this.#failure ??= { error };
			})
			.finally(() => this.#pending.delete(writing));
		this.#pending.add(writing);
		const most = this.#useThreads ? BATCHES_PER_THREAD * this.#threadCount : 1;
		while (this.#pending.size >= most) await Promise.race(this.#pending);
		this.#throwFailure();
	}

	async #write(
		files: readonly WholeFile[],
		data: Uint8Array<ArrayBuffer>,
		directory: TargetDirectory,
	): Promise<void> {
		/** Of the files that are left. */
		let left = data;
		let done = 0;
		const failure = await within(directory, async (start) => {
			const { failure: failed, spare } = await this.#send({
				data: left,
				directory: start,
				files: files.slice(done).map(facts),
			});
			left = spare;
			if (failed === undefined) return undefined;
			left.copyWithin(0, sizeOf(files.slice(done, done + failed.index)));
			done += failed.index;
			const { code, message } = failed.error ?? {};
			const error = failed.error && Object.assign(new Error(message), { code });
			if (isOutOfDescriptors(error)) throw error;
			return { error };
		});
		for (const { entry } of failure === undefined ? files : files.slice(0, done)) {
			this.#arrivals.onWritten(entry.uncompressedSize);
			this.#arrivals.onDone(entry);
		}
		this.#spare.push(left);
		const failed = failure && files[done];
		if (failed === undefined) return;
		const { entry } = failed;
		if (failure?.error === undefined)
			decompressNow(this.#location, entry, left.subarray(0, entry.compressedSize)); // says what is wrong
		const path = directory.directory.place(entry.path.slice(entry.path.lastIndexOf("/") + 1)).path.toString();
		throw targetError(
			path,
			failure?.error ?? new Error(`${path} could not be decompressed, and then could be`),
		);
	}

	async #send(batch: WriteBatch): Promise<WriteAnswer> {
		if (!this.#useThreads) return writeBatch(batch);
		const thread = this.#idlest();
		thread.pendingCount += 1;
		try {
			return await thread.channel.ask(batch, [batch.data.buffer]);
		} finally {
			thread.pendingCount -= 1;
		}
	}

	#idlest(): Thread {
		const [least] = [...this.#threads].sort((a, b) => a.pendingCount - b.pendingCount);
		return least ?? this.#start();
	}

	#start(): Thread {
		const url = threadScript("./write-worker.js", import.meta.url);
		const thread: Thread = { channel: new WorkerChannel(url), pendingCount: 0 };
		this.#threads.push(thread);
		return thread;
	}

	#throwFailure(): void {
		if (this.#failure !== undefined) throw this.#failure.error;
	}
}

function sizeOf(files: readonly WholeFile[]): number {
	return files.reduce((sum, { entry }) => sum + entry.compressedSize, 0);
}

function facts({ entry, draft, mode, publishing }: WholeFile): SmallFile {
	const { path, compressedSize, uncompressedSize, method, crc32, mtime } = entry;
	return {
		name: path.slice(path.lastIndexOf("/") + 1),
		draft,
		compressedSize,
		uncompressedSize,
		method,
		crc32,
		mode,
		mtime: mtime.getTime() / 1000,
		publishing,
	};
}
