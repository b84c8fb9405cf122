import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { type AdviceWords, describeAdvice, LIBRARY_WORDS } from "../../../advice/advice-in-words.ts";
import { InvalidOptionError, messageOf } from "../../../errors.ts";
import { resolveOptions } from "../../../options/resolve-options.ts";
import { isKeyService } from "../../../s3/object-proof.ts";
import { UPLOAD_SCHEMA } from "../../../upload/options.ts";
import type { BackupJob } from "../../job.ts";
import { parseKeyTemplate } from "../../template/parse-key-template.ts";
import { type ConfigPath, type ConfigProblem, showPath } from "../problems.ts";
import type { JobConfig, JobDefaults } from "../written/job-config.ts";
import type { ZipferryConfig } from "../written/zipferry-config.ts";
import { jobSchedule, keepPolicy, millisecondsOf, objectLock, rollingOf, spanOf } from "./job-keep.ts";
import { jobHooks, jobSources } from "./job-sources.ts";
import { tellSettings } from "./job-tell.ts";
import { listed } from "./listed.ts";
import { type LocalPaths, localPaths } from "./local-paths.ts";
import { LIBRARY_NAMES, uploadSettings } from "./upload-settings.ts";

/** A job of a config file, under its name there. */
export type ConfiguredJob = BackupJob & { readonly name: string };

/** The jobs of a config; all of them only if there are no problems. */
export interface BuiltJobs {
	readonly jobs: readonly ConfiguredJob[];
	readonly problems: readonly ConfigProblem[];
}

/**
 * Makes jobs of a config of which every value has been checked by itself, and checks them together.
 *
 * @param directory - Of the config, absolute.
 */
export function buildJobs({ defaults = {}, jobs }: ZipferryConfig, directory: string): BuiltJobs {
	const built: ConfiguredJob[] = [];
	const problems: ConfigProblem[] = [];
	const paths = localPaths(directory);
	for (const [name, own] of Object.entries(jobs)) {
		const placeOf = (setting: string): ConfigPath =>
			Object.hasOwn(own, setting) || !Object.hasOwn(defaults, setting)
				? ["jobs", name, setting]
				: ["defaults", setting];
		const attempt = new Attempt(placeOf, problems);
		const job = buildJob(name, { ...defaults, ...own }, own, paths, attempt);
		if (job !== undefined) built.push(job);
	}
	problems.push(...sharedPlaces(built));
	return { jobs: built, problems };
}

/** Makes one thing after the other, and goes on where one cannot be made. */
class Attempt {
	readonly #placeOf: (setting: string) => ConfigPath;
	readonly #problems: ConfigProblem[];
	failed = false;

	constructor(placeOf: (setting: string) => ConfigPath, problems: ConfigProblem[]) {
		this.#placeOf = placeOf;
		this.#problems = problems;
	}

	/** @param setting - What the error is about, unless it says so itself. */
	to<Made>(setting: string, make: () => Made): Made | undefined {
		try {
			return make();
		} catch (error) {
			if (!(error instanceof InvalidOptionError)) throw error;
			this.refuse(settingOf(error.option) ?? setting, error);
			return undefined;
		}
	}

	refuse(setting: string, error: InvalidOptionError | string): void {
		this.failed = true;
		const path = this.#placeOf(setting);
		this.#problems.push({
			path,
			text: typeof error === "string" ? `${showPath(path)} ${error}` : told(error, path),
		});
	}
}

const WORDS: AdviceWords = {
	...LIBRARY_WORDS,
	option: (name) => settingOf(name) ?? name,
	setOption: (name, value) => `write ${settingOf(name) ?? name}${value === undefined ? "" : `: ${value}`}`,
};

/** The error in the words of a config. */
function told({ option, rule, problem, advice }: InvalidOptionError, path: ConfigPath): string {
	const isOfSetting = rule !== undefined && (settingOf(option) ?? option) === path.at(-1);
	const said = isOfSetting ? `${showPath(path)} ${rule}` : `${showPath(path)}: ${problem}`;
	return advice === undefined ? said : `${said}; ${describeAdvice(advice, WORDS)}`;
}

/** The setting that has this name in the library. */
function settingOf(option: string | undefined): string | undefined {
	const [name = ""] = /^[\w-]+/.exec(option ?? "") ?? [];
	if (name === "timeZone") return "time-zone";
	return Object.entries(LIBRARY_NAMES).find(([, library]) => library === name)?.[0];
}

