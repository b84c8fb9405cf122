import type { ZipProgress } from "../../../queue/flow/flow-progress.ts";
import type { ShardPlan } from "../../../shards/shard-plan.ts";
import type { Io } from "../../terminal/io.ts";
import { type ProgressStyle, showProgress } from "../../terminal/progress/progress.ts";
import { formatCount } from "../../terminal/text.ts";

/** Shows how far all workers together are, as the progress of an upload is shown. */
export interface ShownFlow {
	readonly note: (progress: ZipProgress) => void;
	/** Takes away what it has drawn. */
	end(): void;
}

export function flowProgress({ entryCount, sourceSize }: ShardPlan, style: ProgressStyle, io: Io): ShownFlow {
	const progress = showProgress(style, io);
	void progress.onEvent({
		type: "planned",
		...{ entryCount, sourceSize, sizeBound: sourceSize, zip64: false },
		...{ partSize: 0, maxPartCount: undefined },
	});
	return {
		note(now) {
			const { contentSize, size } = now;
			void progress.onEvent({
				type: "progress",
				// All that is told of has arrived.
				...{ readSize: contentSize, archiveSize: size, uploadedSize: size, resumedSize: 0 },
				entryCount: now.entryCount,
				entryName: describeShards(now),
			});
		},
		end: progress.end,
	};
}

function describeShards({ state, shardCount, madeCount, activeCount }: ZipProgress): string {
	if (state === "waiting") return "waiting for a worker";
	if (state === "finishing") return `${formatCount(shardCount, "shard")} made, finishing`;
	return `shard ${madeCount} of ${shardCount}, ${activeCount} under way`;
}
