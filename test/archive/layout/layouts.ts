import { createZip } from "../../../src/archive/create-zip.ts";
import { type ArchiveLayout, layOutArchive } from "../../../src/archive/layout/archive-layout.ts";
import { memoryCrcCache } from "../../../src/archive/layout/crc/memory-crc-cache.ts";
import type { CrcCache } from "../../../src/archive/layout/crc-cache.ts";
import { CREATE_ZIP_SCHEMA, type CreateZipOptions } from "../../../src/archive/options.ts";
import { resolveOptions } from "../../../src/options/resolve-options.ts";
import type { Source } from "../../../src/sources/source.ts";
import { collect } from "../../support/bytes.ts";

type Sources = Source | readonly Source[];

export function tryLayout(
	sources: Sources,
	options: CreateZipOptions = {},
	crcCache: CrcCache = memoryCrcCache(),
): Promise<ArchiveLayout | undefined> {
	return layOutArchive(sources, { ...resolveOptions(CREATE_ZIP_SCHEMA, options), crcCache });
}

export async function layoutOf(
	sources: Sources,
	options: CreateZipOptions = {},
	crcCache?: CrcCache,
): Promise<ArchiveLayout> {
	const layout = await tryLayout(sources, options, crcCache);
	if (layout === undefined) throw new Error("the archive is not determined");
	return layout;
}

export function rangeOf(layout: ArchiveLayout, start = 0, end = layout.size): Promise<Buffer> {
	return collect(layout.read(start, end, new AbortController().signal));
}

/** What the layout has to be. */
export async function archiveOf(sources: Sources, options: CreateZipOptions = {}): Promise<Buffer> {
	const chunks: Uint8Array[] = [];
	await createZip(
		sources,
		async (archive) => {
			for await (const chunk of archive) chunks.push(new Uint8Array(chunk));
		},
		{ ...options, method: "wrap" },
	);
	return Buffer.concat(chunks);
}
