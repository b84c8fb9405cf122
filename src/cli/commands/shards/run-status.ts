import { formatNumber } from "../../../bytes/units.ts";
import type { ShardsStatus } from "../../../shards/finish/shards-status.ts";
import { shownShards } from "../../../shards/finish/shown-shards.ts";
import { EXIT } from "../../exit-codes.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import type { Io } from "../../terminal/io.ts";
import { printJson } from "../../terminal/report.ts";
import { formatBytes, formatCount, printable } from "../../terminal/text.ts";
import type { Given } from "../command.ts";
import { noticeCredentials } from "../connect-notices.ts";
import { givenPlan } from "./given-plan.ts";
import { storageSettings } from "./storage-settings.ts";

type StatusGiven = Given<typeof OUTPUT_OPTIONS & typeof CONNECT_OPTIONS, { readonly plan: string }>;

export async function runStatus({ operands, values, settings }: StatusGiven, io: Io): Promise<number> {
	noticeCredentials(values, io);
	const options = storageSettings(settings, values, io);
	const plan = await givenPlan(operands.plan, options);
	const { shardsStatus } = await import("../../../shards/finish/shards-status.ts");
	const status = await shardsStatus(plan, options);
	if (values.json === true) await printJson(io, status);
	else
		await io.stdout.print(
			statusLines(status)
				.map((line) => `${printable(line)}\n`)
				.join(""),
		);
	return EXIT.ok;
}

/** The state in one line, and below it what is to be done, if anything is. */
function statusLines(status: ShardsStatus): string[] {
	const {
		bucket,
		key,
		state,
		shardCount,
		made,
		missing,
		damaged,
		partCount = 0,
		uploadedSize,
		entryCount,
	} = status;
	const target = `s3://${bucket}/${key}`;
	if (state === "complete")
		return [
			`${target}: complete, ${formatCount(entryCount, "entry", "entries")}, ${formatBytes(uploadedSize)}`,
		];
	if (state === "gone")
		return [
			`${target}: gone; it was aborted, its upload was removed, or this is not the storage that it was planned in`,
		];
	const parts = `${formatBytes(uploadedSize)} in ${formatCount(partCount, "part")}`;
	return [
		`${target}: ${formatNumber(made.length)} of ${formatCount(shardCount, "shard")} made, ${parts}`,
		...(missing.length === 0 ? [] : [`missing: ${shownShards(missing)}`]),
		...(damaged.length === 0 ? [] : [`damaged: ${shownShards(damaged)}; finish makes them again`]),
		...(made.length === shardCount ? ["it can be finished"] : []),
	];
}
