import { formatNumber } from "../../../bytes/units.ts";
import type { ZipferryEvent } from "../../../events.ts";
import type { ShardsOptions } from "../../../shards/options.ts";
import type { ShardPlan } from "../../../shards/shard-plan.ts";
import { ShardsError } from "../../../shards/shards-error.ts";
import type { MadeShard } from "../../../shards/work/made-shard.ts";
import type { MakeShardOptions } from "../../../shards/work/options.ts";
import { EXIT } from "../../exit-codes.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { RUN_OPTIONS } from "../../options/output-options.ts";
import type {
	INDEX_OPTIONS,
	SHARD_PACE_OPTIONS,
	SHARD_SOURCE_OPTIONS,
} from "../../options/shards/shards-options.ts";
import { sourceStorageOf } from "../../options/sources/source-storage-of.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { showProgress } from "../../terminal/progress/progress.ts";
import { printJson } from "../../terminal/report.ts";
import { asInterrupted } from "../../terminal/signals.ts";
import { describeRequest } from "../../terminal/storage-events.ts";
import { formatBytes, formatCount, formatSeconds, printable } from "../../terminal/text.ts";
import type { Given } from "../command.ts";
import { noticeCredentials } from "../connect-notices.ts";
import { progressStyle } from "../write/progress-style.ts";
import { givenIndexes } from "./given-indexes.ts";
import { givenPlan } from "./given-plan.ts";
import { storageSettings } from "./storage-settings.ts";

type WorkOptions = typeof INDEX_OPTIONS &
	Omit<typeof RUN_OPTIONS, "dry-run"> &
	typeof SHARD_SOURCE_OPTIONS &
	typeof CONNECT_OPTIONS &
	typeof SHARD_PACE_OPTIONS;
type WorkGiven = Given<WorkOptions, { readonly plan: string }>;

export async function runWork({ operands, values, settings }: WorkGiven, io: Io): Promise<number> {
	noticeCredentials(values, io);
	const tell = (line: string) => {
		if (values.quiet !== true) writeLine(io.stderr, line);
	};
	const storage = storageSettings(settings, values, io);
	const plan = await givenPlan(operands.plan, storage);
	const { indexes, spare } = givenIndexes(values.index ?? [], plan.shardCount);
	if (spare !== undefined)
		tell(
			`there is no shard ${spare}, and nothing to do: the plan has ${formatCount(plan.shardCount, "shard")}`,
		);
	const { makeShard } = await import("../../../shards/work/make-shard.ts");
	for (const index of indexes) {
		const progress = showProgress(progressStyle(values, io), io);
		const options: MakeShardOptions = {
			...settings,
			sourceStorage: sourceStorageOf(values),
			blockingReads: true, // there is nothing else to do
			signal: io.signal,
			onEvent(event: ZipferryEvent) {
				if (event.type === "request" && values.debug === true) writeLine(io.stderr, describeRequest(event));
				return progress.onEvent(event);
			},
		};
		const startedAt = Date.now();
		try {
			const made = await makeShard(plan, index, options);
			progress.end();
			if (values.json === true) await printJson(io, made, `shard ${index} is made`);
			else tell(describeMade(plan, made, Date.now() - startedAt));
		} catch (error) {
			progress.end();
			if (!(await isFinished(error, plan, storage))) throw asInterrupted(error, LEFT);
			tell(`${targetOf(plan)} is complete already: there is nothing left to make`);
			return EXIT.ok;
		}
	}
	return EXIT.ok;
}

const LEFT = "the shard is not made; what was uploaded of it is kept for whoever makes it next";

/** Whether there is nothing to make any more, as the archive is complete. Where it was aborted, somebody should look. */
async function isFinished(error: unknown, plan: ShardPlan, storage: ShardsOptions): Promise<boolean> {
	if (!(error instanceof ShardsError) || error.code !== "SHARDS_OVER") return false;
	const { shardsStatus } = await import("../../../shards/finish/shards-status.ts");
	const { state } = await shardsStatus(plan, storage);
	return state === "complete";
}

function describeMade(plan: ShardPlan, made: MadeShard, elapsedMs: number): string {
	const { index, size, entryCount, contentSize, copiedSize, alreadyMade, over } = made;
	const shard = `${targetOf(plan)}: shard ${formatNumber(index)} of ${formatNumber(plan.shardCount)}`;
	if (over) return `${shard} is not needed any more: the archive was finished or aborted meanwhile`;
	const facts = [
		formatCount(entryCount, "entry", "entries"),
		`${formatBytes(contentSize)} of files`,
		...(copiedSize === 0 ? [] : [`${formatBytes(copiedSize)} copied by the storage`]),
		alreadyMade ? "made before" : `${formatBytes(size)} of archive in ${formatSeconds(elapsedMs / 1000)}`,
	];
	return `${shard}: ${facts.join(", ")}`;
}

function targetOf({ bucket, key }: ShardPlan): string {
	return printable(`s3://${bucket}/${key}`);
}
