import type {
	FlowProducer,
	IRedisClient,
	PostgresConnectionOptions,
	QueueEvents,
	RedisQueueBackend,
} from "bullmq";
import { loadBullmq } from "./load-bullmq.ts";
import type { ZipQueue } from "./zip-queue.ts";

/** Something of BullMQ on the server of a queue. */
interface Opened<Thing> {
	readonly thing: Thing;
	close(): Promise<void>;
}

/** What puts flows into a queue. The queue's connection stays open when it is closed. */
export async function openFlowProducer(queue: ZipQueue): Promise<Opened<Pick<FlowProducer, "add">>> {
	const bullmq = await loadBullmq();
	const redis = redisOf(queue);
	const thing =
		redis === undefined
			? new bullmq.FlowProducer({ connection: postgresOf(queue) }, bullmq.createPostgresBackend)
			: new bullmq.FlowProducer({ connection: await redis, ...prefixOf(queue) });
	return { thing, close: () => thing.close() };
}

/** What tells of events in a queue. */
export async function openQueueEvents(queue: ZipQueue): Promise<Opened<Pick<QueueEvents, "on">>> {
	const bullmq = await loadBullmq();
	const redis = redisOf(queue);
	if (redis === undefined) {
		const options = { connection: postgresOf(queue) };
		const thing = new bullmq.QueueEvents(queue.name, options, bullmq.createPostgresBackend);
		return { thing: thing as unknown as Pick<QueueEvents, "on">, close: () => thing.close() };
	}
	// Of its own: it waits for events all the time, and may not give up, whatever the queue's own may.
	const connection = (await redis).duplicate({ maxRetriesPerRequest: null });
	const thing = new bullmq.QueueEvents(queue.name, { connection, ...prefixOf(queue) });
	return {
		thing,
		async close() {
			await thing.close().catch(() => {});
			connection.disconnect();
		},
	};
}

/** The client of a queue on Redis. Its backend alone has one; two copies of BullMQ may be at hand, so classes do not tell. */
function redisOf(queue: ZipQueue): Promise<IRedisClient> | undefined {
	const backend = queue.getBackend();
	return "client" in backend ? (backend as RedisQueueBackend).client : undefined;
}

function postgresOf({ opts }: ZipQueue): PostgresConnectionOptions {
	return opts.connection as PostgresConnectionOptions; // as its queue has taken it
}

function prefixOf({ opts: { prefix } }: ZipQueue): { readonly prefix?: string } {
	return prefix === undefined ? {} : { prefix };
}
