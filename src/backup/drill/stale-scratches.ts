import { lstat, readdir, stat } from "node:fs/promises";
import * as nodePath from "node:path";
import { writerOfDraft } from "../../sources/files/drafts/drafts.ts";
import { hasEnded, markOfThisProcess } from "../../sources/files/drafts/process-mark.ts";
import { LocalDevices } from "../../sources/files/local-devices.ts";
import { namedPlace } from "../../sources/files/place.ts";

/**
 * The scratch directories whose processes have ended for certain.
 *
 * @param start - What their names begin with.
 * @returns none where the directory cannot be listed: whether anything can be made there shows next
 */
export async function staleScratches(parent: string, start: string): Promise<readonly string[]> {
	const names = await readdir(parent).catch(() => []);
	const own = markOfThisProcess();
	const stale: string[] = [];
	for (const name of names) {
		const [, draft] = /^\.([^.]+)\./.exec(name) ?? [];
		const writer = draft?.startsWith(start) ? writerOfDraft(name, draft) : undefined;
		if (writer === undefined) continue;
		const path = nodePath.join(parent, name);
		const { dev } = await stat(parent);
		if (!hasEnded(writer, own, await new LocalDevices().isLocal(dev, namedPlace(parent)))) continue;
		// In a directory where anybody may write, a name proves nothing: what belongs to others is theirs.
		const found = await lstat(path).catch(() => undefined);
		if (found?.isDirectory() && found.uid === process.getuid?.()) stale.push(path);
	}
	return stale;
}
