import * as v from "valibot";
import { isObject } from "../../../options/kinds.ts";
import { shownValue } from "../../../options/shown-value.ts";
import { type ConfigPath, type ConfigProblem, showPath } from "../problems.ts";
import { secretKindOf } from "../read/secrets.ts";
import type { ZipferryConfig } from "../written/zipferry-config.ts";
import { CONFIG_SCHEMA } from "./config-schema.ts";
import { readDeclared } from "./read-declared.ts";

/** valibot passes over these in mappings. */
const NO_NAMES: readonly string[] = ["__proto__", "constructor", "prototype"];

/** A config that has been looked at; whole only if there are no problems. */
export interface CheckedConfig {
	readonly config: ZipferryConfig | undefined;
	readonly problems: readonly ConfigProblem[];
}

/** Checks every value by itself. */
export function checkConfig(data: unknown, isExpanded: (path: string) => boolean): CheckedConfig {
	if (typeof data !== "object" || data === null || Array.isArray(data)) {
		const text =
			data === null || data === undefined
				? "is empty"
				: `must be a mapping with jobs, not ${shownValue(data)}`;
		return { config: undefined, problems: [{ path: [], text }] };
	}
	const declared = readDeclared(CONFIG_SCHEMA, withoutDefaults(data), isExpanded);
	const result = v.safeParse(CONFIG_SCHEMA, declared.data);
	const wrong = (result.issues ?? []).flatMap(problemsOf);
	const problems = [...declared.problems, ...wrong, ...jobProblems(declared.data)];
	return { config: problems.length === 0 && result.success ? result.output : undefined, problems };
}

/** A job with nothing for a setting does not have the default: `undefined` takes its place. */
function withoutDefaults(data: object): object {
	const { defaults, jobs } = data as Readonly<Record<string, unknown>>;
	if (!isObject(defaults) || !isObject(jobs) || Array.isArray(jobs)) return data;
	const cleared = Object.entries(jobs).map(([name, job]) => {
		if (!isObject(job) || Array.isArray(job)) return [name, job] as const;
		const settings = Object.entries(job).map(([setting, value]) => {
			return [setting, value === null && Object.hasOwn(defaults, setting) ? undefined : value] as const;
		});
		return [name, Object.fromEntries(settings)] as const;
	});
	return { ...data, jobs: Object.fromEntries(cleared) };
}

function problemsOf(issue: v.BaseIssue<unknown>): readonly ConfigProblem[] {
	const path = (issue.path ?? []).map(({ key }) => key as string | number); // of data that JSON can hold
	const last = issue.path?.at(-1);
	if (issue.type === "strict_object" && issue.expected === "never") return []; // told already, with what was meant
	if (last !== undefined && "origin" in last && last.origin === "key" && issue.type === "strict_object")
		return [{ path, text: `${showPath(path)} is missing` }];
	return [{ path, text: describe(path, issue) }];
}

function describe(path: ConfigPath, { message, input }: v.BaseIssue<unknown>): string {
	const place = showPath(path);
	if (message.startsWith(" ")) return `${place}${message}`; // a rule of its own
	if (input === "") return `${place} is empty; it must be ${message}`;
	if (secretKindOf(path) !== undefined) return `${place} must be ${message}`; // what it is instead may be secret, too
	if (input === null) return `${place} has no value; it must be ${message}`;
	return `${place} must be ${message}, not ${shownValue(input)}`;
}

function jobProblems(data: unknown): readonly ConfigProblem[] {
	const jobs = (data as { readonly jobs?: unknown }).jobs;
	if (typeof jobs !== "object" || jobs === null) return [];
	const names = Object.keys(jobs);
	if (names.length === 0) return [{ path: ["jobs"], text: "jobs has no job in it" }];
	return names
		.filter((name) => NO_NAMES.includes(name))
		.map((name) => ({ path: ["jobs", name], text: `jobs.${name} cannot be the name of a job` }));
}
