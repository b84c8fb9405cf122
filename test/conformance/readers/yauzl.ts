import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import type { EntryFacts } from "../entry-facts.ts";
import { kindOf, modeOf } from "./external-attributes.ts";
import type { Reader } from "./reader.ts";

/** The strict mode of yauzl, in this process. It does not look at CRC-32. */
export const yauzl: Reader = {
	name: "yauzl",
	slow: true,
	tells: {
		modes: { file: 0o7777, directory: 0o7777, symlink: 0o777 },
		mtimes: { file: "extended", directory: "extended", symlink: "extended" },
		symlinks: true,
		comments: true,
	},
	async version() {
		const manifest = new URL("../../../node_modules/yauzl/package.json", import.meta.url);
		return `yauzl ${JSON.parse(await readFile(manifest, "utf8")).version}`;
	},
	async check(archive, { hashing }) {
		const entries: EntryFacts[] = [];
		try {
			const options = { strictFileNames: true, validateEntrySizes: true, decodeStrings: true };
			const zip = await openPromise(archive, options);
			for await (const entry of zip.eachEntry()) entries.push(await factsOf(zip, entry, hashing));
			return { problems: [], entries, comment: Buffer.from(zip.comment).toString("hex") };
		} catch (error) {
			return { problems: [String(error)] };
		}
	},
};

async function factsOf(zip: ZipFile, entry: Entry, hashing: boolean): Promise<EntryFacts> {
	const hash = createHash("sha256");
	let size = 0;
	for await (const chunk of await zip.openReadStreamPromise(entry)) {
		size += chunk.byteLength;
		if (hashing) hash.update(chunk);
	}
	const kind = kindOf(entry.externalFileAttributes);
	return {
		name: Buffer.from(entry.fileName).toString("latin1"),
		kind,
		mode: modeOf(entry.externalFileAttributes),
		mtime: Math.floor(entry.getLastModDate({ timezone: "UTC" }).getTime() / 1000),
		size,
		sha256: hashing ? hash.digest("hex") : undefined,
		comment: Buffer.from(entry.fileComment).toString("hex"),
	};
}
