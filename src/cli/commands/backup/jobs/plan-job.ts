import type { BackupJob } from "../../../../backup/job.ts";
import type { BaseChoice } from "../../../../backup/rolling/find-base.ts";
import { planRun, type RunPlan } from "../../../../backup/run/plan-run.ts";
import { warningInCommands } from "../../../terminal/command-words.ts";
import type { Io } from "../../../terminal/io.ts";
import { exitCodeOfRun } from "../../../terminal/report.ts";
import { formatCount, printable } from "../../../terminal/text.ts";
import { formatMoney } from "../../write/cost-lines.ts";
import { uploadPlanLines } from "../../write/upload-plan-lines.ts";
import { displayJob, type OutputValues } from "./job-display.ts";

/** What a run would do, for programs. */
export interface PlannedJob {
	readonly exitCode: number;
	readonly json: object;
	readonly lines: readonly string[];
}

/** Predicts the run of a job. */
export async function planJob(job: BackupJob, values: OutputValues, io: Io): Promise<PlannedJob> {
	const display = displayJob(job.name, values, io);
	try {
		const plan = await planRun(job, { now: new Date(), signal: io.signal, onEvent: display.onEvent });
		return {
			exitCode: exitCodeOfRun(plan.upload.warnings),
			json: planForPrograms(job, plan),
			lines: [
				...uploadPlanLines(plan.upload),
				...baseLines(plan.base),
				...retentionLines(plan),
				...earlyLines(plan),
			],
		};
	} finally {
		display.end();
	}
}

function planForPrograms({ name }: BackupJob, { upload, retention, earlyDeletions }: RunPlan): object {
	const warnings = upload.warnings.map(warningInCommands);
	return {
		job: name,
		...upload,
		warnings,
		retention: retention && {
			kept: retention.kept.map(({ archive, rules }) => ({ key: archive.key, rules })),
			locked: retention.locked.map(({ archive, until }) => ({ key: archive.key, until })),
			removed: retention.removed.map(({ key }) => key),
		},
		earlyDeletions,
	};
}

function baseLines(base: BaseChoice | undefined): readonly string[] {
	// The plan of the upload has it otherwise.
	return base === undefined || base.type === "base" ? [] : [`base        none: ${printable(base.reason)}`];
}

function earlyLines({ earlyDeletions }: RunPlan): readonly string[] {
	return earlyDeletions.map(({ key, at, days, leastDays, fee, currency }) => {
		const stays = `goes on ${at.toISOString().slice(0, 10)}, after ${formatCount(days, "day")}`;
		return `too early   ${printable(key)} ${stays}; ${leastDays} are billed: at most ${formatMoney(fee, currency)}`;
	});
}

function retentionLines({ retention: plan }: RunPlan): readonly string[] {
	if (plan === undefined) return ["removes     nothing: there are no keep rules"];
	return [
		...plan.kept.map(({ archive, rules }) => `keeps       ${printable(archive.key)} (${rules.join(", ")})`),
		...plan.locked.map(({ archive, until }) => {
			const how = until === undefined ? "on legal hold" : `locked until ${until.toISOString()}`;
			return `keeps       ${printable(archive.key)} (${how})`;
		}),
		...plan.removed.map(({ key }) => `removes     ${printable(key)}`),
	];
}
