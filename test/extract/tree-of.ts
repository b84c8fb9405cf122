import { lstat, readdir, readFile, readlink } from "node:fs/promises";

/** What something on disk is, for comparison. */
export interface TreeFact {
	/** Content of a file, `null` for a directory, an arrow and the target for a link. */
	readonly what: string | null;
	/** Permission bits; not of links, which have none. */
	readonly mode?: number;
	/** Seconds since 1970. */
	readonly mtime: number;
}

/** All that is below a directory, by paths as byte strings. Empty if there is no such directory. */
export async function treeOf(root: string): Promise<Record<string, TreeFact>> {
	const tree: Record<string, TreeFact> = {};
	const add = async (directory: string): Promise<void> => {
		for (const item of await readdir(Buffer.from(directory, "latin1"), {
			withFileTypes: true,
			encoding: "buffer",
		})) {
			const path = `${directory}/${item.name.toString("latin1")}`;
			const bytes = Buffer.from(path, "latin1");
			const stats = await lstat(bytes);
			const mtime = Math.floor(stats.mtimeMs / 1000);
			const name = path.slice(start.length + 1);
			const mode = stats.mode & 0o7777;
			if (item.isSymbolicLink()) tree[name] = { what: `-> ${await readlink(bytes, "latin1")}`, mtime };
			else if (item.isDirectory()) {
				tree[name] = { what: null, mode, mtime };
				await add(path);
			} else tree[name] = { what: (await readFile(bytes)).toString("latin1"), mode, mtime };
		}
	};
	const start = Buffer.from(root).toString("latin1");
	await add(start).catch((error: NodeJS.ErrnoException) => {
		if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
	});
	return tree;
}

/** Names and contents only. */
export async function contentsOf(root: string): Promise<Record<string, string | null>> {
	return Object.fromEntries(Object.entries(await treeOf(root)).map(([name, { what }]) => [name, what]));
}
