import type { WorkerEvent } from "../../../queue/worker/worker-event.ts";

/** What a worker has done since it was started, for Prometheus. */
export interface WorkerMetrics {
	note(event: WorkerEvent): void;
	/** The text format of Prometheus. */
	render(): Promise<string>;
}

const PREFIX = "zipferry_worker_";

export async function workerMetrics(): Promise<WorkerMetrics> {
	// By its default: in a bundle, a CommonJS module that is loaded like this has no other names.
	const { Counter, Gauge, Registry } = (await import("prom-client")).default;
	const registry = new Registry();
	const registers = [registry];
	const counter = (end: string, help: string) => new Counter({ name: `${PREFIX}${end}`, help, registers });
	const made = counter("shards_made_total", "Shards that were made.");
	const failed = counter("shards_failed_total", "Attempts to make a shard that failed.");
	const returned = counter("shards_returned_total", "Shards that were given back to the queue.");
	const finished = counter("archives_finished_total", "Archives that were finished.");
	const unfinished = counter("archives_failed_total", "Attempts to finish an archive that failed.");
	const size = counter("size_bytes_total", "Bytes of archives that were made.");
	const content = counter("content_bytes_total", "Bytes of files that were archived, before compression.");
	const entries = counter("entries_total", "Entries that were archived.");
	const seconds = counter("shard_duration_seconds_total", "How long making these shards took, together.");
	const current = new Gauge({ name: `${PREFIX}shards`, help: "Shards that are being made.", registers });
	const running = new Set<string>();
	return {
		note(event) {
			if (event.type === "queue-problem") return;
			const isShard = event.step === "shard";
			if (isShard) {
				const id = `${event.plan}-${event.index}`;
				if (event.type === "started") running.add(id);
				else running.delete(id);
				current.set(running.size);
			}
			if (event.type === "failed") (isShard ? failed : unfinished).inc();
			if (event.type === "returned" && isShard) returned.inc();
			if (event.type === "finished") finished.inc();
			if (event.type !== "made") return;
			made.inc();
			if (event.alreadyMade) return;
			size.inc(event.size);
			content.inc(event.contentSize);
			entries.inc(event.entryCount);
			seconds.inc(event.elapsedMs / 1000);
		},
		render: () => registry.metrics(),
	};
}
