import type { ZipProgress } from "../../../queue/flow/flow-progress.ts";
import type { ShardPlan } from "../../../shards/shard-plan.ts";
import type { Io } from "../../terminal/io.ts";
import { type ProgressStyle, showProgress } from "../../terminal/progress/progress.ts";
import { screenOf } from "../../terminal/screen.ts";
import { optionWords } from "../../terminal/shell-word.ts";
import { formatCount, printable } from "../../terminal/text.ts";

/** Shows how far all workers together are, as the progress of an upload is shown. */
export interface ShownFlow {
	readonly note: (progress: ZipProgress) => void;
	/** Takes away what it has drawn. */
	end(): void;
}

export function flowProgress(
	{ entryCount, sourceSize }: ShardPlan,
	queueName: string,
	style: ProgressStyle,
	io: Io,
): ShownFlow {
	const progress = showProgress(style, io);
	let hadWorkers = true;
	void progress.onEvent({
		type: "planned",
		...{ entryCount, sourceSize, sizeBound: sourceSize, zip64: false },
		...{ partSize: 0, maxPartCount: undefined },
	});
	return {
		note(now) {
			const { contentSize, size, workerCount = 1 } = now;
			if (workerCount === 0 && hadWorkers) screenOf(io.stderr).line(`warning: ${noWorker(queueName)}`);
			hadWorkers = workerCount > 0;
			void progress.onEvent({
				type: "progress",
				// All that is told of has arrived.
				...{ readSize: contentSize, archiveSize: size, uploadedSize: size, resumedSize: 0 },
				copiedSize: 0,
				entryCount: now.entryCount,
				entryName: describeShards(now),
			});
		},
		end: progress.end,
	};
}

/** Without one it waits for ever. */
function noWorker(queueName: string): string {
	const named = queueName === "zipferry" ? "" : ` ${optionWords("--queue", queueName)}`;
	return printable(`no worker is connected to the queue ${queueName}: zipferry worker${named} starts one`);
}

function describeShards({ state, shardCount, madeCount, activeCount, workerCount }: ZipProgress): string {
	if (state === "waiting") return "waiting for a worker";
	if (state === "finishing") return `${formatCount(shardCount, "shard")} made, finishing`;
	return `${madeCount}/${shardCount} shards, ${workerCount === 0 ? "no worker" : `${activeCount} active`}`;
}
