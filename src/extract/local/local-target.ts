import { stat } from "node:fs/promises";
import { formatNumber } from "../../bytes/units.ts";
import type { ArchiveReader } from "../../reader/archive-reader.ts";
import type { EntryFacts } from "../../reader/entry.ts";
import { type FetchedEntry, keptEntry } from "../../reader/runs.ts";
import { rootDirectory } from "../../sources/files/directories/root-directory.ts";
import { errorCode } from "../../sources/files/file-system.ts";
import { LocalDevices } from "../../sources/files/local-devices.ts";
import { makeDirectories } from "../../sources/files/make-directories.ts";
import { textOf } from "../../sources/files/place.ts";
import { ExtractError } from "../extract-error.ts";
import type { ExtractSettings } from "../options.ts";
import { linkTargetOf } from "../plan/check-links.ts";
import type { Arrivals, Extraction, Look, PlacedEntry, Target } from "../target.ts";
import { WorkPool } from "../work-pool.ts";
import { DirectoryEnds } from "./directory-ends.ts";
import { ExistingTree, type Found } from "./existing-tree.ts";
import { foldsNames, usuallyFoldsNames } from "./folds-names.ts";
import { checkFreeSpace } from "./free-space.ts";
import { restoredMode } from "./modes.ts";
import { isSameFile, isSameLink } from "./same-content.ts";
import { targetError } from "./target-error.ts";
import { type TargetDirectory, TargetTree } from "./target-tree.ts";
import { DraftNames } from "./write/draft-names.ts";
import { writeLarge } from "./write/large-file.ts";
import { makeLink } from "./write/link.ts";
import type { Publishing } from "./write/publish.js";
import { isSmall, SmallFiles } from "./write/small-files.ts";

/**
 * Opens a directory to extract to. It need not be there yet.
 *
 * @throws {ExtractError} `DESTINATION_EXISTS` if there is something else.
 */
export async function openLocalTarget(
	path: string,
	{ source: { location }, end: { entryCount } }: Pick<ArchiveReader, "source" | "end">,
	settings: ExtractSettings,
	arrivals: Arrivals,
): Promise<Target> {
	const found = await lookAtRoot(path);
	const existing = found ? new ExistingTree(rootDirectory(Buffer.from(path), false)) : undefined;
	const target = new LocalTarget(path, location, existing, settings, arrivals);
	if (!settings.dryRun && settings.patterns.length === 0) target.expect(entryCount);
	return target;
}

/** Files that are written while they are decompressed, at once: Node does both in threads of its own. */
const LARGE_FILES = 4;

/** Whether it is there. */
async function lookAtRoot(path: string): Promise<boolean> {
	try {
		if ((await stat(path)).isDirectory()) return true;
	} catch (error) {
		if (errorCode(error) === "ENOENT") return false;
		throw targetError(path, error);
	}
	throw new ExtractError("DESTINATION_EXISTS", `${path} is no directory that could be extracted to`);
}

class LocalTarget implements Target {
	readonly location: string;
	readonly #archive: string;
	/** `undefined` if nothing is there that could be in the way. */
	readonly #existing: ExistingTree | undefined;
	foldsNames: boolean = usuallyFoldsNames();
	readonly #settings: ExtractSettings;
	readonly #arrivals: Arrivals;
	readonly #drafts = new DraftNames();
	readonly #ends: DirectoryEnds;
	readonly #taken: string[] = [];
	#takenCount = 0;
	readonly #small: SmallFiles;
	readonly #large: WorkPool;
	#tree: TargetTree | undefined;

	constructor(
		path: string,
		archive: string,
		existing: ExistingTree | undefined,
		settings: ExtractSettings,
		arrivals: Arrivals,
	) {
		this.location = path;
		this.#archive = archive;
		this.#existing = existing;
		this.#settings = settings;
		this.#arrivals = arrivals;
		this.#ends = new DirectoryEnds(settings.preserveModes);
		this.#small = new SmallFiles(archive, arrivals);
		this.#large = new WorkPool(LARGE_FILES, settings.signal);
	}

	/** Most archives are extracted as a whole: so many entries are going to come, if nothing is found wrong with it. */
	expect(entryCount: number): void {
		this.#small.prepare(entryCount);
	}

	objectionTo({ kind }: EntryFacts): string | undefined {
		return kind === "other" ? "is a device, a FIFO or a socket" : undefined;
	}

