import { fstatSync } from "node:fs";
import { lstat, stat } from "node:fs/promises";
import * as nodePath from "node:path";
import { InvalidOptionError } from "../../errors.ts";
import { looksLikeAddress } from "../../sources/address.ts";
import type { ArchivedSource, PathSource, UrlSource } from "../../sources/source.ts";
import { encodeEntryName } from "../../zip/format/entry-name.ts";
import type { Pipe } from "./pipe-stream.ts";
import { readRemoteWord } from "./remote-word.ts";

/** A source as it is named on the command line. */
export type NamedSource =
	| PathSource
	| UrlSource
	| ArchivedSource
	| { readonly name: string; readonly pipe: Pipe };

/** Descriptors of this process, whose numbers make no names. */
const DESCRIPTOR = /^\/(dev|proc\/(self|\d+))\/fd\/\d+$|^\/dev\/stdin$/;
const STDIN = /^\/(dev|proc\/self)\/fd\/0$|^\/dev\/stdin$/;
/** A "=" is part of a path, or of an entry of an archive, and has no name in front of it. */
const NO_NAME = /^\.?\/|^[^=]*!\//;

/**
 * Reads a source argument.
 *
 * - `-` alone is refused, as data from stdin has no name.
 * - What exists as it stands is a path, even with a `=` in it.
 * - `name=path` says what the path is called in the archive; `name=-` is stdin. The same goes for addresses.
 * - What begins with `/` or `./` is a path in any case, and what begins like an address is one.
 * - `s3://…` and `https://…` are addresses, and `archive.zip!/entry` is an entry of an archive.
 *
 * A FIFO, and what a shell makes of `<(command)`, is read like stdin.
 *
 * @throws {InvalidOptionError}
 * @throws {InvalidEntryNameError}
 */
export async function readSourceWord(text: string): Promise<NamedSource> {
	if (text === "-")
		throw new InvalidOptionError(
			"data from stdin needs a name, as in dump.sql=-; ./- is a file of this name",
		);
	const at = text.indexOf("=");
	if (at < 0 || NO_NAME.test(text) || looksLikeAddress(text) || (await exists(text))) return sourceAt(text);
	const as = text.slice(0, at);
	if (as !== "") encodeEntryName(as); // before anything is asked of the storage
	return sourceAt(text.slice(at + 1), as);
}

async function sourceAt(text: string, as?: string): Promise<NamedSource> {
	const remote = await readRemoteWord(text);
	if (remote === undefined) return pathOrPipe(text, as);
	return as === undefined ? remote : { ...remote, as };
}

async function pathOrPipe(path: string, as?: string): Promise<NamedSource> {
	const pipe = await pipeAt(path);
	if (pipe === undefined) return as === undefined ? { path } : { path, as };
	const name = as ?? (isDescriptor(path) ? "" : nodePath.basename(nodePath.resolve(path)));
	if (name === "")
		throw new InvalidOptionError(`data from ${pipe.shown} needs a name, as in dump.sql=${path}`);
	if (name.endsWith("/"))
		throw new InvalidOptionError(`"${name}" names a directory, and ${pipe.shown} gives data for a file`);
	return { name, pipe };
}

async function pipeAt(path: string): Promise<Pipe | undefined> {
	if (path === "-" || STDIN.test(nodePath.resolve(path))) return stdin();
	const stats = await stat(path).catch(() => undefined); // told by whoever opens it
	if (stats === undefined || !stats.isFIFO()) return undefined;
	return { shown: path, path, identity: `${stats.dev}:${stats.ino}` };
}

function stdin(): Pipe {
	const { dev, ino } = fstatSync(0); // Node opens it where it was closed
	return { shown: "stdin", identity: `${dev}:${ino}` };
}

function isDescriptor(path: string): boolean {
	return DESCRIPTOR.test(nodePath.resolve(path));
}

async function exists(path: string): Promise<boolean> {
	try {
		await lstat(path);
		return true;
	} catch {
		return false;
	}
}
