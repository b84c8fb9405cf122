import { createPostgresBackend, Queue } from "bullmq";
import { hasPostgres, PostgresServer } from "../support/postgres.ts";
import { hasRedis, RedisServer } from "../support/redis.ts";

/** A server that keeps a queue, in a test. */
export interface QueueServer {
	readonly url: string;
	/** Whoever asks closes it. */
	openQueue(): Queue;
	/** Removes all jobs. */
	empty(): Promise<void>;
	/** Has it refuse new jobs, until what is returned is called. */
	refuseJobs(): Promise<() => Promise<unknown>>;
	restart(memory: "kept" | "empty"): Promise<void>;
	close(): Promise<void>;
}

/** The kinds that there are on this machine; says which are missing. */
export function queueServers(untried: string): readonly (readonly [string, () => Promise<QueueServer>])[] {
	return [
		...(hasRedis(untried) ? [["Redis", startRedis] as const] : []),
		...(hasPostgres(untried) ? [["PostgreSQL", startPostgres] as const] : []),
	];
}

async function startRedis(): Promise<QueueServer> {
	const redis = await RedisServer.start();
	const { url, port } = redis;
	return {
		url,
		openQueue: () => quiet(new Queue("zipferry", { connection: { port, maxRetriesPerRequest: null } })),
		empty: () => redis.use(async (client) => void (await client.flushall())),
		async refuseJobs() {
			const set = (rule: string) => redis.use((client) => client.call("ACL", "SETUSER", "default", rule));
			await set("-xadd");
			return () => set("+xadd");
		},
		restart: (memory) => redis.restart(memory),
		close: () => redis.close(),
	};
}

async function startPostgres(): Promise<QueueServer> {
	const postgres = await PostgresServer.start();
	const { url } = postgres;
	return {
		url,
		openQueue() {
			const connection = { connectionString: url, migrate: true };
			const queue = new Queue("zipferry", { connection }, createPostgresBackend);
			return quiet(queue as unknown as Queue); // it is used as one on Redis is
		},
		empty: () => postgres.empty(),
		async refuseJobs() {
			await postgres.ask(
				`CREATE FUNCTION bullmq.refuse() RETURNS trigger LANGUAGE plpgsql AS
					$$ BEGIN RAISE EXCEPTION 'can''t run this command'; END $$;
				CREATE TRIGGER refuse BEFORE INSERT ON bullmq.event FOR EACH ROW EXECUTE FUNCTION bullmq.refuse()`,
			);
			return () => postgres.ask("DROP FUNCTION bullmq.refuse CASCADE");
		},
		async restart(memory) {
			await postgres.stop();
			await postgres.resume();
			if (memory === "empty") await postgres.empty();
		},
		close: () => postgres.close(),
	};
}

function quiet(queue: Queue): Queue {
	return queue.on("error", () => {});
}
