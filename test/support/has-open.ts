import { readdir, readlink } from "node:fs/promises";

/** Whether a process has a file open. */
export async function hasOpen(pid: number, path: string): Promise<boolean> {
	const descriptors = await readdir(`/proc/${pid}/fd`);
	const targets = await Promise.all(
		descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => "")),
	);
	return targets.includes(path);
}
