import type { FinishedShards } from "../../../shards/finish/finish-shards.ts";
import { shownShards } from "../../../shards/finish/shown-shards.ts";
import { EXIT } from "../../exit-codes.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import type {
	FINISH_OPTIONS,
	SHARD_PACE_OPTIONS,
	SHARD_SOURCE_OPTIONS,
} from "../../options/shards/shards-options.ts";
import { sourceStorageOf } from "../../options/sources/source-storage-of.ts";
import { warningInCommands } from "../../terminal/command-words.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { printJson } from "../../terminal/report.ts";
import { asInterrupted } from "../../terminal/signals.ts";
import { storageEvents } from "../../terminal/storage-events.ts";
import { formatBytes, formatCount, formatSeconds, printable } from "../../terminal/text.ts";
import type { Given } from "../command.ts";
import { noticeCredentials } from "../connect-notices.ts";
import { givenPlan } from "./given-plan.ts";
import { storageSettings } from "./storage-settings.ts";

type FinishOptions = typeof FINISH_OPTIONS &
	typeof OUTPUT_OPTIONS &
	typeof SHARD_SOURCE_OPTIONS &
	typeof CONNECT_OPTIONS &
	typeof SHARD_PACE_OPTIONS;
type FinishGiven = Given<FinishOptions, { readonly plan: string }>;

export async function runFinish({ operands, values, settings }: FinishGiven, io: Io): Promise<number> {
	noticeCredentials(values, io);
	const options = {
		...settings,
		sourceStorage: sourceStorageOf(values),
		signal: io.signal,
		onEvent: storageEvents(values, io),
	};
	const plan = await givenPlan(operands.plan, storageSettings(settings, values, io));
	const { finishShards } = await import("../../../shards/finish/finish-shards.ts");
	const startedAt = Date.now();
	try {
		const finished = await finishShards(plan, options);
		const warnings = finished.warnings.map(warningInCommands);
		for (const { message } of warnings) writeLine(io.stderr, `warning: ${printable(message)}`);
		const target = `s3://${plan.bucket}/${plan.key}`;
		if (values.json === true)
			await printJson(io, { ...finished, warnings }, `the archive ${target} is complete`);
		else if (values.quiet !== true) writeLine(io.stderr, describeFinished(finished, Date.now() - startedAt));
		return EXIT.ok;
	} catch (error) {
		throw asInterrupted(error, "nothing was published; what was uploaded so far is kept");
	}
}

function describeFinished(finished: FinishedShards, elapsedMs: number): string {
	const { bucket, key, entryCount, size, partCount, zip64, remadeShards, alreadyComplete } = finished;
	const { copiedSize = 0 } = finished;
	const facts = [
		formatCount(entryCount, "entry", "entries"),
		alreadyComplete ? formatBytes(size) : `${formatBytes(size)} in ${formatSeconds(elapsedMs / 1000)}`,
		...(partCount === undefined ? [] : [formatCount(partCount, "part")]),
		...(copiedSize === 0 ? [] : [`${formatBytes(copiedSize)} copied by the storage`]),
		...(zip64 === true ? ["ZIP64"] : []),
		...(remadeShards.length === 0 ? [] : [`made here: shards ${shownShards(remadeShards)}`]),
		...(alreadyComplete ? ["complete already"] : []),
	];
	return `${printable(`s3://${bucket}/${key}`)}: ${facts.join(", ")}`;
}
