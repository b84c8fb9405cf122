import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startZipferry } from "../../cli/zipferry.ts";
import { lines, noise } from "../../support/bytes.ts";
import type { Outcome, Program } from "../../support/program.ts";
import { RedisServer } from "../../support/redis.ts";
import { FaultWorld, type WorldOptions } from "../world.ts";

const MiB = 1024 * 1024;
/** Files of half noise and half text: what is compressed to more than the smallest part, and has part numbers with gaps. */
const [FILE_COUNT, FILE_SIZE] = [16, 2 * MiB];
/** Bytes of files in a shard: five or so of them. */
const SHARD_SIZE = 7 * MiB;

/** A storage that misbehaves, a queue that may be restarted, and workers that may be killed and frozen. */
export class ChaosCluster {
	readonly world: FaultWorld;
	readonly redis: RedisServer;
	readonly #folder: string;
	readonly #workers = new Set<Program>();
	readonly #frozen = new Set<Program>();

	private constructor(world: FaultWorld, redis: RedisServer, folder: string) {
		this.world = world;
		this.redis = redis;
		this.#folder = folder;
	}

	static async start(options: WorldOptions): Promise<ChaosCluster> {
		const folder = await mkdtemp(join(tmpdir(), "zipferry-chaos-"));
		await mkdir(join(folder, "data"));
		for (let index = 0; index < FILE_COUNT; index++) {
			const half = FILE_SIZE / 2;
			const bytes = Buffer.concat([noise(half, index), lines(half)]);
			await writeFile(join(folder, "data", `${String(index).padStart(2, "0")}.bin`), bytes);
		}
		const world = await FaultWorld.open({ ...options, previous: undefined });
		const redis = await RedisServer.start(["--maxmemory-policy", "noeviction"]);
		return new ChaosCluster(world, redis, folder);
	}

	/** Arguments that submit the archive and wait for it. */
	submit(key: string): Program {
		const target = `s3://${this.world.bucket.name}/${key}`;
		const shards = ["--max-bytes", String(SHARD_SIZE), "--method", "deflate"];
		const source = join(this.#folder, "data");
		return this.#start(["submit", source, target, ...shards, "--wait", "--json", "--no-progress", ...TIMES]);
	}

	startWorker(): Program {
		const worker = this.#start(["worker", "--concurrency", "1", ...TIMES]);
		this.#workers.add(worker);
		worker.ended.finally(() => this.#workers.delete(worker)).catch(() => {}); // told by whoever waits for it
		return worker;
	}

	/** Workers that run and are not frozen. */
	get awake(): readonly Program[] {
		return [...this.#workers].filter((worker) => !this.#frozen.has(worker));
	}

	freeze(worker: Program): void {
		worker.kill("SIGSTOP");
		this.#frozen.add(worker);
	}

	/** Lets all go on that were frozen, as if nothing had happened. @returns how many */
	thaw(): number {
		const count = this.#frozen.size;
		for (const worker of this.#frozen) worker.kill("SIGCONT");
		this.#frozen.clear();
		return count;
	}

	/** Asks all workers to end, and waits for them. */
	async dismiss(): Promise<readonly Outcome[]> {
		this.thaw();
		const workers = [...this.#workers];
		for (const worker of workers) worker.kill("SIGTERM");
		return await Promise.all(workers.map((worker) => worker.ended));
	}

	/** Removes what a plan has left, past all faults. */
	async abort(manifest: string): Promise<Outcome> {
		const address = `s3://${this.world.bucket.name}/${manifest}`;
		const env = { ...this.#env, AWS_ENDPOINT_URL_S3: this.world.server.endpoint };
		return await startZipferry(["shards", "abort", address, ...PROVIDER], { env }).ended;
	}

	/** SHA-256 of an object. */
	async digestOf(key: string): Promise<string> {
		return createHash("sha256")
			.update(await this.world.bucket.read(key))
			.digest("hex");
	}

	async close(): Promise<void> {
		this.thaw();
		await Promise.all([...this.#workers].map((worker) => worker.destroy()));
		await this.redis.close();
		await this.world.close();
		await rm(this.#folder, { recursive: true, force: true });
	}

	get #env(): Record<string, string> {
		return { ...this.world.env, REDIS_URL: this.redis.url, HOME: this.#folder };
	}

	#start(args: readonly string[]): Program {
		return startZipferry([...args, ...PROVIDER], { env: this.#env });
	}
}

/** The embedded server does as AWS does. */
const PROVIDER = ["--provider", "aws"];
/** By which a bad day passes in seconds; a request that hangs is given up before the next fault. */
const TIMES = ["--retry-time", "60s", "--read-timeout", "3s", "--connect-timeout", "3s"];
