import type { IQueueBackend, Queue } from "bullmq";

/** What is used of a `Queue` of BullMQ, whether Redis or PostgreSQL keeps it. */
export interface ZipQueue
	extends Pick<Queue, "name" | "getJob" | "getActive" | "getWorkersCount" | "waitUntilReady"> {
	/** As it was made. */
	readonly opts: { readonly connection?: unknown; readonly prefix?: string };
	/** What keeps it. */
	getBackend(): IQueueBackend;
}
