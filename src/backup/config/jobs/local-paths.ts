import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Paths in a config. */
export interface LocalPaths {
	/** The path, absolute: from the directory of the config, or from the home directory. */
	pathOf(written: string): string;
}

/** @param directory - Of the config, absolute. */
export function localPaths(directory: string): LocalPaths {
	return {
		pathOf(written) {
			if (written === "~" || written.startsWith("~/")) return join(homedir(), written.slice(2));
			return resolve(directory, written);
		},
	};
}
