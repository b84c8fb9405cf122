import { formatNumber } from "../../../bytes/units.ts";
import { type ZipStatus, zipStatus } from "../../../queue/flow/zip-status.ts";
import { EXIT } from "../../exit-codes.ts";
import type { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import type { QUEUE_OPTIONS } from "../../options/queue/queue-options.ts";
import type { Io } from "../../terminal/io.ts";
import { printJson } from "../../terminal/report.ts";
import { formatBytes, printable } from "../../terminal/text.ts";
import type { Given } from "../command.ts";
import { withQueue } from "./given-queue.ts";

type StatusGiven = Given<typeof QUEUE_OPTIONS & typeof OUTPUT_OPTIONS, { readonly id: string }>;

export async function runStatus({ operands, values }: StatusGiven, io: Io): Promise<number> {
	const status = await withQueue(values, "status", io, (queue) => zipStatus(queue, operands.id));
	if (values.json === true) await printJson(io, status);
	else await io.stdout.print(`${statusLines(status).join("\n")}\n`);
	return EXIT.ok;
}

/** One fact a line. */
function statusLines({
	state,
	plan,
	madeCount,
	active,
	workerCount,
	failure,
	result,
}: ZipStatus): readonly string[] {
	const { bucket, key, shardCount, entryCount, sourceSize } = plan;
	const underWay = active.length === 0 ? "" : `, under way: ${active.join(", ")}`;
	const step = failure?.shard === undefined ? "finishing" : `shard ${failure.shard}`;
	const isUnderWay = state === "waiting" || state === "active" || state === "finishing";
	return [
		`archive     ${printable(`s3://${bucket}/${key}`)}`,
		`state       ${state}`,
		`shards      ${formatNumber(madeCount)} of ${formatNumber(shardCount)} made${underWay}`,
		...(isUnderWay && workerCount !== undefined ? [`workers     ${describeWorkers(workerCount)}`] : []),
		`entries     ${formatNumber(entryCount)}`,
		`bytes       ${formatNumber(sourceSize)} (${formatBytes(sourceSize)})`,
		...(failure === undefined ? [] : [`failure     ${step}: ${printable(failure.message)}`]),
		...(result === undefined
			? []
			: [`size        ${formatNumber(result.size)} (${formatBytes(result.size)})`]),
	];
}

function describeWorkers(count: number): string {
	return count === 0 ? "none: zipferry worker starts one" : `${formatNumber(count)} at the queue`;
}
