import { advised } from "../advice/advice-in-words.ts";
import { formatNumber } from "../bytes/units.ts";
import type { ZipferryEventListener } from "../events.ts";
import { shorten } from "../secrets/shorten.ts";
import type { EntrySource, NamedEntry } from "../sources/entry-source.ts";
import type { PathFiles } from "../sources/files/entries/path-files.ts";
import { type CollidingNames, NameCollisions } from "../sources/names/name-collisions.ts";
import { NameRegistry } from "../sources/names/name-registry.ts";
import { isPortableName } from "../sources/names/portable-names.ts";
import { displayName } from "../zip/format/entry-name.ts";

/** What there is to say about the names of an archive. */
export interface NameFindings {
	/** Names that Windows or strict readers refuse, and that stay as they are. */
	readonly unportableCount: number;
	/** Names that stay as they are, and that Windows and macOS take for the same. */
	readonly collisions: CollidingNames;
}

/** Looks at the names of entries, in their order: refuses those that cannot be in one archive, and counts doubtful ones. */
export class EntryNames implements NameFindings {
	readonly #portable: boolean;
	readonly #registry: NameRegistry | undefined;
	readonly collisions: NameCollisions;
	unportableCount = 0;

	/** @param portable - Names are made so that every system takes them. */
	constructor(sources: readonly EntrySource[], portable: boolean) {
		const overlapping = mayCollide(sources);
		this.#portable = portable;
		this.#registry = overlapping || portable ? new NameRegistry(portable) : undefined;
		this.collisions = new NameCollisions(!overlapping);
	}

	/** To be called before the entries of each source. */
	startSource({ namePrefix }: EntrySource): void {
		this.collisions.startSource(namePrefix);
	}

	/** @throws {DuplicateEntryError} */
	add(entry: NamedEntry): void {
		this.#registry?.add(entry);
		if (this.#portable) return;
		const text = displayName(entry.name);
		if (!isPortableName(entry.name, text)) this.unportableCount += 1;
		this.collisions.add(text);
	}

	/** @throws {DuplicateEntryError} */
	addFiles(files: PathFiles): void {
		const start = Buffer.from(files.start, "latin1");
		const names = Buffer.from(files.names.join("/"), "latin1");
		const all = Buffer.concat([start, names]);
		if (this.#registry !== undefined || !isPortableName(all)) for (const entry of files) this.add(entry);
		else this.collisions.addFiles(displayName(start), displayName(names));
	}
}

/**
 * One directory on disk cannot give a name twice, and neither can two under different names: names have to
 * be remembered for other sources only.
 */
function mayCollide(list: readonly EntrySource[]): boolean {
	if (list.some(({ repeatable, distinct }) => repeatable && !distinct)) return true;
	const prefixes = list.map(({ namePrefix }) => `${namePrefix}/`);
	return prefixes.some((prefix, index) =>
		prefixes.some(
			(other, otherIndex) => index !== otherIndex && (prefix === "/" || other.startsWith(prefix)),
		),
	);
}

const PORTABLE = "to change these names";

/** Warns of names that some systems will not take as they are. */
export function warnOfNames(
	{ unportableCount, collisions }: NameFindings,
	onEvent: ZipferryEventListener,
): void {
	warnOfCollisions(collisions, onEvent);
	if (unportableCount === 0) return;
	const names = unportableCount === 1 ? "1 name" : `${formatNumber(unportableCount)} names`;
	const problem = `${names} will not open on Windows or in strict readers`;
	const advice = { kind: "set-option", option: "portableNames", value: true, purpose: PORTABLE } as const;
	onEvent({ type: "warning", code: "NAMES_NOT_PORTABLE", ...advised(problem, advice) });
}

const COLLIDING =
	"differ only in upper and lower case, or in how an accent is encoded; on Windows and macOS one replaces the other";
const APART = { kind: "other", text: "rename one of each pair, or leave it out with a filter" } as const;

function warnOfCollisions({ count, examples }: CollidingNames, onEvent: ZipferryEventListener): void {
	const [example] = examples;
	if (example === undefined) return;
	const pairs = examples.map((names) => names.map(quoted).join(" and "));
	const others = count - examples.length;
	const more = others === 0 ? "" : `, and ${formatNumber(others)} more`;
	const problem = `${pairs.join(", ")}${more} ${COLLIDING}`;
	const [, origin] = example;
	onEvent({ type: "warning", code: "NAMES_COLLIDE", ...advised(problem, APART), origin });
}

function quoted(name: string): string {
	return `"${shorten(name, LONGEST_NAME)}"`;
}

const LONGEST_NAME = 100;
