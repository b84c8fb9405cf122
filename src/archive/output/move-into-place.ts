import { link, open, rename, stat, unlink } from "node:fs/promises";
import { DestinationError, messageOf } from "../../errors.ts";
import { errorCode } from "../../sources/files/file-system.ts";
import { destination, existing } from "./destination.ts";

/** A file, and the draft that becomes it. */
export interface FilePlace {
	/** No link. */
	readonly path: string;
	readonly draft: string;
	/** What errors call the file. */
	readonly name: string;
	/** A file that is there stays, also one that appears while the draft is written. */
	readonly noClobber: boolean;
}

/** Gives a complete draft the name of its file, in one step. @throws {DestinationError} */
export async function moveIntoPlace(place: FilePlace): Promise<void> {
	const { path, draft, name, noClobber } = place;
	if (noClobber) await linkIntoPlace(place);
	else await destination(name, rename(draft, path));
}

/** Unlike a rename, a link never replaces anything: of two runs at once one gets the name. */
async function linkIntoPlace(place: FilePlace): Promise<void> {
	const { path, draft, name } = place;
	try {
		await link(draft, path);
	} catch (error) {
		if (errorCode(error) !== "EEXIST") return renameIntoPlace(place);
		// A server of NFS whose answer was lost says this of the link that it has made.
		if (!(await isOneFile(draft, path))) throw existing(name);
	}
	try {
		await unlink(draft);
	} catch (error) {
		const problem = `${name} is complete, but its draft ${draft} cannot be removed: ${messageOf(error)}`;
		throw new DestinationError(problem, error);
	}
}

/** Where there are no hard links, as on FAT: an empty file takes the name, and is replaced at once. */
async function renameIntoPlace({ path, draft, name }: FilePlace): Promise<void> {
	try {
		await (await open(path, "wx")).close();
	} catch (error) {
		throw errorCode(error) === "EEXIST" ? existing(name) : await destination(name, Promise.reject(error));
	}
	try {
		await destination(name, rename(draft, path));
	} catch (error) {
		await unlink(path).catch(() => {});
		throw error;
	}
}

async function isOneFile(one: string, other: string): Promise<boolean> {
	try {
		const [{ dev, ino }, there] = await Promise.all([stat(one), stat(other)]);
		return dev === there.dev && ino === there.ino;
	} catch {
		return false;
	}
}
