import type { JobConfig, JobDefaults } from "./job-config.ts";

/**
 * What `zipferry.config.yaml` has in it, and what `zipferry.config.js` or `.ts` exports by default.
 *
 * In every text, `${VAR}` stands for an environment variable, `${VAR:-text}` for one that may be unset or empty, and
 * `$$` for a dollar sign. Relative paths begin at the directory of the file, `~/` at the home directory.
 */
export interface ZipferryConfig {
	/** Where editors find the JSON Schema; read by nobody else. */
	readonly $schema?: string | undefined;
	/** What every job has that says nothing else. A setting of a job replaces the one here as a whole. */
	readonly defaults?: JobDefaults | undefined;
	/** The backups by their names, which fill `{name}` in targets. */
	readonly jobs: Readonly<Record<string, JobConfig>>;
}
