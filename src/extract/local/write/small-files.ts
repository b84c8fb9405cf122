import { availableParallelism } from "node:os";
import { WorkerChannel } from "../../../async/worker-channel.ts";
import { KiB, MiB } from "../../../bytes/units.ts";
import { decompressNow } from "../../../reader/decompress.ts";
import { isOutOfDescriptors } from "../../../sources/files/descriptors.ts";
import type { Arrivals, PlacedEntry } from "../../target.ts";
import { within } from "../held-directories.ts";
import { targetError } from "../target-error.ts";
import type { TargetDirectory } from "../target-tree.ts";
import type { Publishing } from "./publish.js";
import {
	type SmallFile,
	type WriteAnswer,
	type WriteBatch,
	type WriteFailure,
	writeBatch,
} from "./write-batch.js";

/** A file whose data is in memory. */
export interface WholeFile {
	readonly entry: PlacedEntry;
	/** As it is in the archive. */
	readonly data: Uint8Array;
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
	readonly #threads: Thread[] = [];
	#batch: WholeFile[] = [];
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
		while (this.#useThreads && this.#threads.length < threadCount()) this.#start();
	}

	/** Takes a file. Resolves when there is room for the next one; throws what has failed before. */
	async add(file: WholeFile): Promise<void> {
		if (this.#directory !== file.directory) {
			await this.#flush();
			this.#enter(file.directory);
		}
		this.#batch.push(file);
		this.#batchSize += file.data.byteLength;
		if (this.#batchSize >= BATCH_SIZE || this.#batch.length >= BATCH_COUNT) await this.#flush();
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
		const directory = this.#directory;
		if (files.length === 0 || directory === undefined) return;
		const directories = [directory];
		this.#batch = [];
		this.#batchSize = 0;
		const writing = this.#write(files, directories)
			.catch((error: unknown) => {
				this.#failure ??= { error };
			})
			.finally(() => this.#pending.delete(writing));
		this.#pending.add(writing);
		const most = this.#useThreads ? BATCHES_PER_THREAD * threadCount() : 1;
		while (this.#pending.size >= most) await Promise.race(this.#pending);
		this.#throwFailure();
	}

	async #write(files: readonly WholeFile[], directories: readonly TargetDirectory[]): Promise<void> {
		let done = 0;
		const failure = await within(directories, async (paths) => {
			const failed = await this.#send(files.slice(done), directories, paths);
			if (failed === undefined) return undefined;
			done += failed.index;
			const { code, message } = failed.error ?? {};
			const error = failed.error && Object.assign(new Error(message), { code });
			if (isOutOfDescriptors(error)) throw error;
			return { index: done, error };
		});
		for (const { entry } of failure === undefined ? files : files.slice(0, failure.index)) {
			this.#arrivals.onWritten(entry.uncompressedSize);
			this.#arrivals.onDone(entry);
		}
		const failed = failure && files[failure.index];
		if (failed === undefined) return;
		if (failure?.error === undefined) decompressNow(this.#location, failed.entry, failed.data); // says what is wrong
		const { directory, entry } = failed;
		const path = directory.directory.place(entry.path.slice(entry.path.lastIndexOf("/") + 1)).path.toString();
		throw targetError(
			path,
			failure?.error ?? new Error(`${path} could not be decompressed, and then could be`),
		);
	}

	async #send(
		files: readonly WholeFile[],
		directories: readonly TargetDirectory[],
		paths: readonly string[],
	): Promise<WriteFailure | undefined> {
		const numbers = new Map(directories.map((directory, index) => [directory, index]));
		const batch: WriteBatch = {
			data: joined(files, this.#spare.pop() ?? Buffer.allocUnsafeSlow(ROOM)),
			directories: paths,
			files: files.map((file) => facts(file, numbers.get(file.directory) ?? 0)),
		};
		const { failure, spare } = this.#useThreads ? await this.#askThread(batch) : writeBatch(batch);
		this.#spare.push(spare);
		return failure;
	}

	async #askThread(batch: WriteBatch): Promise<WriteAnswer> {
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
		const url = new URL("./write-worker.js", import.meta.url);
		const thread: Thread = { channel: new WorkerChannel(url), pendingCount: 0 };
		this.#threads.push(thread);
		return thread;
	}

	#throwFailure(): void {
		if (this.#failure !== undefined) throw this.#failure.error;
	}
}

function threadCount(): number {
	return Math.min(MOST_THREADS, availableParallelism());
}

function joined(files: readonly WholeFile[], data: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
	let offset = 0;
	for (const file of files) {
		data.set(file.data, offset);
		offset += file.data.byteLength;
	}
	return data;
}

function facts({ entry, data, draft, mode, publishing }: WholeFile, directory: number): SmallFile {
	const { path, uncompressedSize, method, crc32, mtime } = entry;
	return {
		directory,
		name: path.slice(path.lastIndexOf("/") + 1),
		draft,
		compressedSize: data.byteLength,
		uncompressedSize,
		method,
		crc32,
		mode,
		mtime: mtime.getTime() / 1000,
		publishing,
	};
}
