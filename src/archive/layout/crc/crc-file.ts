import { constants, type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { MiB } from "../../../bytes/units.ts";
import { errorCode } from "../../../sources/files/file-system.ts";
import { makeDirectories } from "../../../sources/files/make-directories.ts";
import { type CrcRecord, LOG_START, RecordReader } from "./crc-log.ts";

/** Records are added whole, by any number of processes: the system puts each write behind the last. */
const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND;
const MODE = 0o600;

/** A draft that is older was left by a process that was killed, milliseconds. */
const STALE_MS = 60_000;

/** What reading the file has told of it. */
export interface CrcFileState {
	/** Bytes that are no records, half a record at the end included. */
	readonly damaged: number;
}

/** A file of records that grows at its end, until it is written anew. */
export class CrcFile {
	readonly #path: string;
	#handle: FileHandle;
	/** Bytes, those of other processes as far as they are known. */
	size = 0;

	private constructor(path: string, handle: FileHandle) {
		this.#path = path;
		this.#handle = handle;
	}

	/**
	 * Opens the file, or makes it, with the directories on the way.
	 *
	 * @throws the error of the system, or {@link ForeignFileError}.
	 */
	static async open(path: string): Promise<CrcFile> {
		await makeDirectories(dirname(path));
		return new CrcFile(path, await open(path, FLAGS, MODE));
	}

	/** Reads all records, in their order. */
	async read(use: (record: CrcRecord) => void): Promise<CrcFileState> {
		const start = Buffer.alloc(LOG_START.byteLength);
		const { bytesRead } = await this.#handle.read(start, 0, start.byteLength, 0);
		const found = start.subarray(0, bytesRead);
		const isWhole = bytesRead === start.byteLength && found.equals(LOG_START);
		if (!isWhole && !isBlank(found))
			throw new ForeignFileError("has other contents than CRC-32s, and is left as it is");
		if (!isWhole) {
			if (bytesRead > 0) await this.#handle.truncate(0);
			await this.#handle.write(LOG_START);
		}
		const reader = new RecordReader();
		this.size = LOG_START.byteLength;
		const chunk = Buffer.allocUnsafe(MiB);
		for (;;) {
			const { bytesRead: count } = await this.#handle.read(chunk, 0, chunk.byteLength, this.size);
			if (count === 0) return { damaged: reader.skipped + reader.torn + (isWhole ? 0 : bytesRead) };
			for (const record of reader.read(chunk.subarray(0, count))) use(record);
			this.size += count;
		}
	}

	async append(records: Uint8Array): Promise<void> {
		if (await this.#wasReplaced()) await this.#reopen();
		const { bytesWritten } = await this.#handle.write(records);
		if (bytesWritten < records.byteLength) throw new Error("no space left on the disk");
		this.size += bytesWritten;
	}

	/**
	 * Puts a file with these records only in its place. What other processes add meanwhile may be lost: they will read
	 * once more what it was about.
	 */
	async rewrite(records: Uint8Array): Promise<void> {
		const draftPath = `${this.#path}.new`;
		const draft = await openDraft(draftPath);
		if (draft === undefined) return; // another process does it
		try {
			await draft.writeFile(LOG_START);
			await draft.writeFile(records);
			await draft.close();
			await rename(draftPath, this.#path);
		} catch (error) {
			await draft.close().catch(() => {});
			await rm(draftPath, { force: true });
			throw error;
		}
		await this.#reopen();
	}

	async close(): Promise<void> {
		await this.#handle.close();
	}

	/** Another process has put a new one in its place, or somebody has removed it. */
	async #wasReplaced(): Promise<boolean> {
		const own = await this.#handle.stat({ bigint: true });
		const now = await stat(this.#path, { bigint: true }).catch(() => undefined);
		return now?.ino !== own.ino || now.dev !== own.dev;
	}

	async #reopen(): Promise<void> {
		const before = this.#handle;
		this.#handle = await open(this.#path, FLAGS, MODE);
		await before.close();
		this.size = (await this.#handle.stat()).size;
		if (this.size > 0) return;
		await this.#handle.write(LOG_START);
		this.size = LOG_START.byteLength;
	}
}

/** The file is somebody's, but not ours. */
export class ForeignFileError extends Error {}

/** Nothing, zeros as a machine leaves them that went down, or the beginning of a start. */
function isBlank(found: Buffer): boolean {
	return found.every((byte) => byte === 0) || found.equals(LOG_START.subarray(0, found.byteLength));
}

async function openDraft(path: string): Promise<FileHandle | undefined> {
	try {
		return await open(path, "wx", MODE);
	} catch (error) {
		if (errorCode(error) !== "EEXIST") throw error;
		const { mtimeMs } = await stat(path);
		if (Date.now() - mtimeMs > STALE_MS) await rm(path, { force: true }); // the next one succeeds
		return undefined;
	}
}
