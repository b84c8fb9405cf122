import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));

/** What the linter says of this tree with some more files in it. */
function lint(folder: string): Promise<string> {
	return new Promise((resolve) => {
		const args = ["lint", "--vcs-enabled=false", "--colors=off", "--max-diagnostics=50", "src"];
		execFile(`${PROJECT}node_modules/.bin/biome`, args, { cwd: folder }, (_error, stdout, stderr) =>
			resolve(`${stdout}${stderr}`),
		);
	});
}

/** What must not be imported, where, and what the linter has to say about it. */
const PLANTED: readonly (readonly [string, string, string, string])[] = [
	["of a room above", "src/zip/planted.ts", "../upload/upload-zip.ts", "zip may not import this"],
	[
		"of the room that makes archives",
		"src/extract/planted.ts",
		"../archive/create-zip.ts",
		"extract may not import this",
	],
	[
		"of the room that reads sources",
		"src/reader/planted.ts",
		"../sources/source.ts",
		"reader may not import this",
	],
	["of the reader", "src/zip/planted.ts", "../reader/entry.ts", "zip may not import this"],
	["of the room beside", "src/s3/planted.ts", "../zip/archive.ts", "s3 may not import this"],
	["of the rooms on the ground", "src/options/planted.ts", "../s3/options.ts", "options may not import this"],
	["of the terminal", "src/doctor/planted.ts", "../cli/terminal/text.ts", "doctor may not import this"],
	[
		"of what the central directory is kept in",
		"src/zip/planted.ts",
		"./directory/pages.ts",
		"for zip/directory/ alone",
	],
	["of the SDK where there is no storage", "src/archive/planted.ts", "@aws-sdk/client-s3", "The SDK belongs"],
];

/** The file of a row: each its own. */
const plantedIn = (row: number, file: string) => file.replace("planted", `planted-${row}`);

const CIRCLE = {
	"src/bytes/egg.ts":
		'import type { Hen } from "./hen.ts";\n\nexport interface Egg {\n\treadonly of: Hen;\n}\n',
	"src/bytes/hen.ts":
		'import type { Egg } from "./egg.ts";\n\nexport interface Hen {\n\treadonly of: Egg;\n}\n',
};

describe("the check of imports", () => {
	let folder = "";
	/** What is said of each file, once the tree has all that it must not have. */
	const said = new Map<string, string>();
	let saidBefore = "";

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), "zipferry-"));
		await cp(`${PROJECT}src`, join(folder, "src"), { recursive: true });
		await cp(`${PROJECT}biome.json`, join(folder, "biome.json"));
		await symlink(`${PROJECT}node_modules`, join(folder, "node_modules"));
		saidBefore = await lint(folder);
		for (const [path, text] of Object.entries(CIRCLE)) await writeFile(join(folder, path), text);
		for (const [row, [, file, target]] of PLANTED.entries())
			await writeFile(join(folder, plantedIn(row, file)), `export type * from "${target}";\n`);
		for (const text of (await lint(folder)).split(/^(?=src\/)/m)) {
			const [file = ""] = text.split(":");
			said.set(file, `${said.get(file) ?? ""}${text}`);
		}
	});
	afterAll(() => rm(folder, { recursive: true, force: true }));

	it.each(PLANTED.map(([what, file, , message], row) => [what, plantedIn(row, file), message] as const))(
		"refuses an import %s",
		(_what, file, message) => {
			expect(said.get(file)).toContain("noRestrictedImports");
			expect(said.get(file)).toContain(message);
		},
	);

	it("refuses a circle of types", () => {
		expect(said.get("src/bytes/egg.ts")).toContain("noImportCycles");
	});

	it("finds nothing in the tree as it is", () => {
		expect(saidBefore).toMatch(/Checked \d+ files[^\n]*No fixes applied\.\s*$/);
	});
});

describe("the house", async () => {
	const found = await readdir(`${PROJECT}src`, { recursive: true, withFileTypes: true });
	const files = found.filter((item) => item.isFile()).map(({ parentPath, name }) => `${parentPath}/${name}`);

	it("has no file above 250 lines", async () => {
		const long: string[] = [];
		for (const file of files) {
			const lines = (await readFile(file, "utf8")).split("\n").length - 1;
			if (lines > 250) long.push(`${file}: ${lines}`);
		}
		expect(files.length).toBeGreaterThan(200);
		expect(long).toEqual([]);
	});

	it("has no folder with more than 15 files, and three files that lie loose", () => {
		const folders = new Map<string, string[]>();
		for (const file of files)
			folders.set(dirname(file), [...(folders.get(dirname(file)) ?? []), basename(file)]);
		const crowded = [...folders].filter(([, names]) => names.length > 15).map(([folder]) => folder);
		expect(crowded).toEqual([]);
		expect(folders.get(`${PROJECT}src`)?.sort()).toEqual(["errors.ts", "events.ts", "index.ts"]);
	});
});
