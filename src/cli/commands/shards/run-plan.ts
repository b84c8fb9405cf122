import { formatNumber } from "../../../bytes/units.ts";
import { InvalidOptionError } from "../../../errors.ts";
import type { ZipferryEvent } from "../../../events.ts";
import { shownValue } from "../../../options/shown-value.ts";
import { looksLikeS3Url, parseS3Url } from "../../../s3/address.ts";
import type { PlanShardsOptions } from "../../../shards/plan/options.ts";
import type { ShardSource } from "../../../shards/plan/sources/shard-source.ts";
import { manifestKey } from "../../../shards/shard-keys.ts";
import type { ShardPlan } from "../../../shards/shard-plan.ts";
import { EXIT } from "../../exit-codes.ts";
import type { PLAN_TABLE } from "../../options/shards/plan-table.ts";
import { readSources } from "../../sources/read-sources.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { showProgress } from "../../terminal/progress/progress.ts";
import { printJson } from "../../terminal/report.ts";
import { shellWord } from "../../terminal/shell-word.ts";
import { asInterrupted } from "../../terminal/signals.ts";
import { describeRequest } from "../../terminal/storage-events.ts";
import { formatBytes, formatCount, printable } from "../../terminal/text.ts";
import type { Given } from "../command.ts";
import { noticeCredentials } from "../connect-notices.ts";
import { archiveSettings } from "../write/archive-settings.ts";
import { noteMaxMtime } from "../write/source-date-epoch.ts";
import { type PlanFile, planFile } from "./plan-file.ts";

type PlanGiven = Given<typeof PLAN_TABLE, { readonly source: readonly string[]; readonly url: string }>;

interface SourcesGiven extends Pick<PlanGiven, "operands"> {
	readonly values: Pick<PlanGiven["values"], "entries" | "exclude-from">;
}

export async function runPlan(given: PlanGiven, io: Io): Promise<number> {
	const { operands, values } = given;
	const sources = await sourcesOf(given);
	const address = parseS3Url(operands.url);
	noticeCredentials(values, io);
	const archive = await archiveSettings(given, io);
	noteMaxMtime(archive.maxMtime, values.quiet, io);
	const progress = showProgress({ display: "none", notes: values.quiet !== true, entries: false }, io);
	let isIncomplete = false;
	const options: PlanShardsOptions = {
		...address,
		...archive,
		signal: io.signal,
		onEvent(event: ZipferryEvent) {
			if (event.type === "warning" && event.code === "UNREADABLE_SKIPPED") isIncomplete = true;
			if (event.type === "request" && values.debug === true) writeLine(io.stderr, describeRequest(event));
			return progress.onEvent(event);
		},
	};
	const file = values.plan === undefined ? undefined : await planFile(values.plan);
	try {
		const { planShards } = await import("../../../shards/plan/plan-shards.ts");
		const plan = await planShards(sources, options);
		await file?.write(plan);
		if (values.json === true) await printJson(io, plan, `the archive is planned as ${planned(plan)}`);
		else if (values.quiet !== true)
			await io.stdout.print(
				planLines(plan, values.workers, file)
					.map((line) => `${line}\n`)
					.join(""),
			);
		return isIncomplete ? EXIT.incomplete : EXIT.ok;
	} catch (error) {
		throw asInterrupted(error, "nothing is planned, and nothing of it is left");
	} finally {
		await file?.close();
		progress.end();
	}
}

/** What an archive is planned of. */
export async function sourcesOf({ operands, values }: SourcesGiven): Promise<ShardSource[]> {
	if (!looksLikeS3Url(operands.url) && operands.source.some(looksLikeS3Url))
		throw new InvalidOptionError(
			`the target comes last, and ${shownValue(operands.url)} is no s3:// address`,
		);
	const { entries, "exclude-from": patterns = [] } = values;
	if (entries !== undefined && operands.source.length > 0)
		throw new InvalidOptionError("--entries lists all that is to be archived: give no sources beside it");
	if (entries !== undefined) return [{ entries }];
	const files = { "exclude-from": patterns };
	return readSources({ words: operands.source, files, allowEmpty: false, dryRun: true });
}

/** Where the plan is in any case. */
function planned(plan: ShardPlan): string {
	return `s3://${plan.bucket}/${manifestKey(plan)}`;
}

/** What is planned, and how to go on. */
function planLines(plan: ShardPlan, workers: number, file: PlanFile | undefined): string[] {
	const { bucket, key, entryCount, sourceSize, shardCount } = plan;
	const facts = [
		formatCount(entryCount, "entry", "entries"),
		formatBytes(sourceSize),
		`${formatCount(shardCount, "shard")} for ${formatCount(workers, "worker")}`,
	];
	const where = file?.path ?? planned(plan);
	const word = shellWord(where);
	return [
		`${printable(`s3://${bucket}/${key}`)}: ${facts.join(", ")}`,
		`plan: ${printable(where)}`,
		`make each shard once: zipferry shards work --index N ${printable(word)} (N from 0 to ${formatNumber(shardCount - 1)})`,
		`then: zipferry shards finish ${printable(word)}`,
	];
}
