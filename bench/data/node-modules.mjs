import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const INSTALLED = fileURLToPath(new URL("../../node_modules", import.meta.url));

/**
 * Copies what npm has installed for this repository, package by package in the order of their names, until there are
 * `size` bytes. Programs for one platform are left out: they differ from machine to machine.
 */
export function copyNodeModules(folder, size) {
	let left = size;
	for (const name of packagesIn(INSTALLED)) {
		for (const { path, bytes } of filesIn(join(INSTALLED, name))) {
			const target = join(folder, "node_modules", name, path);
			mkdirSync(dirname(target), { recursive: true });
			copyFileSync(join(INSTALLED, name, path), target);
			left -= bytes;
		}
		if (left <= 0) return;
	}
}

function* packagesIn(root) {
	for (const name of readdirSync(root).sort()) {
		const names = name.startsWith("@")
			? readdirSync(join(root, name)).map((part) => `${name}/${part}`)
			: [name];
		yield* names.sort().filter((found) => isForAllPlatforms(join(root, found, "package.json")));
	}
}

function isForAllPlatforms(manifest) {
	return existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).os === undefined;
}

function filesIn(root) {
	return readdirSync(root, { recursive: true })
		.map((path) => ({ path, ...sizeOf(join(root, path)) }))
		.filter(({ bytes }) => bytes !== undefined);
}

function sizeOf(path) {
	const status = statSync(path, { throwIfNoEntry: false });
	return status?.isFile() ? { bytes: status.size } : {};
}
