import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A directory whose files are old enough that a change to them shows. */
export interface SettledTree {
	readonly root: string;
	remove(): Promise<void>;
}

/** How long a change might leave no trace, and a little more. */
const SETTLING_MS = 2300;

export async function settledTree(files: Readonly<Record<string, Uint8Array>>): Promise<SettledTree> {
	const root = await realpath(await mkdtemp(join(tmpdir(), "zipferry-")));
	for (const [name, content] of Object.entries(files)) {
		await mkdir(dirname(join(root, name)), { recursive: true });
		await writeFile(join(root, name), content);
	}
	await settle();
	return { root, remove: () => rm(root, { recursive: true, force: true }) };
}

/** Waits until what was just written is old enough. */
export async function settle(): Promise<void> {
	await delay(SETTLING_MS);
}
