import { type CancelledZip, cancelZip } from "../../../queue/bullmq.ts";
import { EXIT } from "../../exit-codes.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import type { QUEUE_OPTIONS } from "../../options/queue/queue-options.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { printJson } from "../../terminal/report.ts";
import { formatCount } from "../../terminal/text.ts";
import type { Given } from "../command.ts";
import { noticeCredentials } from "../connect-notices.ts";
import { storageSettings } from "../shards/storage-settings.ts";
import { withQueue } from "./given-queue.ts";

type CancelOptions = typeof QUEUE_OPTIONS & typeof CONNECT_OPTIONS & typeof OUTPUT_OPTIONS;

export async function runCancel(
	{ operands: { id }, values, settings }: Given<CancelOptions, { readonly id: string }>,
	io: Io,
): Promise<number> {
	noticeCredentials(values, io);
	const options = storageSettings(settings, values, io);
	const cancelled = await withQueue(values, "cancel", io, (queue) => cancelZip(queue, id, options));
	if (values.json === true) await printJson(io, cancelled, `${id} is cancelled`);
	else if (values.quiet !== true) writeLine(io.stderr, `${id}: ${describeCancelled(cancelled)}`);
	return EXIT.ok;
}

function describeCancelled({ aborted, complete, removedCount }: CancelledZip): string {
	if (complete) return "the archive was complete before, and stays";
	const removed = `${formatCount(removedCount, "object")} beside it removed`;
	return aborted
		? `cancelled; its upload is aborted, and ${removed}`
		: `cancelled; there was no upload any more, ${removed}`;
}
