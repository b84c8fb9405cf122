import { ZIP_SCHEMA, type ZipOptions } from "../../src/archive/options.ts";
import { planArchive } from "../../src/archive/plan.ts";
import { archiveOf } from "../../src/archive/zip-stream.ts";
import { BaseComposition } from "../../src/compose/base/base-composition.ts";
import { type Chain, plainSize, RUN_JOINING, type RunJoining } from "../../src/compose/base/chains.ts";
import type { ComparisonRule } from "../../src/compose/base/compare-entry.ts";
import type { Copied } from "../../src/compose/copied.ts";
import type { RunCutting } from "../../src/compose/copyable/cut-runs.ts";
import { readCopyable } from "../../src/compose/copyable/read-copyable.ts";
import type { NotCopiedReason } from "../../src/events.ts";
import { resolveOptions } from "../../src/options/resolve-options.ts";
import { ArchiveReader } from "../../src/reader/archive-reader.ts";
import { decompress } from "../../src/reader/decompress.ts";
import type { EntryFacts } from "../../src/reader/entry.ts";
import { memorySource } from "../../src/reader/ranged/memory-source.ts";
import { type FetchedEntry, readInRuns } from "../../src/reader/runs.ts";
import type { EntrySource, MeasurableEntry } from "../../src/sources/entry-source.ts";
import { DEFAULT_LOOK_AHEAD } from "../../src/sources/entry-source.ts";
import { sourceReport } from "../../src/sources/open-sources.ts";
import type { ObjectRange } from "../../src/storage/parts/object-range.ts";
import { collect } from "../support/bytes.ts";
import { readerOf } from "../support/entries.ts";

/** A thing in a directory that exists in memory only, so that its times can be anything. */
export interface Thing {
	readonly kind: MeasurableEntry["kind"];
	readonly content: Uint8Array;
	readonly mtimeMs: number;
	readonly ctimeMs?: number | undefined;
	readonly mode: number;
	readonly comment?: string | undefined;
	readonly method?: MeasurableEntry["method"];
}

/** By their names. */
export type Tree = ReadonlyMap<string, Thing>;

export const file = (content: string | Uint8Array, more: Partial<Thing> = {}): Thing => ({
	...{ kind: "file", content: Buffer.from(content), mtimeMs: 1e12, ctimeMs: 1e12, mode: 0o644 },
	...more,
});

/** A source that gives the things of a tree in the order of their names. */
export function sourceOf(
	tree: () => Tree,
	more: Partial<EntrySource> & { readonly names?: "latin1" } = {},
): EntrySource {
	const encoding = more.names ?? "utf8";
	return {
		...{ repeatable: true, rereadable: true, distinct: true, namePrefix: "" },
		lookAhead: DEFAULT_LOOK_AHEAD,
		async *entries() {
			const names = [...tree().keys()].map((name) => Buffer.from(name, encoding)).sort(Buffer.compare);
			yield names.flatMap((name) => {
				const thing = tree().get(name.toString(encoding));
				return thing === undefined ? [] : [entryOf(name, thing)];
			});
		},
		...more,
	};
}

function entryOf(name: Buffer, { content, mtimeMs, ctimeMs, ...thing }: Thing): MeasurableEntry {
	const { mode } = thing;
	const size = content.byteLength;
	return {
		...thing,
		...{ name, mtimeMs, size, origin: `/tree/${name.toString("latin1")}` },
		measure: () => ({ size, mtimeMs, mode, ctimeMs }),
		open: () => ({ ...readerOf(content), mtimeMs, mode }),
	};
}

export interface ComposeOptions extends Partial<ComparisonRule>, Partial<RunCutting> {
	readonly joining?: RunJoining;
	readonly zip?: ZipOptions;
	/** Called when planning is over. */
	readonly onPlanned?: () => void;
}

export interface Composed {
	readonly bytes: Buffer;
	readonly copied: Copied;
	/** By names. */
	readonly reasons: Readonly<Record<string, NotCopiedReason>>;
	readonly sizeBound: number | undefined;
}

export const STARTED_MS = 2e12;

