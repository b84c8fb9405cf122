import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));

/** Not the changelog, which tells of files that are gone. */
const PAGES = ["README.md", "CONTRIBUTING.md", "SECURITY.md"];
const FOLDERS = ["docs", "localstack", "bench"];

/** Where the paths of a page may start; those of the sources are given without `src/`. */
const ROOTS = ["", "src", "test", "localstack"];

/** Come into being with a build, or while a server runs. */
const MADE = new Set(["dist/", "log/"]);

/** `a/b.ts` or `a/b/` between backticks. */
const PATH = /`([\w.-]+(?:\/[\w.-]+)*\/(?:[\w.-]+\.(?:ts|js|mjs|json|sh|wat|md|yaml))?)`/g;
const LINK = /\]\((?![a-z]+:)([^)#\s]+)/g;

async function pages(): Promise<string[]> {
	const found = [...PAGES];
	for (const folder of FOLDERS)
		for (const file of await readdir(join(PROJECT, folder), { recursive: true }))
			if (file.endsWith(".md") && !file.includes("node_modules")) found.push(`${folder}/${file}`);
	return found.sort();
}

describe("the pages", async () => {
	it.each(await pages())("%s names files and folders that are there", async (page) => {
		const text = await readFile(join(PROJECT, page), "utf8");
		const from = dirname(page);
		const paths = [...text.matchAll(PATH)].map(([, path = ""]) => path);
		const links = [...text.matchAll(LINK)].map(([, path = ""]) => path);
		const isThere = (path: string) => [from, ...ROOTS].some((root) => existsSync(join(PROJECT, root, path)));
		expect([
			...paths.filter((path) => !MADE.has(path) && !isThere(path)),
			...links.filter((path) => !existsSync(join(PROJECT, from, path))),
		]).toEqual([]);
	});
});
