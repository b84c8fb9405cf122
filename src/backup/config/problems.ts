import { ConfigError } from "./config-error.ts";

/** Where something stands in a config: `["jobs", "photos", "sources", 0]`. */
export type ConfigPath = readonly (string | number)[];

/** What is wrong with a config, or strange. */
export interface ConfigProblem {
	/** Empty for the whole file. */
	readonly path: ConfigPath;
	/** What is wrong, with the path in it where it is needed. */
	readonly text: string;
	/** Where the path does not lead to the place. */
	readonly line?: number | undefined;
}

/** `jobs.photos.sources[0].path` */
export function showPath(path: ConfigPath): string {
	const steps = path.map((step) => {
		if (typeof step === "number") return `[${step}]`;
		return /^[\p{L}\p{N}_$-]+$/u.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
	});
	return steps.join("").replace(/^\./, "");
}

/** A config as it was read. */
export interface Located {
	/** For messages: the name, or the path from the current directory. */
	readonly file: string;
	/** @returns `undefined` where the format has no lines to speak of */
	lineOf(path: ConfigPath): number | undefined;
}

/** `zipferry.config.yaml:12: jobs.photos.keep.daily must be …` */
export function locate(source: Located, { path, text, line = source.lineOf(path) }: ConfigProblem): string {
	return `${source.file}${line === undefined ? "" : `:${line}`}: ${text}`;
}

/** The error of a config with at least one problem: in the order of the file. */
export function configError(source: Located, problems: readonly ConfigProblem[]): ConfigError {
	const placed = problems.map((problem) => ({
		...problem,
		line: problem.line ?? source.lineOf(problem.path),
	}));
	const lines = placed
		.sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
		.map((problem) => locate(source, problem));
	const [first = source.file, ...others] = [...new Set(lines)];
	return new ConfigError([first, ...others]);
}
