import { createHash } from "node:crypto";
import {
	type Content,
	type GeneratedEntry,
	type PathSource,
	type Source,
	type ZipOptions,
	ZipStream,
} from "../../src/index.ts";

/** One archive whose bytes are written down. */
export interface GoldenCase {
	/** Its key in `archives.json`. */
	readonly name: string;
	/** Whether zlib has made part of its bytes; other versions of it make others. */
	readonly zlib: boolean;
	/** Takes seconds: not part of `npm test`. */
	readonly slow?: boolean;
	readonly options?: ZipOptions;
	/** @param tree - A directory as {@link makeTree} makes it. */
	sources(tree: string): readonly GoldenSource[];
}

/** Paths have their name in the archive with them: `ZipStream` and `uploadZip` name a single one differently. */
type GoldenSource =
	| Required<Pick<PathSource, "path" | "as">>
	| GeneratedEntry
	| readonly GeneratedEntry[]
	| Lazy;
type Lazy = Generator<GeneratedEntry, void, void>;

export async function sha256Of(chunks: AsyncIterable<Uint8Array>): Promise<string> {
	const hash = createHash("sha256");
	for await (const chunk of chunks) hash.update(chunk);
	return hash.digest("hex");
}

/** The archive as a stream. */
export function zipOf({ options, sources }: GoldenCase, tree: string, over: ZipOptions = {}): ZipStream {
	const zip = new ZipStream({ ...options, ...over });
	for (const source of sources(tree)) {
		if (Symbol.iterator in source) zip.addEntries(source);
		else if ("path" in source) zip.addPath(source.path, source.as);
		else addEntry(zip, source);
	}
	return zip;
}

/** The same for `uploadZip`. */
export function sourcesOf({ sources }: GoldenCase, tree: string): Source[] {
	return [...sources(tree)];
}

function addEntry(zip: ZipStream, { name, content, ...details }: GeneratedEntry): void {
	zip.add(name, content as Content, details);
}