/** The archive of the sources, with what has not changed taken from a base. */
export async function compose(
	sources: readonly EntrySource[],
	base: Uint8Array | undefined,
	options: ComposeOptions = {},
): Promise<Composed> {
	const settings = resolveOptions(ZIP_SCHEMA, options.zip ?? {});
	const reasons: Record<string, NotCopiedReason> = {};
	const joined = new Map<string, Buffer>();
	const join = async (chains: readonly Chain[]) =>
		chains.map((chain, number) => {
			const [first, ...short] = chain.runs;
			const tail = base?.subarray(first.start + plainSize(chain), first.end) ?? Buffer.of();
			const ends = short.map(({ start, end }) => base?.subarray(start, end) ?? Buffer.of());
			const bytes = Buffer.concat([tail, ...ends]);
			joined.set(`${number}`, bytes);
			const source = { bucket: "bucket", key: `${number}` };
			return { source, etag: "etag", offset: 0, byteLength: bytes.byteLength };
		});
	const composition =
		base === undefined
			? undefined
			: new BaseComposition(
					{
						location: "s3://bucket/base.zip",
						entries: await readCopyable(readerOfArchive(base)),
						rangeOf: (offset, end) => ({
							source: { bucket: "bucket", key: "base.zip" },
							...{ etag: "etag", offset, byteLength: end - offset },
						}),
						join: options.joining && join,
					},
					{
						rule: {
							method: settings.method,
							baseStartedMs: STARTED_MS,
							check: "mtime",
							ignoreCtime: false,
							fixedTimes: false,
							...options,
						},
						joining: options.joining ?? RUN_JOINING,
						cutting: { minSize: 1, maxPartSize: 5 * 1024 ** 3, maxPartCount: 5000, ...options },
						...{ method: settings.method, commentSize: 0, signal: undefined },
						onNotCopied: (name, reason) => {
							reasons[name] = reason;
						},
					},
				);
	const report = sourceReport(settings, () => {});
	const found = await planArchive(sources, report, {
		...{ method: settings.method, commentSize: 0, portableNames: settings.portableNames, signal: undefined },
		...{ mtime: undefined, maxMtime: undefined },
		onFound: (one) => composition?.look(one),
	});
	const plan = (await composition?.decide(found)) ?? found;
	options.onPlanned?.();
	const chunks: Uint8Array[] = [];
	for await (const span of archiveOf<ObjectRange>(sources, { ...settings, composition }, report))
		chunks.push(
			span instanceof Uint8Array ? new Uint8Array(span) : sliceOf(joined.get(span.source.key) ?? base, span),
		);
	const bytes = Buffer.concat(chunks);
	const copied = composition?.copied ?? { entryCount: 0, size: 0, sourceSize: 0, partCount: 0 };
	return { bytes, copied, reasons, sizeBound: plan.sizeBound };
}

function sliceOf(base: Uint8Array | undefined, { offset, byteLength }: ObjectRange): Uint8Array {
	return base?.subarray(offset, offset + byteLength) ?? new Uint8Array();
}

export function readerOfArchive(bytes: Uint8Array): ArchiveReader {
	return new ArchiveReader(
		memorySource("memory.zip", bytes, { type: "s3", etag: "etag", versionId: undefined }),
	);
}

/** What an archive says of its entries, in the order of its directory, wherever they are. */
export async function listOf(bytes: Uint8Array) {
	const list: unknown[] = [];
	for (const { rawName, kind, uncompressedSize, crc32, mtime, mode, method, comment } of await factsOf(bytes))
		list.push([
			...[Buffer.from(rawName).toString("latin1"), kind, uncompressedSize, crc32],
			...[mtime.getTime(), mode, method, comment],
		]);
	return list;
}

export async function factsOf(bytes: Uint8Array): Promise<EntryFacts[]> {
	const facts: EntryFacts[] = [];
	for await (const batch of readerOfArchive(bytes).entries()) facts.push(...batch);
	return facts;
}

/** The contents of an archive by names, local headers and CRC-32 checked. */
export async function contentsOf(bytes: Uint8Array): Promise<ReadonlyMap<string, Buffer>> {
	const reader = readerOfArchive(bytes);
	const contents = new Map<string, Buffer>();
	for await (const runs of readInRuns(reader, reader.entries()))
		for (const run of runs)
			for (const fetched of run) contents.set(fetched.entry.name, await contentOf(fetched));
	return contents;
}

function contentOf(fetched: FetchedEntry<EntryFacts>): Promise<Buffer> {
	const chunks = "data" in fetched ? once(fetched.data) : fetched.stream();
	return collect(decompress("memory.zip", fetched.entry, chunks));
}

async function* once(data: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
	yield data;
}
