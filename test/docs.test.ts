import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Folders that are installed, built or measured. */
const NOT_WRITTEN = new Set([".git", "node_modules", "dist", "coverage"]);

const below = (folder: string): string[] =>
	readdirSync(join(root, folder), { withFileTypes: true })
		.filter((entry) => !NOT_WRITTEN.has(entry.name))
		.flatMap((entry) => {
			const path = join(folder, entry.name);
			return entry.isDirectory() ? [`${path}/`, ...below(path)] : [path];
		});

const tree = below(".");

/** The changelog is about versions of the past, so it may name files that are gone. */
const pages = tree.filter((path) => path.endsWith(".md") && path !== "CHANGELOG.md");

/** The folders that a path in the docs can begin with: `test/faults/`, and without `src/` as well, `zip/format/`. */
const rooms = new Set(tree.flatMap((path) => /^(?:src\/)?([\w.-]+)\/$/.exec(path)?.[1] ?? []));

/** Paths in backticks, outside of code blocks: files of TypeScript, and what is in our folders. */
const namedPaths = (text: string): string[] =>
	[...text.replace(/^```[\s\S]*?^```/gm, "").matchAll(/`([\w.-]+(?:\/[\w.-]+)*\/?)`/g)]
		.map((match) => match[1] ?? "")
		.filter(
			(path) => /\w\.c?ts$|\/.*\.[cm]?js$/.test(path) || rooms.has(/^([\w.-]+)\//.exec(path)?.[1] ?? ""),
		);

/** If the tree has the path, or one that ends in it: pages name files by their last folders. */
const isNamed = (path: string): boolean =>
	tree.some((known) => `/${known}`.endsWith(`/${path}`) || known === `${path}/`);

const relativeLinks = (text: string): string[] =>
	[...text.matchAll(/\]\(([^)\s]+)\)/g)]
		.map((match) => match[1] ?? "")
		.filter((link) => !/^[a-z]+:/.test(link));

/** The anchors that GitHub gives to headings. */
const anchors = (text: string): string[] =>
	[...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
		(match[1] ?? "")
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, "")
			.replaceAll(" ", "-"),
	);

/** If a link on a page leads to a file or folder, and its anchor to a heading. */
const leadsSomewhere = (page: string, link: string): boolean => {
	const [path = "", anchor] = link.split("#");
	const target = path === "" ? join(root, page) : join(root, dirname(page), path);
	if (statSync(target, { throwIfNoEntry: false }) === undefined) return false;
	return anchor === undefined || anchors(readFileSync(target, "utf8")).includes(anchor);
};

describe.each(pages)("%s", (page) => {
	const text = readFileSync(join(root, page), "utf8");

	test("names only files that exist", () => {
		expect(namedPaths(text).filter((path) => !isNamed(path))).toEqual([]);
	});

	test("links only to files and headings that exist", () => {
		expect(relativeLinks(text).filter((link) => !leadsSomewhere(page, link))).toEqual([]);
	});
});

test("the check covers the pages, and notices a path or link that leads nowhere", () => {
	expect(pages).toEqual(expect.arrayContaining(["README.md", "CONTRIBUTING.md", "docs/architecture.md"]));
	expect(
		namedPaths("`zip/gone.ts`, `test/faults/`, `gone.ts`, `a/b`, `photos.zip`\n```\n`no.ts`\n```\n"),
	).toEqual(["zip/gone.ts", "test/faults/", "gone.ts"]);
	expect(isNamed("zip/gone.ts")).toBe(false);
	expect(isNamed("assembler.ts")).toBe(true);
	expect(relativeLinks("[a](docs/b.md#c) [d](https://e.f)")).toEqual(["docs/b.md#c"]);
	expect(leadsSomewhere("README.md", "docs/gone.md")).toBe(false);
	expect(leadsSomewhere("README.md", "docs/architecture.md#gone")).toBe(false);
	expect(leadsSomewhere("README.md", "docs/architecture.md#the-flow")).toBe(true);
});
