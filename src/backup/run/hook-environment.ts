import type { Hooks } from "../job.ts";
import type { RunReport } from "../run-report.ts";

/** Variables that hooks get besides those of the run. */
export const HOOK_VARIABLES = [
	"ZIPFERRY_HOOK",
	"ZIPFERRY_JOB",
	"ZIPFERRY_STATUS",
	"ZIPFERRY_ARCHIVE",
	"ZIPFERRY_EXIT_CODE",
	"ZIPFERRY_ERROR",
] as const;

/** What a hook is told of the run; a variable of which nothing is known yet is not there. */
export function hookEnvironment(
	hook: keyof Hooks,
	{ job, status, archive, exitCode, error }: RunReport,
): Partial<Record<(typeof HOOK_VARIABLES)[number], string>> {
	const known = {
		ZIPFERRY_HOOK: hook,
		ZIPFERRY_JOB: job,
		ZIPFERRY_STATUS: status,
		ZIPFERRY_ARCHIVE: archive && `s3://${archive.bucket}/${archive.key}`,
		ZIPFERRY_EXIT_CODE: status === "running" ? undefined : String(exitCode),
		ZIPFERRY_ERROR: error?.message,
	};
	return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}
