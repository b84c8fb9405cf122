import type { AbortedShards } from "../../../shards/finish/abort-shards.ts";
import { EXIT } from "../../exit-codes.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { printJson } from "../../terminal/report.ts";
import { asInterrupted } from "../../terminal/signals.ts";
import { formatCount, printable } from "../../terminal/text.ts";
import type { Given } from "../command.ts";
import { noticeCredentials } from "../connect-notices.ts";
import { givenPlan } from "./given-plan.ts";
import { storageSettings } from "./storage-settings.ts";

type AbortGiven = Given<typeof OUTPUT_OPTIONS & typeof CONNECT_OPTIONS, { readonly plan: string }>;

export async function runAbort({ operands, values, settings }: AbortGiven, io: Io): Promise<number> {
	noticeCredentials(values, io);
	const options = storageSettings(settings, values, io);
	const plan = await givenPlan(operands.plan, options);
	const { abortShards } = await import("../../../shards/finish/abort-shards.ts");
	try {
		const aborted = await abortShards(plan, options);
		if (values.json === true) await printJson(io, aborted, "it is aborted");
		else if (values.quiet !== true) writeLine(io.stderr, describeAborted(aborted));
		return EXIT.ok;
	} catch (error) {
		throw asInterrupted(error, "what is left of the archive is removed when it is aborted again");
	}
}

function describeAborted({ bucket, key, aborted, complete, removedCount }: AbortedShards): string {
	const target = printable(`s3://${bucket}/${key}`);
	const removed = removedCount === 0 ? "" : `, ${formatCount(removedCount, "helper object")} removed`;
	if (complete) return `${target}: it was finished before, and stays${removed}`;
	return aborted ? `${target}: aborted${removed}` : `${target}: there was no upload any more${removed}`;
}