	look(entry: PlacedEntry): Look | Promise<Look> {
		const found = this.#find(entry);
		if (found === undefined) return "free";
		if ("inTheWay" in found) return this.#take(`${found.inTheWay}, which is no directory`);
		const { stats, place } = found;
		const isDirectory = stats.isDirectory();
		if (entry.kind === "directory") return isDirectory ? "free" : this.#take(textOf(entry.path));
		if (!stats.isFile() && !stats.isSymbolicLink()) return this.#take(textOf(entry.path));
		if (entry.kind === "symlink") return "free"; // until its target is known
		const { resume } = this.#settings;
		if (!resume || !stats.isFile()) return this.#replaceable(entry);
		return isSameFile(place, stats, entry).then((same) => (same ? "done" : this.#replaceable(entry)));
	}

	lookAtLink(entry: PlacedEntry, linkTarget: string): Look {
		const found = this.#find(entry);
		if (found === undefined || "inTheWay" in found) return "free"; // or has been told of
		const { stats, place } = found;
		if (!stats.isFile() && !stats.isSymbolicLink()) return "free"; // as well
		const same = this.#settings.resume && stats.isSymbolicLink() && isSameLink(place, linkTarget);
		return same ? "done" : this.#replaceable(entry);
	}

	async check({ size }: Extraction): Promise<void> {
		if (this.#takenCount > 0) throw this.#takenError();
		if (this.#existing !== undefined) await checkFreeSpace(this.location, size);
	}

	async begin({ fileCount, size }: Extraction): Promise<void> {
		let isNew = false;
		try {
			isNew = (await makeDirectories(this.location)) !== undefined;
		} catch (error) {
			throw targetError(this.location, error);
		}
		if (isNew) await checkFreeSpace(this.location, size);
		const root = rootDirectory(Buffer.from(this.location), false);
		this.foldsNames = foldsNames(root, this.#drafts.next());
		const { dev } = await stat(this.location);
		const onLocalDisk = await new LocalDevices().isLocal(dev, root.place(""));
		this.#tree = new TargetTree(root, isNew, onLocalDisk);
		this.#small.prepare(fileCount);
	}

	makeDirectory(entry: PlacedEntry): void {
		this.#begun.enter(entry.path, entry.mode !== undefined);
		this.#ends.add(entry);
		this.#arrivals.onDone(entry);
	}

	put(fetched: FetchedEntry<PlacedEntry>): void | Promise<void> {
		const { entry } = fetched;
		const directory = this.#begun.above(entry.path);
		const draft = this.#drafts.next();
		const publishing = this.#publishingIn(directory);
		if (entry.kind === "symlink") return this.#link(fetched, directory, draft, publishing);
		const mode = restoredMode(entry.mode, this.#settings.preserveModes);
		const file = { directory, draft, mode, publishing };
		if ("data" in fetched && isSmall(entry)) return this.#small.add({ entry, ...file }, fetched.data);
		const kept = keptEntry(fetched);
		return this.#large.add((signal) =>
			writeLarge(this.#archive, { fetched: kept, ...file }, this.#arrivals, signal),
		);
	}

	async finish(): Promise<void> {
		await Promise.all([this.#small.finish(), this.#large.finish()]);
		this.#ends.apply(this.#begun, this.#settings.signal);
	}

	async close(): Promise<void> {
		await Promise.all([this.#small.close(), this.#large.close()]);
		this.#tree?.close();
	}

	get #begun(): TargetTree {
		if (this.#tree === undefined) throw new TypeError("nothing can be written before begin()");
		return this.#tree;
	}

	#find({ path }: PlacedEntry): Found | undefined {
		try {
			return this.#existing?.look(path);
		} catch (error) {
			throw targetError(`${this.location}/${textOf(path)}`, error);
		}
	}

	#replaceable({ path }: PlacedEntry): Look {
		return this.#settings.overwrite ? "free" : this.#take(textOf(path));
	}

	#take(what: string): Look {
		this.#takenCount += 1;
		if (this.#taken.length === 0) this.#taken.push(what);
		return "taken";
	}

	#takenError(): ExtractError {
		const others = this.#takenCount - 1;
		const more = others === 0 ? "" : `, and so do ${formatNumber(others)} more`;
		const advice = this.#settings.overwrite
			? undefined
			: ({ kind: "set-option", option: "overwrite" } as const);
		return new ExtractError(
			"DESTINATION_EXISTS",
			`${this.location}: ${this.#taken[0]} exists already${more}; nothing was written`,
			{ advice },
		);
	}

	#publishingIn({ isNew }: TargetDirectory): Publishing {
		return isNew || this.#settings.overwrite ? "replacing" : "exclusive";
	}

	async #link(
		fetched: FetchedEntry<PlacedEntry>,
		directory: TargetDirectory,
		draft: string,
		publishing: Publishing,
	): Promise<void> {
		const { entry } = fetched;
		makeLink(entry, await linkTargetOf(this.#archive, fetched), directory, draft, publishing);
		this.#arrivals.onDone(entry);
	}
}
