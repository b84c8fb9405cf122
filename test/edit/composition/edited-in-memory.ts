import { planZip } from "../../../src/archive/planned-archive.ts";
import { RunReport } from "../../../src/archive/run-report.ts";
import { OWN_CHUNKS } from "../../../src/bytes/chunk-memory.ts";
import { readCopyable } from "../../../src/compose/copyable/read-copyable.ts";
import type { EditedArchive } from "../../../src/edit/archives/open-edited.ts";
import { EditComposition } from "../../../src/edit/composition/edit-composition.ts";
import { KeptEntries } from "../../../src/edit/composition/kept-entries.ts";
import { mergeNames } from "../../../src/edit/composition/merged-names.ts";
import { ArchiveReader } from "../../../src/reader/archive-reader.ts";
import { contentOf } from "../../../src/reader/entry-content.ts";
import { memorySource } from "../../../src/reader/ranged/memory-source.ts";
import type { Source } from "../../../src/sources/source.ts";
import { isRange } from "../../../src/storage/parts/object-range.ts";
import { makeSettings } from "../../support/settings.ts";

/** An edit without a storage: archives are bytes, and what would be copied is taken from them. */
export interface MemoryEdit {
	readonly archives: readonly Uint8Array[];
	readonly sources?: readonly Source[] | undefined;
	readonly replace?: boolean | undefined;
	/** Whether an entry goes, by its name. */
	readonly removes?: ((name: string) => boolean) | undefined;
	/** Bytes of the smallest run that is copied. */
	readonly minSize: number;
	/** @defaultValue any number */
	readonly maxPartCount?: number | undefined;
}

export interface MadeInMemory {
	readonly bytes: Buffer;
	readonly copied: EditComposition["copied"];
	readonly carried: EditComposition["carried"];
	readonly sizeBound: number | undefined;
	/** Sizes of what is copied and sent, in order. */
	readonly spans: readonly (readonly ["copied" | "sent", number])[];
}

const MAX_PART_SIZE = 1000;

/** Makes an archive of archives and sources. */
export async function editInMemory(edit: MemoryEdit): Promise<MadeInMemory> {
	const { replace = false, sources = [], removes, minSize, maxPartCount = 10_000 } = edit;
	const archives = await Promise.all(edit.archives.map(opened));
	const kept = new KeptEntries(archives);
	await mergeNames(kept, replace);
	for (const [number, { entries }] of archives.entries()) {
		for (let index = 0; index < entries.count; index++)
			if (removes?.(entries.factsOf(index).name) === true) kept.leaveOut(number, index);
	}
	const cutting = { minSize, maxPartSize: MAX_PART_SIZE, maxPartCount };
	const composition = new EditComposition(archives, kept, cutting, replace);
	const settings = makeSettings({ allowEmpty: true });
	const planned = await planZip(sources, settings, undefined, composition);
	const chunks: Uint8Array[] = [];
	const spans: (readonly ["copied" | "sent", number])[] = [];
	for await (const span of planned.open(new RunReport(), new AbortController().signal, OWN_CHUNKS)) {
		spans.push([isRange(span) ? "copied" : "sent", span.byteLength]);
		if (!isRange(span)) chunks.push(new Uint8Array(span));
		else {
			const source = edit.archives[Number(span.source.key)] ?? new Uint8Array();
			chunks.push(source.subarray(span.offset, span.offset + span.byteLength));
		}
	}
	await planned.close();
	const { copied, carried } = composition;
	return { bytes: Buffer.concat(chunks), copied, carried, sizeBound: planned.plan.sizeBound, spans };
}

async function opened(bytes: Uint8Array, number: number): Promise<EditedArchive> {
	const location = `s3://b/${number}`;
	const identity = { type: "s3" as const, etag: `etag-${number}`, versionId: undefined };
	const reader = new ArchiveReader(memorySource(location, bytes, identity));
	const pin = { bucket: "b", key: String(number), etag: identity.etag, versionId: undefined };
	return {
		location,
		pin: { ...pin, size: bytes.byteLength },
		head: { ...HEAD, size: bytes.byteLength, etag: identity.etag },
		reader,
		entries: await readCopyable(reader),
	};
}

const HEAD: EditedArchive["head"] = {
	...{ size: 0, etag: "", versionId: undefined, lastModified: undefined, metadata: {} },
	...{ contentType: undefined, contentDisposition: undefined, cacheControl: undefined },
	...{ sse: undefined, sseKmsKeyId: undefined, storageClass: undefined },
	...{ archiveTier: undefined, restoring: undefined },
	...{ md5: undefined, crc32: undefined, hasPartCrc32s: false, lockedUntil: undefined, legalHold: false },
};

/** Names and contents of an archive, in the order of its directory. */
export async function listed(bytes: Uint8Array): Promise<[name: string, content: string][]> {
	const identity = { type: "s3" as const, etag: "", versionId: undefined };
	const reader = new ArchiveReader(memorySource("made", bytes, identity));
	const entries: [string, string][] = [];
	for await (const batch of reader.entries()) {
		for (const entry of batch) {
			const { name, kind } = entry;
			const content = kind === "directory" ? [] : await contentOf(reader, { ...entry }, undefined).bytes();
			entries.push([name, Buffer.from(content).toString()]);
		}
	}
	return entries;
}
