import { cancelZip } from "../../../queue/bullmq.ts";
import { EXIT } from "../../exit-codes.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import type { QUEUE_OPTIONS } from "../../options/queue/queue-options.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { printJson } from "../../terminal/report.ts";
import { storageEvents } from "../../terminal/storage-events.ts";
import { formatCount } from "../../terminal/text.ts";
import type { Given } from "../command.ts";
import { noticeCredentials } from "../connect-notices.ts";
import { withQueue } from "./given-queue.ts";

type CancelOptions = typeof QUEUE_OPTIONS & typeof CONNECT_OPTIONS & typeof OUTPUT_OPTIONS;

export async function runCancel(
	{ operands: { id }, values, settings }: Given<CancelOptions, { readonly id: string }>,
	io: Io,
): Promise<number> {
	const { redis: _redis, redisCaFile: _caFile, queueName: _queueName, ...storage } = settings;
	noticeCredentials(values, io);
	const options = { ...storage, signal: io.signal, onEvent: storageEvents(values, io) };
	const cancelled = await withQueue(values, "cancel", io, (queue) => cancelZip(queue, id, options));
	const { aborted, removedCount } = cancelled;
	if (values.json === true) await printJson(io, cancelled, `${id} is cancelled`);
	else if (values.quiet !== true)
		writeLine(
			io.stderr,
			aborted
				? `${id}: cancelled; its upload is aborted, and ${formatCount(removedCount, "object")} beside it removed`
				: `${id}: there was no upload to abort; an archive that is complete stays`,
		);
	return EXIT.ok;
}
