import { type Stats, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { lilconfig } from "lilconfig";
import { InvalidOptionError, messageOf } from "../../../errors.ts";

/** Endings of config files, the one that `zipferry init` writes first. */
export const CONFIG_ENDINGS = ["yaml", "yml", "json", "js", "mjs", "cjs", "ts"] as const;

const NAME = "zipferry.config";

/** Where a config is looked for. */
export interface ConfigPlace {
	/** Directory in which the search begins; relative paths begin there, too. */
	readonly cwd: string;
	/** The file, if somebody has named it. */
	readonly path: string | undefined;
}

/**
 * The config that was named, or the nearest one: in this directory, or one above.
 *
 * @throws {InvalidOptionError} if there is none, or one that somebody else may have put there
 */
export async function findConfig({ cwd, path }: ConfigPlace): Promise<string> {
	if (path !== undefined) return named(resolve(cwd, path));
	const loaders = Object.fromEntries(CONFIG_ENDINGS.map((ending) => [`.${ending}`, () => ({})]));
	const places = CONFIG_ENDINGS.map((ending) => `${NAME}.${ending}`);
	const search = lilconfig("zipferry", {
		searchPlaces: places,
		loaders: { ...loaders, noExt: () => ({}) },
		ignoreEmptySearchPlaces: false,
		stopDir: resolve(cwd, "/"),
		cache: false,
	});
	const found = await search.search(cwd);
	if (found === null)
		throw new InvalidOptionError(`there is no ${NAME}.yaml in ${cwd}, nor in a directory above`, {
			advice: { kind: "write-config" },
		});
	const stats = statSync(found.filepath);
	const stranger = strangerIn(stats, statSync(dirname(found.filepath)));
	if (stranger !== undefined)
		throw new InvalidOptionError(`${found.filepath} was found, and is not used: ${stranger}`, {
			advice: { kind: "set-option", option: "config", value: found.filepath, purpose: "if it is yours" },
		});
	return found.filepath;
}

function named(file: string): string {
	try {
		if (!statSync(file).isDirectory()) return file;
	} catch (error) {
		const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
		const message = missing ? `there is no config ${file}` : `cannot read the config: ${messageOf(error)}`;
		throw new InvalidOptionError(message, { cause: error });
	}
	throw new InvalidOptionError(`the config ${file} is a directory`);
}

/** Who else may have put a file there that says which commands to run: it was found, and nobody has named it. */
function strangerIn(file: Stats, directory: Stats): string | undefined {
	const user = process.getuid?.();
	if (user === undefined) return undefined; // Windows
	const owners = [file, directory].map(({ uid }) => uid).filter((uid) => uid !== 0 && uid !== user);
	if (owners.length > 0) return `it, or its directory, is another user's`;
	const open = [file, directory].some(({ mode }) => (mode & 0o002) !== 0);
	return open ? "everybody can write to it, or to its directory" : undefined;
}
