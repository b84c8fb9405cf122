/** A step of an archive that a worker takes. */
export interface WorkerStep {
	/** Id of the plan. */
	readonly plan: string;
	/** Address of the archive, `s3://bucket/key`. */
	readonly target: string;
	/** What is done. */
	readonly step: "shard" | "finish";
	/** The shard, by its index from 0; absent for finishing. */
	readonly index?: number | undefined;
}

/** What happens in a worker. New types may be added. */
export type WorkerEvent =
	/** A step begins. */
	| (WorkerStep & { readonly type: "started" /** From 1. */; readonly attempt: number })
	/** A shard is made, or had been made before. */
	| (WorkerStep & {
			readonly type: "made";
			/** Bytes of the shard in the archive. */
			readonly size: number;
			readonly entryCount: number;
			/** Bytes of files before compression. */
			readonly contentSize: number;
			/** Whether an earlier attempt had made it. */
			readonly alreadyMade: boolean;
			readonly elapsedMs: number;
	  })
	/** The archive is complete. */
	| (WorkerStep & {
			readonly type: "finished";
			/** Bytes of the archive. */
			readonly size: number;
			readonly entryCount: number;
			readonly elapsedMs: number;
	  })
	/** A step failed. */
	| (WorkerStep & {
			readonly type: "failed";
			readonly code: string;
			readonly message: string;
			/** Whether the archive fails with it; otherwise it is tried again later. */
			readonly final: boolean;
			readonly elapsedMs: number;
	  })
	/** A step is given back to the queue, for another worker. */
	| (WorkerStep & { readonly type: "returned"; readonly elapsedMs: number })
	/** A step is not taken, or left: there is no need for it. */
	| (WorkerStep & { readonly type: "skipped"; readonly reason: string })
	/** The connection to the queue has a problem; it is made again. */
	| { readonly type: "queue-problem"; readonly message: string };
