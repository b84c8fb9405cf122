import { realpathSync, type Stats } from "node:fs";
import * as nodePath from "node:path";
import type { ZipferryEventListener } from "../../../events.ts";
import type { MeasurableEntry, SourceReport } from "../../entry-source.ts";
import type { SourceSettings } from "../../options.ts";
import type { EarlierWalks } from "../directories/list-directory.ts";
import { rootDirectory } from "../directories/root-directory.ts";
import { isDraft } from "../drafts/drafts.ts";
import { createFilter, type Filter, filterBelow } from "../filter.ts";
import { type Found, FoundFiles } from "../found.ts";
import { markersOf } from "../markers.ts";
import type { Directory } from "../place.ts";
import { walk } from "../walk.ts";
import { PathEntry } from "./path-entry.ts";
import { PathFiles } from "./path-files.ts";

/** Turns what is found on disk into entries, as the options say. */
export class FoundEntries {
	readonly #options: SourceSettings;
	readonly #report: SourceReport;
	readonly #earlier: EarlierWalks | undefined;
	readonly #omitted: ReadonlySet<string>;
	/** As the walk gives names: most are known by their ends not to be among them, which saves resolving them. */
	readonly #omittedEnds: readonly string[];
	readonly filter: Filter;

	constructor(options: SourceSettings, report: SourceReport, earlier?: EarlierWalks) {
		this.#options = options;
		this.#report = report;
		this.#earlier = earlier;
		this.#omitted = new Set(options.omit.map(pathOfPlace));
		this.#omittedEnds = [...this.#omitted].map((path) =>
			Buffer.from(nodePath.basename(path)).toString("latin1"),
		);
		this.filter = createFilter(options);
	}

	/**
	 * A directory with all that is in it.
	 *
	 * @param prefix - Its name in the archive, as a byte string; its contents are at the root if it is empty.
	 * @param base - Path that filters are relative to the root of: by default they are relative to the directory.
	 * @param directory - The way to it, if no path leads there that may be followed.
	 */
	async *ofTree(
		root: Buffer,
		rootStats: Stats,
		prefix: string,
		base = "",
		directory: Directory = rootDirectory(root, this.#options.symlinks === "follow"),
	): AsyncGenerator<Iterable<MeasurableEntry>, void, void> {
		const { symlinks, blockingReads, oneFileSystem, excludeLargerThan } = this.#options;
		const { onEvent, onUnreadable } = this.#report;
		const filter = base === "" ? this.filter : filterBelow(this.filter, base);
		const hasOwnEntry = prefix !== "" && (base === "" || filter.includes(""));
		const isRoot = (path: string | Buffer) => Buffer.compare(Buffer.from(path), root) === 0;
		const found = walk(directory, rootStats, {
			symlinks,
			blockingReads,
			filter,
			oneFileSystem,
			markers: markersOf(this.#options),
			maxFileSize: excludeLargerThan,
			earlier: this.#earlier,
			onSkipped: (path, reason) => onEvent({ type: "skipped", origin: path.toString(), reason }),
			onUnreadable: (path, error) => onUnreadable(path.toString(), error),
			onUnlistable(path, error, isFound) {
				const isEntry = isFound && (hasOwnEntry || !isRoot(path));
				onUnreadable(path.toString(), error, isEntry ? "contents" : "directory");
			},
		});
		const start = prefix === "" ? "" : `${prefix}/`;
		for await (const batch of found) yield this.entriesOf(batch, start, hasOwnEntry);
	}

	/**
	 * @param start - Start of all names.
	 * @param withRoot - Whether the root has an entry.
	 */
	entriesOf(batch: Iterable<Found>, start: string, withRoot = true): Iterable<MeasurableEntry> {
		return (
			(batch instanceof FoundFiles && this.#together(batch, start)) || this.#each(batch, start, withRoot)
		);
	}

	/** As a batch of which nothing has to be left out, changed or told. */
	#together(found: FoundFiles, start: string): PathFiles | undefined {
		if (!found.blocking || found.names.some((name) => this.#mayBeOurs(name))) return undefined;
		const files = new PathFiles(found, start + found.start, this.#options, this.#report.onEvent);
		return files.isOrdinary ? files : undefined;
	}

	#mayBeOurs(name: string): boolean {
		return isDraft(name) || this.#omittedEnds.some((end) => name.endsWith(end));
	}

	*#each(batch: Iterable<Found>, start: string, withRoot: boolean): Generator<MeasurableEntry, void, void> {
		const { onEvent } = this.#report;
		for (const item of batch) {
			if (item.relativePath === "" && !withRoot) continue;
			const slash = item.kind === "directory" && item.relativePath !== "" ? "/" : "";
			if (this.#isOmitted(item)) {
				const origin = item.place.path.toString();
				if (!isDraft(item.relativePath)) onEvent({ type: "skipped", origin, reason: "the archive itself" });
				continue;
			}
			if (item.kind === "file" && isDraft(item.relativePath)) {
				leaveOutDraft(item.place.path.toString(), onEvent);
				continue;
			}
			yield new PathEntry(item, `${start}${item.relativePath}${slash}`, this.#options, onEvent);
		}
	}

	#isOmitted({ place, relativePath }: Found): boolean {
		return (
			(relativePath === "" || this.#omittedEnds.some((end) => relativePath.endsWith(end))) &&
			this.#omitted.has(pathOfPlace(place.path.toString()))
		);
	}
}

/** The path by which it is known whichever way leads to it; a link counts for itself, not for what it points to. */
function pathOfPlace(path: string): string {
	try {
		// Native: the other one normalises first, but in `link/../a.zip` the link is followed first.
		return nodePath.join(realpathSync.native(nodePath.dirname(path)), nodePath.basename(path));
	} catch {
		return nodePath.resolve(path); // nothing is there
	}
}

function leaveOutDraft(origin: string, onEvent: ZipferryEventListener): void {
	const reason = "draft of an archive";
	const message = `left out ${origin}: the draft of an archive that is being written, or was never completed`;
	onEvent({ type: "warning", code: "DRAFT_SKIPPED", message, origin });
	onEvent({ type: "skipped", origin, reason });
}
