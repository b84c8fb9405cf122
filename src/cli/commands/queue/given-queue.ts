import type { Queue } from "bullmq";
import { InvalidOptionError } from "../../../errors.ts";
import { loadBullmq } from "../../../queue/load-bullmq.ts";
import { openConnection } from "../../../queue/redis/open-connection.ts";
import type { Values } from "../../options/option.ts";
import type { QUEUE_OPTIONS } from "../../options/queue/queue-options.ts";
import { type Io, writeLine } from "../../terminal/io.ts";

/** A queue that is open. */
interface GivenQueue {
	readonly queue: Queue;
	/** Rejects when its connection was lost and does not come back; never resolves. */
	readonly lost: Promise<never>;
	close(): Promise<void>;
}

type QueueValues = Values<typeof QUEUE_OPTIONS> & { readonly "retry-time"?: number | undefined };

/**
 * The URL of the queue: given, or that of `REDIS_URL`.
 *
 * @param command - Its name hides the words of the command line, as they may have a password in them.
 */
export function givenRedis(
	{ redis }: Pick<QueueValues, "redis">,
	command: string,
	environment: NodeJS.ProcessEnv = process.env,
): string {
	if (redis?.includes("@") === true && environment["ZIPFERRY_REDIS"] === undefined)
		process.title = `zipferry ${command}`;
	const url = redis ?? environment["REDIS_URL"];
	if (url === undefined || url === "")
		throw new InvalidOptionError(
			"a queue is needed: --redis redis://HOST:PORT, or the variable ZIPFERRY_REDIS or REDIS_URL",
		);
	return url;
}

async function openGivenQueue(
	values: QueueValues,
	command: string,
	{ signal, stderr }: Io,
): Promise<GivenQueue> {
	const url = givenRedis(values, command);
	const { "redis-ca-file": redisCaFile, "retry-time": retryTimeMs } = values;
	const { Queue } = await loadBullmq();
	const { connection, lost, close } = await openConnection(url, {
		...{ redisCaFile, retryTimeMs, signal },
		onProblem: (message) => writeLine(stderr, message),
	});
	const queue = new Queue(values.queue ?? "zipferry", { connection });
	queue.on("error", () => {}); // what is asked of it fails then, and tells
	return {
		...{ queue, lost },
		async close() {
			await queue.close().catch(() => {});
			close();
		},
	};
}

/** Gives a queue to something that is done with it when it ends. */
export async function withQueue<Result>(
	values: QueueValues,
	command: string,
	io: Io,
	use: (queue: Queue) => Promise<Result>,
): Promise<Result> {
	const { queue, lost, close } = await openGivenQueue(values, command, io);
	try {
		return await Promise.race([use(queue), lost]);
	} finally {
		await close();
	}
}
