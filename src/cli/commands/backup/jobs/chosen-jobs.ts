import type { ConfiguredJob } from "../../../../backup/config/jobs/build-jobs.ts";
import { InvalidOptionError } from "../../../../errors.ts";
import { nearestOf } from "../../../../options/nearest.ts";

/**
 * The jobs that a command line means, in its order.
 *
 * @param file - The config, for messages.
 * @throws {InvalidOptionError} for a name of no job, and if it is not clear which one is meant
 */
export function chosenJobs(
	jobs: readonly ConfiguredJob[],
	names: readonly string[],
	all: boolean,
	file: string,
): readonly ConfiguredJob[] {
	if (all && names.length > 0) throw new InvalidOptionError("name jobs, or say --all, not both");
	if (all) return jobs;
	if (names.length > 0) return [...new Set(names)].map((name) => jobNamed(jobs, name, file));
	const [only, ...others] = jobs;
	if (only !== undefined && others.length === 0) return [only];
	throw new InvalidOptionError(`say which job: ${namesOf(jobs)}; or --all`);
}

function jobNamed(jobs: readonly ConfiguredJob[], name: string, file: string): ConfiguredJob {
	const job = jobs.find((one) => one.name === name);
	if (job !== undefined) return job;
	const nearest = nearestOf(
		name,
		jobs.map((one) => one.name),
	);
	const meant = nearest === undefined ? `its jobs: ${namesOf(jobs)}` : `did you mean ${nearest}?`;
	throw new InvalidOptionError(`${file} has no job ${JSON.stringify(name)}; ${meant}`);
}

function namesOf(jobs: readonly ConfiguredJob[]): string {
	return jobs.map(({ name }) => name).join(", ");
}
