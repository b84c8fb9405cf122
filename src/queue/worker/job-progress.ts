import type { Job } from "bullmq";
import type { ZipferryEvent } from "../../events.ts";

/** How far a shard is, as its job says. */
export interface ShardProgress {
	/** Bytes of files that are read. */
	readonly contentSize: number;
	/** Bytes that the storage has confirmed. */
	readonly size: number;
	readonly entryCount: number;
}

const INTERVAL_MS = 1_000;

/** Tells the queue once a second how far a shard is. */
export class JobProgress {
	readonly #job: Job;
	#nextAt = 0;

	constructor(job: Job) {
		this.#job = job;
	}

	note(event: ZipferryEvent): void {
		if (event.type !== "progress" || Date.now() < this.#nextAt) return;
		this.#nextAt = Date.now() + INTERVAL_MS;
		const { readSize: contentSize, uploadedSize: size, entryCount } = event;
		const progress: ShardProgress = { contentSize, size, entryCount };
		this.#job.updateProgress({ ...progress }).catch(() => {}); // it is only for those who watch
	}
}
