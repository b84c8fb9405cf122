import type { Queue } from "bullmq";
import { InvalidOptionError } from "../../../errors.ts";
import { loadBullmq } from "../../../queue/load-bullmq.ts";
import { openQueue } from "../../../queue/open-queue.ts";
import { shownPostgresUrl } from "../../../queue/postgres/postgres-url.ts";
import { parseRedisUrl } from "../../../queue/redis/redis-url.ts";
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
 * @throws {InvalidOptionError} without one, with two, or for one of another kind of server
 */
export function givenQueueUrl(
	{ redis, postgres }: Pick<QueueValues, "redis" | "postgres">,
	command: string,
	environment: NodeJS.ProcessEnv = process.env,
): string {
	if (isShown(redis, environment["ZIPFERRY_REDIS"]) || isShown(postgres, environment["ZIPFERRY_POSTGRES"]))
		process.title = `zipferry ${command}`;
	if (redis !== undefined && postgres !== undefined)
		throw new InvalidOptionError("a queue is on one server: give --redis or --postgres, and not both");
	const url = postgres ?? redis ?? environment["REDIS_URL"];
	if (url === undefined || url === "")
		throw new InvalidOptionError(
			"a queue is needed: --redis redis://HOST:PORT, or the variable ZIPFERRY_REDIS or REDIS_URL",
		);
	// Each names a server of its kind.
	if (postgres === undefined) parseRedisUrl(url);
	else shownPostgresUrl(url);
	return url;
}

/** Whether a password may stand in the command line. */
function isShown(url: string | undefined, variable: string | undefined): boolean {
	return url?.includes("@") === true && variable === undefined;
}

async function openGivenQueue(
	values: QueueValues,
	command: string,
	{ signal, stderr }: Io,
): Promise<GivenQueue> {
	const url = givenQueueUrl(values, command);
	const { "redis-ca-file": redisCaFile, "retry-time": retryTimeMs } = values;
	const { Queue } = await loadBullmq();
	const { connection, backend, lost, close } = await openQueue(url, {
		...{ redisCaFile, retryTimeMs, signal },
		onProblem: (message) => writeLine(stderr, message),
	});
	const queue = new Queue(values.queue ?? "zipferry", { connection }, backend);
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
