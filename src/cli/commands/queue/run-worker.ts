import { onAbort } from "../../../async/abort-listeners.ts";
import { InvalidOptionError, messageOf } from "../../../errors.ts";
import { createZipWorker } from "../../../queue/bullmq.ts";
import type { WorkerEvent } from "../../../queue/worker/worker-event.ts";
import { EXIT } from "../../exit-codes.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import type { WORKER_OPTIONS } from "../../options/queue/queue-options.ts";
import type { SHARD_SOURCE_OPTIONS } from "../../options/shards/shards-options.ts";
import { sourceStorageOf } from "../../options/sources/source-storage-of.ts";
import { keepGarbageSmall } from "../../sources/small-heap.ts";
import type { Io } from "../../terminal/io.ts";
import { describeRetry } from "../../terminal/progress/progress.ts";
import { describeRequest } from "../../terminal/storage-events.ts";
import type { Given } from "../command.ts";
import { givenQueueUrl } from "./given-queue.ts";
import { serveMetrics } from "./metrics-server.ts";
import { workerLog } from "./worker-log.ts";
import { workerMetrics } from "./worker-metrics.ts";

type WorkerGiven = Given<
	typeof WORKER_OPTIONS & typeof SHARD_SOURCE_OPTIONS & typeof CONNECT_OPTIONS & typeof OUTPUT_OPTIONS,
	Readonly<Record<never, never>>
>;

/** Makes shards until it is told to stop. */
export async function runWorker({ values, settings }: WorkerGiven, io: Io): Promise<number> {
	const { concurrency } = values;
	if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 64)
		throw new InvalidOptionError(`--concurrency must be a whole number from 1 to 64, not ${concurrency}`);
	const url = givenQueueUrl(values, "worker");
	const { redis: _redis, postgres: _postgres, queueName, redisCaFile, retryTimeMs, ...storage } = settings;
	keepGarbageSmall();
	const log = workerLog(values, io);
	const metrics = values.metrics === undefined ? undefined : await workerMetrics();
	const running = new Set<string>();
	const server =
		values.metrics === undefined || metrics === undefined
			? undefined
			: await serveMetrics(values.metrics, metrics.render);
	const forget = onAbort(io.signal, (reason) => {
		log.write({ type: "stopping", message: `${messageOf(reason)}; shards under way go back to the queue` });
	});
	try {
		const worker = await createZipWorker(url, {
			...{ ...storage, queueName, redisCaFile, retryTimeMs, concurrency },
			sourceStorage: sourceStorageOf(values),
			signal: io.signal,
			onEvent(event) {
				log.write(event);
				metrics?.note(event);
				noteRunning(event, running);
				io.mayLeave(running.size === 0 ? undefined : UNDER_WAY);
			},
			onStorageEvent(event) {
				if (event.type === "retry") log.write({ type: "retry", message: describeRetry(event) });
				if (event.type === "warning") log.write({ type: "warning", message: event.message });
				if (event.type === "request" && values.debug === true)
					log.write({ type: "request", message: describeRequest(event) });
			},
		});
		if (server !== undefined) log.write({ type: "listening", url: server.url });
		log.write({ type: "ready", queue: queueName ?? "zipferry", concurrency });
		await worker.closed;
	} finally {
		forget();
		io.mayLeave(undefined);
		await server?.close();
		await log.flush();
	}
	return EXIT.ok;
}

const UNDER_WAY = {
	what: "shards under way",
	stopping: "giving shards back to the queue",
	removal: "other workers take them over within 30 seconds",
};

function noteRunning(event: WorkerEvent, running: Set<string>): void {
	if (event.type === "queue-problem") return;
	const id = `${event.plan}-${event.index ?? "finish"}`;
	if (event.type === "started") running.add(id);
	else running.delete(id);
}
