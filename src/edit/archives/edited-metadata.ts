import { type ArchiveMetadata, objectMetadata, writeArchiveMetadata } from "../../upload/archive-metadata.ts";
import type { Level, MethodChoice } from "../../zip/entry.ts";
import { FORMAT_VERSION } from "../../zip/format/format-version.ts";
import { levelOf } from "../../zip/levels.ts";

/** How entries were made that are added in this run. */
export interface AddedEntries {
	readonly method: MethodChoice;
	readonly level: Level | undefined;
	/** Before the first look at their sources, milliseconds since 1970. */
	readonly startedMs: number;
}

/** Stands for several methods, or one that nobody knows: no upload has it, so that none takes the archive for its base. */
const MIXED = { method: "mixed", level: 0 };

/**
 * The metadata of an archive that was made of others: of its user, and of what it is.
 *
 * An upload that has it as its base compares by this: a file counts as unchanged if it has not been touched since the start. So the
 * start is the oldest of all parts, and 1970 if one of them does not tell it: what is copied may be as old as that, and a later start
 * would hide changes in between. Method and level are told if all parts have the same. The fingerprint of a backup goes, since it
 * stands for other contents; job and template stay, since retention knows the archive by them.
 *
 * @param parts - What the archives say of themselves whose entries are in it.
 * @param replaced - What the archive says of itself whose place it takes.
 * @throws {InvalidOptionError} if the user's has names of ours, or all of it is more than a storage takes.
 */
export function editedMetadata(
	user: Readonly<Record<string, string>>,
	parts: readonly (ArchiveMetadata | undefined)[],
	replaced: ArchiveMetadata | undefined,
	added: AddedEntries | undefined,
): Record<string, string> {
	const made = added === undefined ? [] : [madeNow(added)];
	const all: readonly (ArchiveMetadata | undefined)[] = [...parts, ...made];
	const { job, template } = replaced ?? {};
	const facts: ArchiveMetadata = {
		format: Math.min(FORMAT_VERSION, ...all.map((part) => part?.format ?? FORMAT_VERSION)),
		startedNs: oldestOf(all),
		...methodOf(all),
		mtime: shared(all.map((part) => part?.mtime)),
		...{ job, template, fingerprint: undefined },
	};
	// Checks names and sizes as for any upload.
	const checked = objectMetadata({ metadata: user, method: "auto", level: undefined, mtime: undefined }, 0, {
		job,
		template,
	});
	return { ...checked, ...writeArchiveMetadata(facts) };
}

function madeNow({ method, level, startedMs }: AddedEntries): ArchiveMetadata {
	return {
		format: FORMAT_VERSION,
		startedNs: `${BigInt(startedMs) * 1_000_000n}`,
		method,
		level: levelOf(method, level),
		...{ mtime: undefined, job: undefined, template: undefined, fingerprint: undefined },
	};
}

function oldestOf(parts: readonly (ArchiveMetadata | undefined)[]): string {
	const starts = parts.map((part) => BigInt(part?.startedNs ?? 0));
	const [oldest = 0n] = starts.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
	return String(oldest);
}

function methodOf(
	parts: readonly (ArchiveMetadata | undefined)[],
): Pick<ArchiveMetadata, "method" | "level"> {
	const [first] = parts;
	if (first === undefined) return MIXED;
	const { method, level } = first;
	return parts.every((part) => part?.method === method && part.level === level) ? { method, level } : MIXED;
}

function shared<Value>([first, ...others]: readonly Value[]): Value | undefined {
	return others.every((other) => other === first) ? first : undefined;
}
