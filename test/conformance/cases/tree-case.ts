import { chmod, lutimes, mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import type { ZipOptions } from "../../../src/index.ts";
import { expectedDescriptor } from "../expected-descriptor.ts";
import { scanDirectory } from "../scan-directory.ts";
import type { Case } from "./case.ts";

/** Something to be made on disk. */
export interface TreeItem {
	/** Bytes, or text as UTF-8; relative. */
	readonly path: string | Uint8Array;
	/** Data of a file; neither this nor a target is a directory. */
	readonly content?: string | Uint8Array;
	readonly target?: string | Uint8Array;
	readonly mode?: number;
	readonly mtime?: Date;
}

export interface TreeCaseOptions extends Partial<Omit<Case, "name" | "make">> {
	readonly options?: ZipOptions;
}

const MTIME = new Date("2024-02-29T12:34:57.250Z");

/** A case of real files. */
export function treeCase(
	name: string,
	items: readonly TreeItem[],
	{ options, ...details }: TreeCaseOptions = {},
): Case {
	return {
		name,
		grade: "small",
		depth: "all",
		...details,
		async make(directory) {
			for (const item of items) await makeItem(directory, item);
			// Directories get their times and modes last, as what is made in them changes the one and may be kept out by the other.
			for (const item of [...items].reverse()) await finishItem(directory, item);
			const entries = (await scanDirectory(directory)).map((entry) => ({
				...entry,
				descriptor: expectedDescriptor(entry.size, true),
			}));
			return { tree: directory, options, entries };
		},
	};
}

function pathOf(directory: string, { path }: TreeItem): Buffer {
	return Buffer.concat([Buffer.from(`${directory}/`), Buffer.from(path)]);
}

async function makeItem(directory: string, item: TreeItem): Promise<void> {
	const path = pathOf(directory, item);
	if (item.target !== undefined) await symlink(Buffer.from(item.target), path);
	else if (item.content !== undefined) await writeFile(path, item.content);
	else await mkdir(path);
}

async function finishItem(directory: string, item: TreeItem): Promise<void> {
	const { target, mode, mtime = MTIME } = item;
	const path = pathOf(directory, item);
	if (target !== undefined) {
		await lutimes(path, mtime, mtime);
		return;
	}
	if (mode !== undefined) await chmod(path, mode);
	await utimes(path, mtime, mtime);
}