function buildJob(
	name: string,
	job: JobConfig,
	own: JobConfig,
	paths: LocalPaths,
	attempt: Attempt,
): ConfiguredJob | undefined {
	const { target, host, "time-zone": timeZone } = job;
	if (target === undefined)
		attempt.refuse("target", "is missing; it is an address such as s3://bucket/{name}/%Y-%m-%d.zip");
	const template =
		target === undefined
			? undefined
			: attempt.to("target", () => parseKeyTemplate(target, { name, host, timeZone }));
	const patterns = attempt.to("exclude-from", () =>
		listed(job["exclude-from"]).flatMap((file) => patternsIn(paths.pathOf(file))),
	);
	const upload = uploadSettings(job, patterns ?? [], paths);
	attempt.to("target", () =>
		resolveOptions(UPLOAD_SCHEMA, { ...upload, bucket: template?.bucket ?? "bucket", key: "key" }),
	);
	if (job["sse-kms-key-id"] !== undefined && !isKeyService(job.sse))
		attempt.refuse("sse-kms-key-id", "does nothing without sse: aws:kms");
	if (job.account !== undefined && job.provider !== "r2")
		attempt.refuse("account", "does nothing without provider: r2");
	const sources = attempt.to("sources", () => jobSources(job.sources, paths));
	const keep = attempt.to("keep", () => job.keep && keepPolicy(job.keep));
	checkNeeds(job, own, attempt);
	if (attempt.failed || template === undefined || sources === undefined) return undefined;
	return {
		name,
		sources,
		template,
		upload,
		verify: job.verify ?? "structure",
		keep,
		pruneVersions: job["prune-versions"] ?? false,
		requireDrill: spanOf(job["require-drill"]),
		objectLock: job["object-lock"] && objectLock(job["object-lock"]),
		lockWaitMs: millisecondsOf(job["lock-wait"] ?? 0),
		lease: job.lease ?? true,
		hooks: jobHooks(job.hooks),
		tell: tellSettings(job, { name, host: host ?? hostname() }, paths),
		skipIfUnchanged: job["skip-if-unchanged"] ?? false,
		rolling: rollingOf(job),
		schedule: job.schedule === undefined ? undefined : jobSchedule(job.schedule, template.timeZone),
	};
}

/**
 * Refuses settings that would do nothing: somebody counts on them.
 *
 * @param own - The job without defaults: these need not fit every job.
 */
function checkNeeds(job: JobDefaults, own: JobDefaults, attempt: Attempt): void {
	const alone = "does nothing without keep, which says what is removed";
	for (const setting of ["prune-versions", "require-drill"] as const)
		if (job.keep === undefined && own[setting]) attempt.refuse(setting, alone);
	if (job.rolling !== undefined && job.rolling !== false) {
		if (job.transport === "lib-storage")
			attempt.refuse("rolling", "does nothing with transport: lib-storage");
	} else if (own.full !== undefined) attempt.refuse("full", "does nothing without rolling: true");
	const lock = job["object-lock"];
	if (lock === undefined) return;
	if (job.keep === undefined) attempt.refuse("object-lock", alone);
	if (lock.interval === undefined && job.schedule === undefined)
		attempt.refuse("object-lock", "needs an interval, the time between two runs, as the job has no schedule");
}

const ANY_TIME = new Date("2000-01-01T00:00:00Z");

/** Two jobs with one template would remove each other's archives; with one file of metrics, hide each other. */
function sharedPlaces(jobs: readonly ConfiguredJob[]): readonly ConfigProblem[] {
	const seen = new Map<string, string>();
	const check = (name: string, what: string, place: string): readonly ConfigProblem[] => {
		const other = seen.get(`${what} ${place}`);
		if (other === undefined) seen.set(`${what} ${place}`, name);
		const text = `${showPath(["jobs", name])} has the same ${what} as ${showPath(["jobs", other ?? ""])}; put {name} into it`;
		return other === undefined ? [] : [{ path: ["jobs", name], text }];
	};
	return jobs.flatMap(({ name, template, tell }) => [
		...check(name, "target", `s3://${template.bucket}/${template.keyAt(ANY_TIME)}`),
		...(tell.metricsFile === undefined ? [] : check(name, "metrics-file", tell.metricsFile)),
	]);
}

function patternsIn(file: string): readonly string[] {
	try {
		return readFileSync(file, "utf8").split(/\r?\n/);
	} catch (error) {
		const rule = `cannot be read: ${messageOf(error)}`;
		throw new InvalidOptionError(`exclude-from ${rule}`, { option: "exclude-from", rule, cause: error });
	}
}
