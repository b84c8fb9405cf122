import type { ZipSettings } from "../archive/options.ts";
import { InvalidOptionError } from "../errors.ts";
import { momentMs } from "../options/moment.ts";
import type { ObjectSettings } from "../storage/put/object-options.ts";
import { FORMAT_VERSION } from "../zip/format/format-version.ts";
import { levelOf } from "../zip/levels.ts";

/** What every upload writes into the metadata of its object (`x-amz-meta-zipferry-*`), fixed when it begins. */
export interface ArchiveMetadata {
	/** Version of the bytes that these options give. */
	readonly format: number;
	/** Start of the run, nanoseconds since 1970, decimal. */
	readonly startedNs: string;
	readonly method: string;
	readonly level: number;
	/** The time that every entry got, ISO 8601, if the run set one. */
	readonly mtime: string | undefined;
	readonly job: string | undefined;
	/** The template as it was given. */
	readonly template: string | undefined;
	/** Stands for names, sizes, times and options of the sources. */
	readonly fingerprint: string | undefined;
	/** Stands for the machine and the sources that a backup is of; sources that are elsewhere are others. */
	readonly sources?: string | undefined;
	/**
	 * Start of the last run that has made all of it from the sources, as `startedNs`; only of an archive of which parts were copied from an
	 * earlier one.
	 */
	readonly fullStartedNs?: string | undefined;
	/** Key of the archive that parts of it were copied from. */
	readonly base?: string | undefined;
	/** Id of the plan, if many workers made the archive. */
	readonly shards?: string | undefined;
}

/** What a backup adds to the metadata of its archive. */
export type BackupMark = Pick<ArchiveMetadata, "job" | "template" | "fingerprint" | "sources">;

/** What an archive says of the one that parts of it were copied from. */
export interface BaseMark {
	readonly fullStartedNs: string;
	readonly base: string;
}

/** What each kind of run may add to the metadata of its archive. */
type Mark = Partial<BackupMark & Pick<ArchiveMetadata, "fullStartedNs" | "base" | "shards">>;

/** Names that users cannot give. */
const PREFIX = "zipferry-";

/** Names that differ from run to run. */
export const VARYING_METADATA: readonly string[] = [`${PREFIX}started`];

/** Bytes of all names and values together, as S3 counts them ("Working with object metadata", user-defined metadata). */
const MAX_SIZE = 2048;

/** The facts as metadata of an object: printable ASCII, the rest percent-encoded. */
export function writeArchiveMetadata(facts: ArchiveMetadata): Record<string, string> {
	const { format, startedNs, method, level, ...texts } = facts;
	const { mtime, job, template, fingerprint, sources, fullStartedNs, base, shards } = texts;
	const values = {
		...{ format, started: startedNs, method, level, mtime, job, template, fingerprint },
		...{ sources, full: fullStartedNs, base, shards },
	};
	return Object.fromEntries(
		Object.entries(values).flatMap(([name, value]) =>
			value === undefined ? [] : [[`${PREFIX}${name}`, encode(String(value))]],
		),
	);
}

/**
 * The facts that an upload has written.
 *
 * @param metadata - Of the object, with names in lower case.
 * @returns `undefined` if an upload of this program did not write it
 */
export function readArchiveMetadata(metadata: Readonly<Record<string, string>>): ArchiveMetadata | undefined {
	const textOf = (name: string) => decode(metadata[`${PREFIX}${name}`]);
	const format = Number(textOf("format"));
	const startedNs = textOf("started") ?? "";
	const level = Number(textOf("level"));
	const method = textOf("method");
	const fullStartedNs = textOf("full");
	if (!Number.isSafeInteger(format) || format < 1 || !/^\d{1,20}$/.test(startedNs)) return undefined;
	if (!Number.isSafeInteger(level) || method === undefined) return undefined;
	if (fullStartedNs !== undefined && !/^\d{1,20}$/.test(fullStartedNs)) return undefined;
	return {
		format,
		startedNs,
		method,
		level,
		mtime: textOf("mtime"),
		job: textOf("job"),
		template: textOf("template"),
		fingerprint: textOf("fingerprint"),
		sources: textOf("sources"),
		fullStartedNs,
		base: textOf("base"),
		shards: textOf("shards"),
	};
}

/**
 * The metadata of an archive: the user's, and what the upload writes itself.
 *
 * @param startedMs - Start of the run, milliseconds since 1970; before anything of the sources was looked at.
 * @throws {InvalidOptionError} if the user's has names of ours, or both together are more than a storage takes.
 */
export function objectMetadata(
	settings: Pick<ZipSettings, "method" | "level" | "mtime"> & Pick<ObjectSettings, "metadata">,
	startedMs: number,
	{ job, template, fingerprint, ...mark }: Mark = {},
): Record<string, string> {
	const { metadata = {}, method, level, mtime } = settings;
	const taken = Object.keys(metadata).find((name) => name.toLowerCase().startsWith(PREFIX));
	if (taken !== undefined) {
		const rule = `"${taken}" begins with "${PREFIX}", which stands for what the upload says of itself; choose another name`;
		throw new InvalidOptionError(`metadata ${rule}`, { option: "metadata", rule });
	}
	const own = writeArchiveMetadata({
		format: FORMAT_VERSION,
		startedNs: `${BigInt(startedMs) * 1_000_000n}`,
		method,
		level: levelOf(method, level),
		mtime: mtime === undefined ? undefined : new Date(momentMs(mtime)).toISOString(),
		...{ job, template, fingerprint, ...mark },
	});
	const size = sizeOf(metadata);
	const base = `${PREFIX}base`;
	if (size + sizeOf(own) > MAX_SIZE) delete own[base]; // nothing depends on it
	const ownSize = sizeOf(own);
	if (ownSize > MAX_SIZE) {
		const message = `the template and the name of the job take too much of the metadata of an object: ${ownSize} bytes, percent-encoded; storages take ${MAX_SIZE}`;
		throw new InvalidOptionError(message);
	}
	if (size + ownSize > MAX_SIZE) {
		const rule = `takes ${size} bytes, names and values together; storages take ${MAX_SIZE}, of which the upload needs ${ownSize} itself`;
		throw new InvalidOptionError(`metadata ${rule}`, { option: "metadata", rule });
	}
	return { ...metadata, ...own };
}

function sizeOf(metadata: Readonly<Record<string, string>>): number {
	return Object.entries(metadata).reduce((sum, entry) => sum + Buffer.byteLength(entry.join("")), 0);
}

/** Spaces too, as storages trim them at the ends of a value. */
function encode(text: string): string {
	return text.replace(/[^\x21-\x24\x26-\x7e]+/g, (run) =>
		Buffer.from(run).reduce(
			(done, byte) => `${done}%${byte.toString(16).padStart(2, "0").toUpperCase()}`,
			"",
		),
	);
}

function decode(text: string | undefined): string | undefined {
	try {
		return text === undefined ? undefined : decodeURIComponent(text);
	} catch {
		return undefined;
	}
}
