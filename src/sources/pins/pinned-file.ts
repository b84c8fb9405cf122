import { bytesReader } from "../../zip/bytes-reader.ts";
import type { Entry, EntryReader, FileState, ThreadFile, WholeData } from "../../zip/entry.ts";
import { lstat, readlink } from "../files/file-system.ts";
import type { Place } from "../files/place.ts";
import { openFile } from "../files/reading/file-reader.ts";
import { readAtOnce } from "../files/reading/read-at-once.ts";
import { ruledTime, type TimeRule } from "../time-rule.ts";
import type { EntryPin } from "./entry-pin.ts";
import { isPinned } from "./is-pinned.ts";
import { otherState, pinFailure } from "./pin-failure.ts";
import type { PinnedTree } from "./pinned-tree.ts";

/** A file, link or directory that is pinned, as an entry. There are many: it computes late. */
export class PinnedFile implements Entry, ThreadFile {
	readonly name: Buffer;
	readonly #tree: PinnedTree;
	readonly #pin: EntryPin;
	readonly #place: Place | undefined;
	readonly readingOptions: TimeRule;

	constructor(tree: PinnedTree, pin: EntryPin, name: Buffer, times: TimeRule) {
		this.name = name;
		this.#tree = tree;
		this.#pin = pin;
		// Of a directory nothing is read.
		this.#place = pin.kind === "directory" ? undefined : tree.placeOf(pin.place);
		this.readingOptions = times;
	}

	get kind(): EntryPin["kind"] {
		return this.#pin.kind;
	}

	get origin(): string {
		return this.#tree.originOf(this.#pin.place);
	}

	get size(): number {
		return this.#pin.size;
	}

	get mtimeMs(): number {
		return ruledTime(this.readingOptions, this.#pin.mtimeMs);
	}

	get mode(): number {
		return this.#pin.mode & 0o7777;
	}

	get pinned(): FileState {
		const { size, mtimeMs } = this.#pin;
		return { size, mtimeMs, mode: this.mode };
	}

	get threadFile(): ThreadFile | undefined {
		return this.#isForBlocking ? this : undefined;
	}

	hold(): string | undefined {
		return this.#place?.hold();
	}

	letGo(): void {
		this.#place?.letGo();
	}

	/** What is not in its state is left to {@link PinnedFile.open}, as all that is out of the ordinary. */
	readAtOnce(take: (size: number) => Uint8Array): WholeData | undefined {
		if (this.#place === undefined || !this.#isForBlocking) return undefined;
		const data = readAtOnce(this.#place, take);
		if (data === undefined || !isPinned(this.#pin, data.bytes.byteLength, data.mtimeMs ?? 0))
			return undefined;
		const { mtimeMs, mode } = this;
		return { bytes: data.bytes, mtimeMs, mode };
	}

	async open(signal: AbortSignal): Promise<EntryReader> {
		try {
			return this.kind === "symlink" ? await this.#openLink(signal) : await this.#openFile(signal);
		} catch (error) {
			throw pinFailure(error, this.origin);
		}
	}

	get #isForBlocking(): boolean {
		return this.kind === "file" && this.#tree.blocking && !this.#tree.followLinks;
	}

	get #where(): Place {
		if (this.#place === undefined) throw new TypeError("a directory has no contents");
		return this.#place;
	}

	async #openFile(signal: AbortSignal): Promise<EntryReader> {
		const { origin, mtimeMs, mode } = this;
		const { blocking, followLinks: followSymlinks } = this.#tree;
		const reader = await openFile(this.#where, {
			...{ origin, blocking, signal, followSymlinks },
			onChanged: () => {
				throw otherState(origin);
			},
		});
		if (!isPinned(this.#pin, reader.size ?? 0, reader.mtimeMs ?? 0)) {
			await reader.close();
			throw otherState(origin);
		}
		return Object.assign(this.#pin.size === 0 ? checkedEmpty(reader, origin) : reader, { mtimeMs, mode });
	}

	async #openLink(signal: AbortSignal): Promise<EntryReader> {
		const { origin } = this;
		const stats = await this.#where.later(lstat, { signal });
		if (!stats.isSymbolicLink()) throw otherState(origin);
		const target = await this.#where.later(readlink, { signal });
		if (!isPinned(this.#pin, target.byteLength, stats.mtimeMs)) throw otherState(origin);
		return bytesReader(target);
	}
}

/** Files of `/proc` say that they are empty; the size of the archive was planned by that. */
function checkedEmpty(reader: EntryReader, origin: string): EntryReader {
	return {
		size: undefined,
		async read(into) {
			if ((await reader.read(into)) > 0) throw otherState(origin);
			return 0;
		},
		close: () => reader.close(),
	};
}
