import { mkdir, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ZipferryError } from "../../../src/errors.ts";
import { extractArchive } from "../../../src/extract/extract-archive.ts";

const CANARY = "what is outside";

/**
 * Extracts an archive into a directory in `root`, and looks at what is there then: all of it, or nothing.
 *
 * @param root - An empty directory, which is emptied again.
 * @returns what is wrong.
 */
export async function extractWhole(bytes: Uint8Array, root: string): Promise<string | undefined> {
	const target = join(root, "in", "target");
	await mkdir(dirname(target));
	await Promise.all([writeFile(join(root, "a.zip"), bytes), writeFile(join(root, "canary"), CANARY)]);
	let isRefused = false;
	try {
		await extractArchive(join(root, "a.zip"), target);
	} catch (error) {
		if (!(error instanceof ZipferryError)) return `! ${error instanceof Error ? error.stack : error}`;
		isRefused = true;
	}
	const left = await readdir(target).catch(() => []);
	const outside = [await readdir(root), await readdir(join(root, "in"))].flat().sort().join();
	const canary = await readFile(join(root, "canary"), "utf8");
	const wrong = await lookThrough(target, root);
	for (const name of await readdir(root)) await rm(join(root, name), { recursive: true });
	if (!/^a\.zip,canary,in(,target)?$/.test(outside)) return `! outside of the target there are: ${outside}`;
	if (canary !== CANARY) return "! what is outside was written to";
	return isRefused && left.length > 0 ? `! refused, and left: ${left}` : wrong;
}

/** What must not be in the target: links that lead out, leftovers of files that were not finished. */
async function lookThrough(target: string, root: string): Promise<string | undefined> {
	const found = await readdir(target, { recursive: true, withFileTypes: true }).catch(() => []);
	for (const item of found) {
		const path = join(item.parentPath, item.name);
		if (item.isSymbolicLink() && !resolve(dirname(path), await readlink(path)).startsWith(target))
			return `! a link leads out: ${path.slice(root.length)}`;
		if (/zipferry/.test(item.name)) return `! left over: ${item.name}`;
	}
	return undefined;
}
