import {
	mkdir,
	mkdtemp,
	readdir,
	readFile,
	readlink,
	realpath,
	rm,
	symlink,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach } from "vitest";

/** Content of a file, `null` for a directory, or the target of a link. */
type TreeItem = string | Uint8Array | null | { readonly link: string };

/** A directory of its own for each test of the file. */
export interface TempDirectory {
	/** Absolute path of something in it, or of itself. */
	path(relative?: string): string;
	/** The same as bytes, for names that are no UTF-8. */
	bytes(relative: Uint8Array): Buffer;
	/** Creates files, directories and links, with the directories on the way. */
	write(tree: Readonly<Record<string, TreeItem>>): Promise<void>;
	/** The text of a file. */
	read(relative: string): Promise<string>;
}

export function useTempDirectory(): TempDirectory {
	let root = "";
	beforeEach(async () => {
		root = await realpath(await mkdtemp(join(tmpdir(), "zipferry-")));
	});
	afterEach(async () => {
		await rm(root, { recursive: true, force: true, maxRetries: 5 }); // a process may write its last
	});
	return {
		path: (relative = "") => (relative === "" ? root : `${root}/${relative}`),
		bytes: (relative) => Buffer.concat([Buffer.from(`${root}/`), relative]),
		async write(tree) {
			for (const [name, item] of Object.entries(tree)) await create(`${root}/${name}`, item);
		},
		read: (relative) => readFile(`${root}/${relative}`, "utf8"),
	};
}

async function create(path: string, item: TreeItem): Promise<void> {
	await mkdir(item === null ? path : dirname(path), { recursive: true });
	if (item === null) return;
	if (typeof item === "object" && "link" in item) await symlink(item.link, path);
	else await writeFile(path, item);
}

/** Paths of the files this process has open. */
export async function openFiles(under: string): Promise<string[]> {
	const targets = (await readdir("/proc/self/fd")).map((fd) =>
		readlink(`/proc/self/fd/${fd}`).catch(() => ""),
	);
	return (await Promise.all(targets)).filter((target) => target.startsWith(under));
}
