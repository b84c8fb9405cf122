import { createHash } from "node:crypto";
import { type FileHandle, open, readFile } from "node:fs/promises";
import { configure, type Entry, Reader as FileReader, ZipReader } from "@zip.js/zip.js";
import type { EntryFacts } from "../entry-facts.ts";
import { kindOf, modeOf } from "./external-attributes.ts";
import type { Reader } from "./reader.ts";

const STRICT = {
	strictness: "strict",
	filenameValidation: "strict",
	checkCrc32: true,
	checkOverlappingEntry: true,
	useWebWorkers: false,
} as const;

/** The strict mode of `@zip.js/zip.js`, in this process. */
export const zipJs: Reader = {
	name: "zip.js",
	slow: true,
	maxEntries: 100_000, // half a millisecond each
	tells: {
		modes: { file: 0o7777, directory: 0o7777, symlink: 0o777 },
		mtimes: { file: "extended", directory: "extended", symlink: "extended" },
		symlinks: true,
		comments: true,
	},
	async version() {
		const manifest = new URL("../../../node_modules/@zip.js/zip.js/package.json", import.meta.url);
		return `zip.js ${JSON.parse(await readFile(manifest, "utf8")).version}`;
	},
	async check(archive, { hashing }) {
		configure({ chunkSize: 1 << 20 });
		const file = await open(archive);
		const zip = new ZipReader(new ArchiveFile(file, (await file.stat()).size), STRICT);
		try {
			const entries: EntryFacts[] = [];
			const problems: string[] = [];
			for await (const entry of zip.getEntriesGenerator()) {
				entries.push(await factsOf(entry, hashing));
				problems.push(
					...(entry.warnings ?? []).map((warning) => `${entry.filename}: ${JSON.stringify(warning)}`),
				);
			}
			return { problems, entries, comment: Buffer.from(zip.comment).toString("hex") };
		} catch (error) {
			return { problems: [String(error)] };
		} finally {
			await zip.close();
			await file.close();
		}
	},
};

/** The archive as zip.js wants it; `openAsBlob` of Node 20 counts bytes in 32 bits. */
class ArchiveFile extends FileReader<FileHandle> {
	readonly #file: FileHandle;

	constructor(file: FileHandle, size: number) {
		super(file);
		this.#file = file;
		this.size = size;
	}

	override async readUint8Array(offset: number, length: number): Promise<Uint8Array> {
		const { buffer, bytesRead } = await this.#file.read(new Uint8Array(length), 0, length, offset);
		return buffer.subarray(0, bytesRead);
	}
}

async function factsOf(entry: Entry, hashing: boolean): Promise<EntryFacts> {
	const hash = createHash("sha256");
	let size = 0;
	if (!entry.directory) {
		await entry.getData(
			new WritableStream<Uint8Array>({
				write(chunk) {
					size += chunk.byteLength;
					if (hashing) hash.update(chunk);
				},
			}),
		);
	}
	return {
		name: Buffer.from(entry.filename).toString("latin1"),
		kind: kindOf(entry.externalFileAttributes),
		mode: modeOf(entry.externalFileAttributes),
		mtime: secondsOf(entry),
		size,
		sha256: hashing ? hash.digest("hex") : undefined,
		comment: Buffer.from(entry.comment).toString("hex"),
	};
}

/** Without an extended timestamp the date is the clock of MS-DOS, taken for local time. */
function secondsOf({ extraFieldExtendedTimestamp, lastModDate: date }: Entry): number {
	if (extraFieldExtendedTimestamp !== undefined) return Math.floor(date.getTime() / 1000);
	const clock = Date.UTC(
		date.getFullYear(),
		date.getMonth(),
		date.getDate(),
		date.getHours(),
		date.getMinutes(),
		date.getSeconds(),
	);
	return clock / 1000;
}
