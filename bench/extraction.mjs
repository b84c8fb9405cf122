import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The archive of a folder, as Info-ZIP makes it; made by the first who asks. */
export function archiveOf(folder) {
	const archive = `${folder}.zip`;
	if (existsSync(archive)) return archive;
	const unfinished = `${folder}.unfinished.zip`;
	rmSync(unfinished, { force: true });
	const { status } = spawnSync("zip", ["-q", "-r", "-6", unfinished, "."], { cwd: folder });
	if (status !== 0) throw new Error("zip makes the archives that are extracted, and is not installed");
	renameSync(unfinished, archive);
	return archive;
}

/** A folder that is there and empty. */
export function freshTarget() {
	const parent = join(tmpdir(), "zipferry-bench");
	mkdirSync(parent, { recursive: true });
	return mkdtempSync(join(parent, "extracted-"));
}

/** Bytes of all files in a folder. */
export function sizeOfTree(folder) {
	const items = readdirSync(folder, { recursive: true, withFileTypes: true });
	return items
		.filter((item) => item.isFile())
		.reduce((sum, item) => sum + statSync(join(item.parentPath, item.name)).size, 0);
}

export function removeTarget(folder) {
	rmSync(folder, { recursive: true, force: true });
}
