import { dirname, relative, sep } from "node:path";
import { keepSecrets } from "../../secrets/known-secrets.ts";
import { buildJobs, type ConfiguredJob } from "./jobs/build-jobs.ts";
import { type ConfigProblem, configError, type Located, locate } from "./problems.ts";
import { findConfig } from "./read/find-config.ts";
import { isProgram, readConfig } from "./read/read-config.ts";
import { resolveTexts } from "./read/resolve-texts.ts";
import { checkConfig } from "./schema/check-config.ts";

/** Where a config is, and what its variables are. */
export interface LoadConfigOptions {
	/** Directory in which the search for a config begins, absolute. */
	readonly cwd: string;
	/** The file; by default the nearest one is found. */
	readonly path?: string | undefined;
	readonly env: NodeJS.ProcessEnv;
	/** Gives up a file or a program that never ends. */
	readonly signal?: AbortSignal | undefined;
}

/** A config file that has been read and checked. */
export interface LoadedConfig {
	/** Its path, absolute. */
	readonly file: string;
	/** In the order of the file. */
	readonly jobs: readonly ConfiguredJob[];
	/** What is strange about it, a line each: `zipferry.config.yaml:3: …`. */
	readonly warnings: readonly string[];
}

/**
 * Finds a config, reads and checks it. Secrets in it are shown nowhere from then on.
 *
 * @throws {ConfigError} with everything that is wrong in it
 * @throws {InvalidOptionError} if there is none
 * @throws the reason of the signal
 */
export async function loadConfig({ cwd, path, env, signal }: LoadConfigOptions): Promise<LoadedConfig> {
	const file = await findConfig({ cwd, path });
	const directory = dirname(file);
	const { data, lineOf, problems } = await readConfig(file, signal);
	const located: Located = { file: shownFile(cwd, file), lineOf };
	refuse(located, problems);
	const texts = resolveTexts(data, { env, directory, program: isProgram(file) });
	keepSecrets(...texts.secrets);
	const checked = checkConfig(texts.data, (place) => texts.expanded.has(place));
	// What is no value, as its variable is not set, is not told a second time.
	const untold = checked.problems.filter(
		({ path }) => !texts.problems.some((told) => isSame(told.path, path)),
	);
	refuse(located, [...texts.problems, ...untold]);
	const built = buildJobs(checked.config ?? { jobs: {} }, directory);
	refuse(located, built.problems);
	const warnings = texts.warnings.map((warning) => locate(located, warning));
	return { file, jobs: built.jobs, warnings };
}

function refuse(located: Located, problems: readonly ConfigProblem[]): void {
	if (problems.length > 0) throw configError(located, problems);
}

function isSame(a: ConfigProblem["path"], b: ConfigProblem["path"]): boolean {
	return a.length === b.length && a.every((step, index) => step === b[index]);
}

/** The path as somebody in this directory would type it. */
function shownFile(cwd: string, file: string): string {
	const path = relative(cwd, file);
	return path.startsWith(`..${sep}`) || path === "" ? file : path;
}
