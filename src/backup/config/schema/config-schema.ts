import * as v from "valibot";
import { type Field, optional } from "../../../options/field.ts";
import { text } from "../../../options/kinds.ts";
import { checkValue } from "../../../options/resolve-options.ts";
import type { JobConfig, JobDefaults } from "../written/job-config.ts";
import type { ZipferryConfig } from "../written/zipferry-config.ts";
import { mapping } from "./config-kinds.ts";
import { DEFAULTS, SOURCES } from "./job-fields.ts";

const JOB_NAME = "a name of the letters A to Z, digits, _, - and ., which does not begin with - or .";

const jobName: Field<string> = v.pipe(v.string(JOB_NAME), v.regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, JOB_NAME));

/**
 * @param option - What gives the name, for messages.
 * @throws {InvalidOptionError} for what cannot be the name of a job
 */
export function checkJobName(option: string, name: string): void {
	checkValue(jobName, name, option);
}

const JOB: Field<JobConfig> = mapping<JobConfig>({ sources: SOURCES, ...DEFAULTS });

/** The whole file. */
export const CONFIG_SCHEMA: Field<ZipferryConfig> = mapping<ZipferryConfig>({
	$schema: optional(text("the address of a schema")),
	defaults: optional(mapping<JobDefaults>(DEFAULTS)),
	jobs: v.record(
		jobName as v.GenericSchema<string, string>,
		JOB,
		"a mapping of names to jobs",
	) as unknown as Field<ZipferryConfig["jobs"]>,
});
