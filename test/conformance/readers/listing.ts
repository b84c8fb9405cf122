import type { EntryFacts, Kind } from "../entry-facts.ts";
import type { ProgramResult } from "../run-program.ts";
import type { Verdict } from "./reader.ts";

const KINDS: Readonly<Record<string, Kind>> = { f: "file", d: "directory", l: "symlink" };

/**
 * What the small programs in this directory print about an archive, one line an entry, fields separated by
 * tabs, `-` for what they cannot tell:
 *
 * `kind  mode in octal  seconds since 1970  size  SHA-256  comment in hex  name in hex`
 *
 * A line `comment  hex` is the comment of the archive.
 */
export function parseListing(result: ProgramResult): Verdict {
	const entries: EntryFacts[] = [];
	let comment: string | undefined;
	for (const line of result.stdout.toString("latin1").split("\n")) {
		if (line === "") continue;
		const [kind = "", mode, mtime, size, sha256, entryComment, name = ""] = line.split("\t");
		if (kind === "comment") {
			comment = mode;
			continue;
		}
		entries.push({
			name: Buffer.from(name, "hex").toString("latin1"),
			kind: KINDS[kind] ?? "file",
			mode: mode === "-" ? undefined : Number.parseInt(mode ?? "", 8),
			mtime: mtime === "-" ? undefined : Number(mtime),
			size: Number(size),
			sha256: sha256 === "-" ? undefined : sha256,
			comment: entryComment === "-" ? undefined : entryComment,
		});
	}
	return { problems: complaints(result), entries, comment };
}

/** Says how a program ended, unless it ended well. */
export function complaints({ exitCode, stdout, stderr, timedOut }: ProgramResult): string[] {
	if (timedOut) return ["timed out"];
	if (exitCode === 0) return [];
	const said = (stderr.trim() || stdout.toString().trim()).split("\n");
	// Java has the reason in the first line, Python in the last.
	const telling = said.length > 3 ? [said[0], ...said.slice(-2)] : said;
	return [`exit code ${exitCode}: ${telling.join(" | ").slice(0, 400)}`];
}
