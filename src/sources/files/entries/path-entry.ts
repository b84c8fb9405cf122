import type { Stats } from "node:fs";
import * as nodePath from "node:path";
import { SourceError } from "../../../errors.ts";
import type { ZipferryEventListener } from "../../../events.ts";
import { bytesReader } from "../../../zip/bytes-reader.ts";
import type { EntryReader, ThreadFile, WholeData } from "../../../zip/entry.ts";
import { checkEntryName, isUtf8 } from "../../../zip/format/entry-name.ts";
import type { MeasurableEntry, Measures } from "../../entry-source.ts";
import { entryTime, timeRule } from "../../entry-time.ts";
import type { SourceSettings } from "../../options.ts";
import type { EntryPin } from "../../pins/entry-pin.ts";
import { rangedBytes } from "../../ranged-bytes.ts";
import type { RangedContent } from "../../ranged-content.ts";
import type { TimeRule } from "../../time-rule.ts";
import { lstatNow, readlink } from "../file-system.ts";
import type { Found } from "../found.ts";
import { lookAt, type Place } from "../place.ts";
import { openFile } from "../reading/file-reader.ts";
import { rangedFile } from "../reading/ranged-file.ts";
import { readAtOnce } from "../reading/read-at-once.ts";

/** A file found on disk, as an entry. There are millions, most for planning only: it computes late. */
export class PathEntry implements MeasurableEntry, ThreadFile {
	readonly #found: Found;
	readonly #options: SourceSettings;
	readonly #onEvent: ZipferryEventListener;
	readonly name: Buffer;

	/** @param name - As a byte string. */
	constructor(found: Found, name: string, options: SourceSettings, onEvent: ZipferryEventListener) {
		this.#found = found;
		this.#options = options;
		this.#onEvent = onEvent;
		this.name = Buffer.from(name, "latin1");
		checkEntryName(this.name, name);
		if (!options.portableNames && !isUtf8(this.name)) {
			const { origin } = this;
			const message = `the name ${origin} is not UTF-8; it is archived byte for byte, and readers will show it in their own way`;
			onEvent({ type: "warning", code: "NAME_NOT_UTF8", message, origin });
		}
	}

	get origin(): string {
		return this.#found.place.path.toString();
	}

	get kind(): Found["kind"] {
		return this.#found.kind;
	}

	get mtimeMs(): number {
		return entryTime(this.#options, this.#found.stats?.mtimeMs ?? 0);
	}

	get mode(): number {
		return this.#found.stats?.mode ?? 0;
	}

	get size(): number | undefined {
		const { kind, stats } = this.#found;
		if (kind === "file") return undefined;
		return kind === "symlink" ? stats?.size : 0;
	}

	measure(): Measures | Promise<Measures> | undefined {
		const { kind, place, stats, blocking, linkedMs } = this.#found;
		if (kind !== "file") return undefined;
		const measured = stats ?? (blocking ? glance(place) : lookAt(place, blocking));
		if (linkedMs === undefined) return measured;
		return measured instanceof Promise
			? measured.then((found) => changedWith(found, linkedMs))
			: changedWith(measured, linkedMs);
	}

	pin(): EntryPin | Promise<EntryPin> {
		const measured = this.measure();
		return measured instanceof Promise
			? measured.then((stats) => this.#pinOf(stats))
			: this.#pinOf(measured ?? this.#found.stats);
	}

	/** A file that is a source itself is pinned below the directory that it is in. */
	#pinOf(stats: Measures | undefined): EntryPin {
		const { kind, relativePath, place } = this.#found;
		const { size = 0, mtimeMs = 0, mode = 0 } = stats ?? {};
		return {
			place: relativePath === "" && kind === "file" ? lastSegment(place.path) : relativePath,
			...{ kind, mtimeMs, size: kind === "directory" ? 0 : size, mode: mode & PERMISSION_BITS },
		};
	}

	readAtOnce(take: (size: number) => Uint8Array): WholeData | undefined {
		const { kind, place, blocking } = this.#found;
		if (kind !== "file" || !blocking) return undefined;
		const data = readAtOnce(place, take);
		if (data?.mtimeMs === undefined) return data;
		const mtimeMs = entryTime(this.#options, data.mtimeMs);
		return mtimeMs === data.mtimeMs ? data : { ...data, mtimeMs };
	}

	get threadFile(): ThreadFile | undefined {
		const { kind, blocking } = this.#found;
		return kind === "file" && blocking ? this : undefined;
	}

	get readingOptions(): TimeRule {
		return timesOf(this.#options);
	}

	hold(): string | undefined {
		return this.#found.place.hold();
	}

	letGo(): void {
		this.#found.place.letGo();
	}

	async ranged(signal: AbortSignal | undefined): Promise<RangedContent | undefined> {
		const { origin, mtimeMs, mode } = this;
		const { kind, place } = this.#found;
		if (kind === "symlink")
			return rangedBytes(await place.later(readlink, { signal }), { origin, mtimeMs, mode });
		const followSymlinks = this.#options.symlinks === "follow";
		const content = await rangedFile(place, { origin, followSymlinks, signal });
		if (content === undefined) return undefined;
		return Object.assign(content, { mtimeMs: entryTime(this.#options, content.mtimeMs) });
	}

	async open(signal: AbortSignal): Promise<EntryReader> {
		const { origin } = this;
		const { kind, place, blocking } = this.#found;
		if (kind === "symlink") return bytesReader(await place.later(readlink, { signal }));
		const reader = await openFile(place, {
			origin,
			blocking,
			signal,
			followSymlinks: this.#options.symlinks === "follow",
			onChanged: () => {
				if (this.#options.strict) throw changed(origin);
				const message = `${origin} changed while it was read; the archive has a mix of old and new contents`;
				this.#onEvent({ type: "warning", code: "CHANGED_WHILE_READ", message, origin });
			},
		});
		if (reader.mtimeMs === undefined) return reader;
		return Object.assign(reader, { mtimeMs: entryTime(this.#options, reader.mtimeMs) });
	}
}

const PERMISSION_BITS = 0o7777;

/** What is known of a file that a link leads to: another link makes another file of it, which may be an old one. */
function changedWith({ size, mtimeMs, mode, ctimeMs }: Stats, linkedMs: number): Measures {
	return { size, mtimeMs, mode, ctimeMs: Math.max(ctimeMs, linkedMs) };
}

function lastSegment(path: string | Buffer): string {
	return Buffer.from(nodePath.basename(nodePath.resolve(path.toString()))).toString("latin1");
}

const times = new WeakMap<SourceSettings, TimeRule>();

/** What the options say of times, as one object for all entries. */
export function timesOf(options: SourceSettings): TimeRule {
	const known = times.get(options);
	if (known !== undefined) return known;
	const rule = timeRule(options);
	times.set(options, rule);
	return rule;
}

/**
 * A look by the path as it stands: half the time of one that leads to the place for certain, and enough for
 * planning, of which nothing comes into the archive.
 */
function glance(place: Place): Stats | Promise<Stats> {
	try {
		return lstatNow(place.path);
	} catch {
		return lookAt(place, true); // a path too long, or something worth an error
	}
}

function changed(origin: string): SourceError {
	return new SourceError("SOURCE_CHANGED", `${origin} changed while it was read`, { origin });
}
