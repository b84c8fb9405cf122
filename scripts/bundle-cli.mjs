/**
 * Puts the command into `dist/cli`: it and all it needs in a few files, so that a run does not begin with
 * looking for some hundred modules and compiling what it never calls. What only some runs need (the SDK,
 * lib-storage, ways to get credentials) stays in files of its own, loaded when it comes to that.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { groupedImports } from "./bundle-groups.mjs";

const FOLDER = "dist/cli";

/** The oldest Node in `engines`. */
const shared = { platform: "node", target: "node20.19", charset: "utf8", logLevel: "warning" };

// What the command starts with stays by itself: the rest is loaded when its turn comes. Versions of Node that are too
// old for that can read this file: it tells them so.
await build({
	...shared,
	target: "node12.20",
	entryPoints: ["src/cli/zipferry.cts"],
	outfile: `${FOLDER}/zipferry.cjs`,
});

const modules = {
	...shared,
	format: "esm",
	bundle: true,
	outdir: FOLDER,
	// ES modules of a dependency, where it has them: of these only what is used is taken.
	mainFields: ["module", "main"],
	alias: { cliui: "./scripts/unread/cliui.mjs", "string-width": "./scripts/unread/string-width.mjs" },
	// CommonJS dependencies ask for Node's own modules with it.
	banner: {
		js: 'import { createRequire as createRequireOfBundle } from "node:module";\nconst require = createRequireOfBundle(import.meta.url);',
	},
	metafile: true,
};

const command = {
	...modules,
	entryPoints: { main: "src/cli/main.ts" },
	// Whoever has a queue installs them.
	external: ["bullmq", "ioredis", "pg"],
	splitting: true,
	// Of the imports that only say what is loaded together; see bundle-groups.mjs.
	logOverride: { "ignored-bare-import": "silent" },
};
const { metafile } = await build({ ...command, plugins: [await groupedImports(command)] });

// Threads are started by their names, beside the file that starts them. Each is one file: it starts sooner.
await build({
	...modules,
	entryPoints: {
		"hash-worker": "src/bytes/hash/hash-worker.js",
		"deflate-worker": "src/zip/blocks/deflate-worker.js",
		"run-worker": "src/sources/files/reading/run-worker.ts",
		"write-worker": "src/extract/local/write/write-worker.js",
	},
});

writeFileSync(`${FOLDER}/THIRD-PARTY-LICENSES.txt`, licencesOf(packagesIn(metafile)));

/** Folders of the packages that something was taken from. */
function packagesIn({ outputs }) {
	const used = Object.values(outputs).flatMap(({ inputs }) =>
		Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
	);
	const folders = used.map(([file]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
	return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

/** What the licences ask to be told wherever the code goes: every package, and every text once. */
function licencesOf(folders) {
	const packages = folders.map(readPackage);
	// That of Apache is the same for all; others begin with a name of their own.
	const untold = packages.find(({ license, texts }) => texts.length === 0 && license !== "Apache-2.0");
	if (untold !== undefined) throw new Error(`there is no text of the licence of ${untold.name}`);
	const texts = new Set(packages.flatMap(({ texts }) => texts));
	const list = packages.map(({ name, version, license }) => `${name} ${version} (${license})`);
	return `${[[...new Set(list)].sort().join("\n"), ...texts].join(`\n\n${"=".repeat(80)}\n\n`)}\n`;
}

function readPackage(folder) {
	const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
	const found = readdirSync(folder, { withFileTypes: true });
	const files = found.filter((file) => file.isFile() && /^(licen[cs]e|notice)/i.test(file.name));
	return {
		name,
		version,
		license,
		texts: files.map(({ name: file }) => readFileSync(`${folder}/${file}`, "utf8").trim()),
	};
}
