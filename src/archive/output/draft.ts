import type { Stats } from "node:fs";
import { type FileHandle, open, opendir, stat, unlink } from "node:fs/promises";
import * as nodePath from "node:path";
import { messageOf } from "../../errors.ts";
import { draftName, type ProcessMark, writerOfDraft } from "../../sources/files/drafts/drafts.ts";
import { hasEnded, markOfThisProcess } from "../../sources/files/drafts/process-mark.ts";
import { writeAll } from "../../sources/files/drafts/write-all.ts";
import { errorCode } from "../../sources/files/file-system.ts";
import { LocalDevices } from "../../sources/files/local-devices.ts";
import { namedPlace } from "../../sources/files/place.ts";
import { destination } from "./destination.ts";
import { type FilePlace, moveIntoPlace } from "./move-into-place.ts";

/** The draft that this process writes for a file. */
export function draftOf(path: string): string {
	return besideOf(path, draftName(nodePath.basename(path), markOfThisProcess()));
}

/** Not normalised: in `link/../a.zip` the link is followed first. */
function besideOf(path: string, name: string): string {
	return `${nodePath.dirname(path)}/${name}`;
}

/**
 * Writes a draft beside the file and moves it into its place when it is complete, so that there is never half
 * an archive under that name.
 *
 * @param onDraft - The draft is there from now on.
 * @throws {DestinationError} also if there is a file that must not be replaced.
 */
export async function writeFile(
	place: FilePlace,
	chunks: AsyncIterable<Uint8Array>,
	onDraft: () => void,
): Promise<void> {
	const { path, draft, name, noClobber } = place;
	const replaced = noClobber ? undefined : await stat(path).catch(() => undefined);
	const file = await destination(name, open(draft, "wx", replaced === undefined ? 0o666 : 0o600));
	onDraft();
	try {
		try {
			if (replaced !== undefined) await destination(name, inherit(file, replaced));
			for await (const chunk of chunks) await destination(name, writeAll(file.fd, chunk));
			await destination(name, file.datasync());
		} finally {
			await file.close();
		}
		await moveIntoPlace(place);
	} catch (error) {
		await unlink(draft).catch(() => {});
		throw error;
	}
}

/**
 * Gives the draft the group, mode and owner of the file that it replaces, before anything is in it; the rights
 * of root are needed for an owner. Where the group cannot be kept, the one it has instead may do no more than
 * anybody may.
 */
async function inherit(file: FileHandle, { uid, gid, mode }: Stats): Promise<void> {
	const before = await file.stat();
	if (before.gid !== gid) await file.chown(before.uid, gid).catch(() => {});
	const { gid: groupNow } = await file.stat();
	const ofOthers = (mode & 0o007) << 3;
	const wanted = groupNow === gid ? mode & 0o777 : (mode & 0o707) | (mode & ofOthers);
	if ((before.mode & 0o777) !== wanted) await file.chmod(wanted);
	if (before.uid !== uid) await file.chown(uid, groupNow).catch(() => {});
}

/**
 * Removes the drafts of a file that were left by runs that were killed; no other, as it may be written to.
 *
 * @param say - Gets what was removed, and what was left for a reason.
 */
export async function removeStaleDrafts(
	path: string,
	say: (kind: "note" | "warning", message: string) => void,
): Promise<void> {
	const directory = nodePath.dirname(path);
	const own = markOfThisProcess();
	for (const { name, writer } of await draftsIn(directory, nodePath.basename(path))) {
		const draft = besideOf(path, name);
		const { dev } = await stat(directory);
		if (hasEnded(writer, own, await new LocalDevices().isLocal(dev, namedPlace(directory)))) {
			try {
				await unlink(draft);
				say("note", `removed ${draft}, left by a run that was killed`);
			} catch (error) {
				if (errorCode(error) !== "ENOENT")
					say("warning", `cannot remove ${draft}, left by a run that was killed: ${messageOf(error)}`);
			}
		} else if (writer.boot !== own.boot || writer.namespace !== own.namespace) {
			say(
				"warning",
				`${draft} belongs to another machine or container; remove it if nothing writes to it any more`,
			);
		}
	}
}

/** None where the directory cannot be listed: whether an archive can get into it shows when that is written. */
async function draftsIn(
	directory: string,
	target: string,
): Promise<{ readonly name: string; readonly writer: ProcessMark }[]> {
	const found: { readonly name: string; readonly writer: ProcessMark }[] = [];
	try {
		for await (const { name } of await opendir(directory)) {
			const writer = writerOfDraft(name, target);
			if (writer !== undefined) found.push({ name, writer });
		}
	} catch {
		return [];
	}
	return found;
}
