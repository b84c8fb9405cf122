import type { ConfiguredJob } from "../../../backup/config/jobs/build-jobs.ts";
import { loadConfig } from "../../../backup/config/load-config.ts";
import type { BackupJob, JobSource } from "../../../backup/job.ts";
import { shownUrl } from "../../../reader/ranged/url/shown-url.ts";
import { errorToJson } from "../../error-to-json.ts";
import { EXIT } from "../../exit-codes.ts";
import type { BACKUP_OUTPUT_OPTIONS } from "../../options/backup/backup-options.ts";
import type { CONFIG_OPTIONS } from "../../options/backup/config-options.ts";
import type { RUN_JOB_OPTIONS } from "../../options/backup/run-options.ts";
import { CONFIG_WORDS } from "../../terminal/command-words.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { printJson } from "../../terminal/report.ts";
import { printable } from "../../terminal/text.ts";
import type { Given } from "../command.ts";
import { chosenJobs } from "./jobs/chosen-jobs.ts";
import { planJob } from "./jobs/plan-job.ts";
import { runJob } from "./jobs/run-job.ts";
import { JOB_WORDS } from "./run-words.ts";

type RunOptionTable = typeof CONFIG_OPTIONS & typeof RUN_JOB_OPTIONS & typeof BACKUP_OUTPUT_OPTIONS;
type RunGiven = Given<RunOptionTable, { readonly job: readonly string[] }>;

export async function runRun({ operands, values }: RunGiven, io: Io): Promise<number> {
	const cwd = process.cwd();
	const { signal } = io;
	const { file, jobs, warnings } = await loadConfig({ cwd, path: values.config, env: process.env, signal });
	for (const warning of warnings) writeLine(io.stderr, `warning: ${printable(warning)}`);
	const selects = values.all === true || operands.job.length > 0;
	const listed = selects ? chosenJobs(jobs, operands.job, values.all === true, file) : jobs;
	if (values.list === true || values.check === true) return await show(listed, file, values, io);
	const chosen = chosenJobs(jobs, operands.job, values.all === true, file);
	return values["dry-run"] === true ? await planAll(chosen, values, io) : await runAll(chosen, values, io);
}

/** One after the other; a stop ends all of them. */
async function runAll(jobs: readonly ConfiguredJob[], values: RunGiven["values"], io: Io): Promise<number> {
	const reports = [];
	for (const job of jobs) {
		reports.push(await runJob(job, JOB_WORDS, values, io));
		if (io.signal.aborted) break;
	}
	if (values.json === true) await printJson(io, reports);
	return worst(reports.map(({ exitCode }) => exitCode));
}

async function planAll(jobs: readonly ConfiguredJob[], values: RunGiven["values"], io: Io): Promise<number> {
	const plans: object[] = [];
	const codes: number[] = [];
	for (const [index, job] of jobs.entries()) {
		try {
			const { json, lines, exitCode } = await planJob(job, values, io);
			plans.push(json);
			codes.push(exitCode);
			if (values.json === true) continue;
			await io.stdout.print(`${index === 0 ? "" : "\n"}job         ${job.name}\n${lines.join("\n")}\n`);
		} catch (error) {
			io.signal.throwIfAborted();
			const { name } = job;
			const described = errorToJson(error, CONFIG_WORDS);
			writeLine(io.stderr, `zipferry: ${name}: ${described.message}`);
			plans.push({ job: name, error: described });
			codes.push(described.exitCode);
		}
	}
	if (values.json === true) await printJson(io, plans);
	return worst(codes);
}

/** The code of the stop if there was one; else that of a failure rather than of something left out. */
function worst(codes: readonly number[]): number {
	const rank = (code: number) => (code === EXIT.ok ? -1 : code === EXIT.incomplete ? 0 : code);
	return codes.reduce<number>((most, code) => (rank(code) > rank(most) ? code : most), EXIT.ok);
}

async function show(
	jobs: readonly ConfiguredJob[],
	file: string,
	{ list, json, quiet }: RunGiven["values"],
	io: Io,
): Promise<number> {
	if (json === true) await printJson(io, { file, jobs: jobs.map(jobForPrograms) });
	else if (list === true) await io.stdout.print(jobs.map((job) => `${jobLine(job)}\n`).join(""));
	else if (quiet !== true)
		writeLine(io.stderr, `${file}: ${jobs.length === 1 ? "1 job" : `${jobs.length} jobs`}, no mistakes`);
	return EXIT.ok;
}

function jobForPrograms({ name, template, schedule, sources }: ConfiguredJob): object {
	return { name, template: template.text, schedule: schedule?.cron, sources: sources.map(sourceName) };
}

function jobLine({ name, template, schedule }: BackupJob): string {
	return printable([name, template.text, ...(schedule === undefined ? [] : [schedule.cron])].join("  "));
}

function sourceName(source: JobSource): string {
	if ("command" in source) return source.name;
	if ("url" in source) return addressFor(source.url);
	if ("archive" in source) return `${addressFor(source.archive)}!/${source.entry ?? ""}`;
	return "path" in source ? source.path : "a list of paths";
}

/** An address of a web server without what may be a secret in it. */
function addressFor(address: string | URL): string {
	const text = String(address);
	return /^https?:/i.test(text) && URL.canParse(text) ? shownUrl(new URL(text)) : text;
}
