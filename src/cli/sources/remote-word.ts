import { stat } from "node:fs/promises";
import { looksLikeAddress } from "../../sources/address.ts";
import type { ArchivedSource, UrlSource } from "../../sources/source.ts";

/** What a word names that is no path: something behind an address, or entries of another archive. */
type RemoteSource = Pick<UrlSource, "url"> | Pick<ArchivedSource, "archive" | "entry">;

/** Between an archive and an entry of it, as Java has it; `#!/` belongs to the address of a page. */
const INTO_ARCHIVE = /(?<!#)!\//g;

/**
 * The source that a word names, if it is no path.
 *
 * - `s3://…`, `https://…` and `http://…` are addresses.
 * - Behind `!/` comes an entry of the archive in front of it; nothing there means all of them. What exists on disk as
 * it stands is a path, even with `!/` in it, and so is what is below a directory whose name ends in `!`.
 */
export async function readRemoteWord(text: string): Promise<RemoteSource | undefined> {
	if (looksLikeAddress(text)) {
		const [at] = borders(text);
		return at === undefined ? { url: text } : archived(text, at);
	}
	const places = borders(text);
	if (places.length === 0 || (await kindOf(text)) !== undefined) return undefined;
	for (const at of places) {
		const kind = await kindOf(text.slice(0, at));
		if (kind === "file") return archived(text, at);
		if (kind === undefined && (await kindOf(text.slice(0, at + 1))) === undefined) return archived(text, at);
	}
	return undefined;
}

function borders(text: string): readonly number[] {
	return [...text.matchAll(INTO_ARCHIVE)].map(({ index }) => index).filter((index) => index > 0);
}

function archived(text: string, at: number): RemoteSource {
	const entry = text.slice(at + 2);
	return entry === "" ? { archive: text.slice(0, at) } : { archive: text.slice(0, at), entry };
}

async function kindOf(path: string): Promise<"file" | "directory" | undefined> {
	try {
		return (await stat(path)).isDirectory() ? "directory" : "file";
	} catch {
		return undefined;
	}
}
