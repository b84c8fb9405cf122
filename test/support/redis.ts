import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { Program } from "./program.ts";
import { until } from "./until.ts";

const SERVERS = ["/usr/bin/redis-server", "/usr/bin/valkey-server", "/usr/local/bin/redis-server"];
const SERVER = SERVERS.find(existsSync);

/** Whether there is a Redis or Valkey; says so if not. */
export function hasRedis(untried: string): boolean {
	if (SERVER === undefined)
		console.warn(`no redis-server (localstack/servers/redis.sh install): ${untried} is not tried`);
	return SERVER !== undefined;
}

/** A Redis of its own, on a free port of this machine. */
export class RedisServer {
	readonly port: number;
	readonly #folder: string;
	readonly #settings: readonly string[];
	#program: Program;

	private constructor(port: number, folder: string, settings: readonly string[]) {
		this.port = port;
		this.#folder = folder;
		this.#settings = settings;
		this.#program = this.#start();
	}

	/** @param settings - Further ones, as words of its command line. */
	static async start(settings: readonly string[] = []): Promise<RedisServer> {
		const folder = await mkdtemp(join(tmpdir(), "zipferry-redis-"));
		const server = new RedisServer(await freePort(), folder, settings);
		await server.#answers();
		return server;
	}

	get url(): string {
		return `redis://127.0.0.1:${this.port}`;
	}

	/** Ends it as a crash does, and starts it again: with what it has written down, or empty. */
	async restart(memory: "kept" | "empty"): Promise<void> {
		await this.stop();
		if (memory === "empty") await rm(this.#folder, { recursive: true, force: true });
		this.#program = this.#start(memory === "empty");
		await this.#answers();
	}

	async stop(): Promise<void> {
		await this.#program.destroy();
	}

	async close(): Promise<void> {
		await this.stop();
		await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
	}

	/** Everything that is in it, as one text. */
	async everything(): Promise<string> {
		return await this.use(async (client) => {
			const all = [];
			for (const key of await client.keys("*")) all.push(key, await contentOf(client, key));
			return all.join("\n");
		});
	}

	async use<Result>(work: (client: Redis) => Promise<Result>): Promise<Result> {
		const [, password] =
			/^--requirepass (.*)$/m.exec(this.#settings.join(" ").replaceAll(" --", "\n--")) ?? [];
		const auth = password === undefined ? {} : { password };
		const client = new Redis({ port: this.port, ...auth, retryStrategy: () => null });
		client.on("error", () => {});
		try {
			return await work(client);
		} finally {
			client.disconnect();
		}
	}

	#start(anew = false): Program {
		const folder = anew ? tmpdir() : this.#folder;
		const own = ["--port", String(this.port), "--bind", "127.0.0.1", "--dir", folder];
		const memory = anew ? ["--appendonly", "no"] : ["--appendonly", "yes", "--appendfsync", "always"];
		return new Program(SERVER ?? "redis-server", [...own, ...memory, "--save", "", ...this.#settings], {
			env: {},
		});
	}

	/** Whatever it says, also that it wants a password. */
	async #answers(): Promise<void> {
		await until(() =>
			this.use((client) =>
				client.ping().then(
					() => true,
					(error: Error) => /NOAUTH/.test(error.message),
				),
			),
		);
	}
}

async function contentOf(client: Redis, key: string): Promise<string> {
	switch (await client.type(key)) {
		case "hash":
			return JSON.stringify(await client.hgetall(key));
		case "list":
			return JSON.stringify(await client.lrange(key, 0, -1));
		case "set":
			return JSON.stringify(await client.smembers(key));
		case "zset":
			return JSON.stringify(await client.zrange(key, "0", "-1"));
		case "stream":
			return JSON.stringify(await client.xrange(key, "-", "+"));
		default:
			return (await client.get(key)) ?? "";
	}
}

export function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once("error", reject);
		server.listen(0, "127.0.0.1", () => {
			const address = server.address();
			server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
		});
	});
}
