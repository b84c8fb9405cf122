import type { Entry, EntryReader } from "../../src/zip/entry.ts";

const MTIME_MS: number = Date.UTC(2024, 1, 29, 12, 34, 56);

export interface EntryDetails extends Partial<Omit<Entry, "name" | "open">> {
	/** Whether the reader tells its size; it does by default. */
	readonly sizeKnown?: boolean;
	/** Most bytes that one read gives. */
	readonly readSize?: number;
}

/** Readers that were opened and not closed, and how many were opened in all. */
export class OpenReaders {
	readonly open: Set<string> = new Set<string>();
	opened = 0;

	/** Has every opening and closing of the entry noted here. */
	watch(entry: Entry): Entry {
		return {
			...entry,
			open: async (signal) => {
				const reader = await entry.open(signal);
				this.open.add(entry.origin);
				this.opened += 1;
				return {
					size: reader.size,
					read: (into) => reader.read(into),
					close: async () => {
						if (!this.open.delete(entry.origin)) throw new Error(`${entry.origin} was closed twice`);
						await reader.close();
					},
				};
			},
		};
	}
}

export function fileEntry(
	name: string | Uint8Array,
	content: string | Uint8Array,
	{ sizeKnown = true, readSize, ...details }: EntryDetails = {},
): Entry {
	const bytes = typeof content === "string" ? Buffer.from(content) : content;
	return entryOf(name, () => readerOf(bytes, { sizeKnown, readSize }), {
		...(sizeKnown ? { size: bytes.byteLength } : {}),
		...details,
	});
}

export function directoryEntry(name: string, details: Partial<Entry> = {}): Entry {
	return entryOf(name, () => unexpected(name), { kind: "directory", mode: 0o755, size: 0, ...details });
}

export function symlinkEntry(name: string, target: string, details: Partial<Entry> = {}): Entry {
	return fileEntry(name, target, { kind: "symlink", mode: 0o777, ...details });
}

export function entryOf(
	name: string | Uint8Array,
	open: Entry["open"],
	details: Partial<Omit<Entry, "name" | "open">> = {},
): Entry {
	const bytes = typeof name === "string" ? Buffer.from(name) : name;
	return {
		name: bytes,
		kind: "file",
		mtimeMs: MTIME_MS,
		mode: 0o644,
		origin: Buffer.from(bytes).toString("latin1"),
		...details,
		open,
	};
}

function unexpected(name: string): never {
	throw new Error(`${name} must not be opened`);
}

export function readerOf(
	bytes: Uint8Array,
	{
		sizeKnown = true,
		readSize = Number.POSITIVE_INFINITY,
	}: { sizeKnown?: boolean; readSize?: number | undefined } = {},
): EntryReader {
	let offset = 0;
	return {
		size: sizeKnown ? bytes.byteLength : undefined,
		read(into) {
			const count = Math.min(into.byteLength, bytes.byteLength - offset, readSize);
			into.set(bytes.subarray(offset, offset + count));
			offset += count;
			return count;
		},
		close() {},
	};
}

/** Gives zeros, as many as asked for. */
export function zeroReader(size: number, { sizeKnown = true }: { sizeKnown?: boolean } = {}): EntryReader {
	let left = size;
	return {
		size: sizeKnown ? size : undefined,
		read(into) {
			const count = Math.min(into.byteLength, left);
			into.fill(0, 0, count);
			left -= count;
			return count;
		},
		close() {},
	};
}

/** Gives bytes, then fails. */
export function failingReader(before: number, failure: unknown, size?: number): EntryReader {
	let left = before;
	return {
		size,
		async read(into) {
			if (left === 0) throw failure;
			const count = Math.min(into.byteLength, left);
			into.fill(0x61, 0, count);
			left -= count;
			return count;
		},
		close() {},
	};
}
