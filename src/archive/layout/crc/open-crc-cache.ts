import { messageOf } from "../../../errors.ts";
import type { ZipferryEventListener } from "../../../events.ts";
import { resolveOptions } from "../../../options/resolve-options.ts";
import { describeFileError } from "../../../sources/files/describe-file.ts";
import type { CrcCache } from "../crc-cache.ts";
import { CrcFile, ForeignFileError } from "./crc-file.ts";
import { type CrcRecord, FORGET, RECORD_SIZE, writeRecord } from "./crc-log.ts";
import { OPEN_CRC_CACHE_SCHEMA, type OpenCrcCacheOptions } from "./options.ts";
import { IdentityKeys, RecentCrcs, WHOLE } from "./recent-crcs.ts";

/**
 * Remembers the CRC-32s of contents in a file, so that they survive a restart; those that were used of late, if there are too
 * many. Several processes can use one file; each sees what the others have found out when it opens the file.
 *
 * A file that cannot be read or written is no error: CRC-32s are held in memory then, and `onEvent` gets a warning. What is damaged
 * in it does not count. A file with other contents is not touched.
 *
 * @param path - Of the file, which is made if it is not there, and so are the directories on the way.
 * @throws {@link InvalidOptionError}
 */
export async function openCrcCache(path: string, options: OpenCrcCacheOptions = {}): Promise<CrcCache> {
	const { maxSize, onEvent } = resolveOptions(OPEN_CRC_CACHE_SCHEMA, options);
	const cache = new FileCrcCache(path, maxSize, onEvent);
	await cache.open();
	return cache;
}

class FileCrcCache implements CrcCache {
	readonly #path: string;
	readonly #maxSize: number;
	readonly #onEvent: ZipferryEventListener;
	readonly #keys = new IdentityKeys();
	readonly #crcs: RecentCrcs;
	/** `undefined` once it cannot be used. */
	#file: CrcFile | undefined;
	/** Records that are not written yet. */
	#pending: CrcRecord[] = [];
	#writing: Promise<void> | undefined;

	constructor(path: string, maxSize: number, onEvent: ZipferryEventListener) {
		this.#path = path;
		this.#maxSize = maxSize;
		this.#onEvent = onEvent;
		this.#crcs = new RecentCrcs(Math.floor(maxSize / 2 / RECORD_SIZE)); // half of the file is room to grow
	}

	async open(): Promise<void> {
		try {
			this.#file = await CrcFile.open(this.#path);
			const { damaged } = await this.#file.read((record) => this.#take(record));
			if (damaged >= RECORD_SIZE) this.#warn(`${damaged} bytes of it are damaged, and do not count`);
			if (damaged > 0) await this.#rewrite(this.#file);
		} catch (error) {
			await this.#giveUp(error);
		}
	}

	get(identity: string, piece = WHOLE): number | undefined {
		return this.#crcs.get(this.#keys.of(identity), piece);
	}

	set(identity: string, crc32: number, piece = WHOLE): void {
		const key = this.#keys.of(identity);
		if (this.#crcs.get(key, piece) === crc32) return;
		this.#crcs.set(key, piece, crc32);
		this.#write({ key, piece, crc32 });
	}

	delete(identity: string): void {
		const key = this.#keys.of(identity);
		this.#crcs.delete(key);
		this.#write({ key, piece: FORGET, crc32: 0 });
	}

	async close(): Promise<void> {
		await this.#writing;
		const file = this.#file;
		this.#file = undefined;
		await file?.close().catch(() => {});
	}

	#take({ key, piece, crc32 }: CrcRecord): void {
		if (piece === FORGET) this.#crcs.delete(key);
		else this.#crcs.set(key, piece, crc32);
	}

	/** One write at a time; what comes meanwhile is written together. */
	#write(record: CrcRecord): void {
		if (this.#file === undefined) return;
		this.#pending.push(record);
		this.#writing ??= this.#writePending().finally(() => {
			this.#writing = undefined;
		});
	}

	async #writePending(): Promise<void> {
		await Promise.resolve(); // so that what is set at once is written at once
		while (this.#file !== undefined && this.#pending.length > 0) {
			const records = this.#pending;
			this.#pending = [];
			const bytes = Buffer.allocUnsafe(records.length * RECORD_SIZE);
			for (const [index, record] of records.entries()) writeRecord(bytes, index * RECORD_SIZE, record);
			try {
				await this.#file.append(bytes);
				if (this.#file.size > this.#maxSize) await this.#rewrite(this.#file);
			} catch (error) {
				await this.#giveUp(error);
			}
		}
	}

	async #rewrite(file: CrcFile): Promise<void> {
		const records = Buffer.allocUnsafe(this.#crcs.count * RECORD_SIZE);
		let end = 0;
		this.#crcs.forEach((key, piece, crc32) => {
			writeRecord(records, end, { key, piece, crc32 });
			end += RECORD_SIZE;
		});
		await file.rewrite(records.subarray(0, end));
	}

	async #giveUp(error: unknown): Promise<void> {
		const file = this.#file;
		this.#file = undefined;
		this.#pending = [];
		await file?.close().catch(() => {});
		const problem = error instanceof ForeignFileError ? messageOf(error) : describeFileError(error);
		this.#warn(`${problem}; a download that goes on after a restart is read again from its beginning`);
	}

	#warn(problem: string): void {
		const message = `the file of CRC-32s, ${this.#path}: ${problem}`;
		this.#onEvent({ type: "warning", code: "CRC_CACHE_UNUSABLE", message, origin: this.#path });
	}
}
