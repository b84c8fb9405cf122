import { chmod, lstat, readdir, readFile, readlink } from "node:fs/promises";
import { type EntryFacts, sha256 } from "./entry-facts.ts";

/**
 * Everything in a directory as the entries an archive of it has. What its owner may not read is opened up on
 * the way: modes are noted first, and the directory is only good for removal afterwards.
 */
export async function scanDirectory(root: string): Promise<EntryFacts[]> {
	const found: EntryFacts[] = [];
	await scan(Buffer.from(root), "", found);
	return found;
}

async function scan(directory: Buffer, prefix: string, found: EntryFacts[]): Promise<void> {
	for (const name of await readdir(directory, { encoding: "buffer" })) {
		const path = Buffer.concat([directory, Buffer.from("/"), name]);
		const stats = await lstat(path);
		const relative = prefix + name.toString("latin1");
		const facts = { mode: stats.mode & 0o7777, mtime: Math.floor(stats.mtimeMs / 1000) };
		if (stats.isDirectory()) {
			found.push({ ...facts, name: `${relative}/`, kind: "directory", size: 0, sha256: sha256(Buffer.of()) });
			if ((stats.mode & 0o500) !== 0o500) await chmod(path, 0o700);
			await scan(path, `${relative}/`, found);
			continue;
		}
		if (!stats.isSymbolicLink() && (stats.mode & 0o400) === 0) await chmod(path, 0o600);
		const link = stats.isSymbolicLink();
		const bytes = link ? await readlink(path, { encoding: "buffer" }) : await readFile(path);
		found.push({
			...facts,
			name: relative,
			kind: link ? "symlink" : "file",
			size: bytes.byteLength,
			sha256: sha256(bytes),
		});
	}
}
