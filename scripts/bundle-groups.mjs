/**
 * What the command loads when it comes to that (`import()`), in groups: what is needed together is one file. By itself esbuild makes a file
 * of every such module, and one of all that any two of them share: hundreds, of which a run opens one after the other.
 */
import { readFileSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { build } from "esbuild";

const SDK = /^node_modules\/@(aws-sdk|smithy)\//;

/** The first that fits decides, by the path of the module; what fits none stays by itself. */
const GROUPS = [
	{ name: "about", paths: /^src\/cli\/(help|commands\/about)\// },
	{ name: "parser", paths: /^src\/cli\/arguments\// },
	{ name: "init", paths: /^src\/cli\/commands\/backup\/init\// },
	{ name: "backup", paths: /^src\/(backup|cli\/commands\/(archives|backup))\// },
	{ name: "queue", paths: /^src\/(queue|cli\/commands\/queue)\// },
	{ name: "shards", paths: /^src\/(shards|cli\/commands\/shards)\// },
	{ name: "proxies", paths: /^src\/s3\/client\/proxies\// },
	{ name: "storage", paths: /^src\//, needs: /^node_modules\/@aws-sdk\/client-s3\// },
	{
		name: "read",
		paths: /^src\/(cli\/commands\/(read|storage)|extract|reader|verify|sources\/archived)\//,
		needsNot: SDK,
	},
	{ name: "write", paths: /^src\/cli\/commands\/(edit|write)\// },
	{ name: "serve", paths: /^src\/cli\/commands\/serve\// },
	{ name: "web", paths: /^src\/(sources\/web|reader\/ranged\/url)\// },
	{ name: "credentials", paths: /^node_modules\/@(aws-sdk|smithy)\/(?!lib-storage\/)/ },
];

/**
 * A plugin of esbuild that makes these groups.
 *
 * @param options What the same modules are built with.
 */
export async function groupedImports(options) {
	const { metafile } = await build({ ...options, write: false, metafile: true });
	const { inputs } = metafile;
	const members = new Map(GROUPS.map(({ name }) => [name, []]));
	const placeOf = new Map();
	for (const path of [...new Set(Object.values(inputs).flatMap(lazyImports))].map(({ path }) => path)) {
		const group = groupOf(path, inputs);
		if (group === undefined || placeOf.has(path)) continue;
		const modules = members.get(group);
		placeOf.set(path, { group, name: `m${modules.length}` });
		modules.push(path);
	}
	const [entry] = Object.values(options.entryPoints);
	// Loaded in every run: told of it, esbuild makes one file of it, and not one of all that each few groups share.
	const base = [...loadedWith(entry, inputs)].filter((path) => path.startsWith("src/") && path !== entry);
	return { name: "groups", setup: (bundle) => setUp(bundle, inputs, members, placeOf, base) };
}

const lazyImports = ({ imports }) =>
	imports.filter(({ kind, external }) => kind === "dynamic-import" && external !== true);

function groupOf(path, inputs) {
	const fits = ({ paths, needs, needsNot }) => {
		if (!paths.test(path)) return false;
		const loaded = needs || needsNot ? [...loadedWith(path, inputs)] : [];
		return (
			(needs === undefined || loaded.some((file) => needs.test(file))) &&
			(needsNot === undefined || !loaded.some((file) => needsNot.test(file)))
		);
	};
	return GROUPS.find(fits)?.name;
}

/** The module, and all that is loaded at once with it. */
function loadedWith(path, inputs, found = new Set()) {
	if (found.has(path)) return found;
	found.add(path);
	for (const { path: next, kind, external } of inputs[path]?.imports ?? [])
		if (kind !== "dynamic-import" && external !== true) loadedWith(next, inputs, found);
	return found;
}

function setUp(bundle, inputs, members, placeOf, base) {
	bundle.onResolve({ filter: /^group:/ }, ({ path }) => ({
		path: path.slice("group:".length),
		namespace: "group",
	}));
	bundle.onResolve({ filter: /^base:/ }, ({ path }) => ({ path: path.slice("base:".length) }));
	bundle.onLoad({ filter: /./, namespace: "group" }, ({ path: name }) => {
		const lines = [
			...members
				.get(name)
				.map((path, index) => `export * as m${index} from ${JSON.stringify(resolve(path))};`),
			...base.map((path) => `import ${JSON.stringify(`base:${resolve(path)}`)};`),
		];
		return { contents: lines.join("\n"), resolveDir: process.cwd() };
	});
	const importers = Object.entries(inputs).filter(([, input]) =>
		lazyImports(input).some(({ path }) => placeOf.has(path)),
	);
	for (const [file, input] of importers) {
		const path = resolve(file);
		bundle.onLoad({ filter: new RegExp(`^${escaped(path)}$`) }, () => ({
			contents: withGroups(readFileSync(path, "utf8"), lazyImports(input), placeOf, file),
			resolveDir: dirname(path),
			loader: extname(path) === ".ts" ? "ts" : "js",
		}));
	}
}

function withGroups(text, imports, placeOf, file) {
	let grouped = text;
	for (const [original, path] of new Map(imports.map(({ original, path }) => [original, path]))) {
		const place = placeOf.get(path);
		if (place === undefined) continue;
		const call = `import("${original}")`;
		if (!grouped.includes(call)) throw new Error(`${file}: ${call} is not written like this`);
		grouped = grouped.replaceAll(call, `import("group:${place.group}").then((group) => group.${place.name})`);
	}
	return grouped;
}

const escaped = (text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
