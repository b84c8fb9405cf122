import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { clientOf, ensureBucket } from "../external-bucket.mjs";
import { findTool } from "../tools.mjs";
import { OwnProcesses } from "./own-processes.mjs";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const COMMAND = join(PROJECT, "dist/cli/zipferry.cjs");

export const BUCKET = "bench";

/**
 * A storage, a queue and workers on this machine: the embedded server or one that runs already, Redis, and `zipferry worker`, each a
 * process of its own, all of them on the same cores.
 */
export class Cluster {
	#processes = new OwnProcesses();
	#folder = mkdtempSync(join(tmpdir(), "zipferry-bench-cluster-"));
	#cores;
	/** Of clients. */
	env;
	workers = [];

	constructor(cores) {
		this.#cores = cores;
	}

	/**
	 * @param cores - As `taskset` takes them; all if undefined.
	 * @param serverPids - Of the S3 server to use instead of the embedded one, for which `AWS_ENDPOINT_URL_S3` and keys are set.
	 */
	static async start({ cores, workers = 0, serverPids = [] }) {
		const cluster = new Cluster(cores);
		try {
			if (serverPids.length === 0) await cluster.#startServer();
			else await cluster.#useServer(serverPids);
			await cluster.#startRedis();
			for (let count = 0; count < workers; count++) await cluster.startWorker();
			return cluster;
		} catch (error) {
			await cluster.end();
			throw error;
		}
	}

	async #startServer() {
		const node = [process.execPath, "--import", "tsx", "localstack/strict-s3/main.ts"];
		const options = ["--port", "0", "--directory", join(this.#folder, "s3"), "--bucket", BUCKET];
		this.server = this.#processes.start([...node, ...options], { cores: this.#cores, cwd: PROJECT });
		await this.server.says(/AWS_REGION=\S+\n/);
		const told = [...this.server.stdout.matchAll(/^export (\w+)=(\S+)$/gm)];
		this.env = {
			...process.env,
			...Object.fromEntries(told.map(([, name, value]) => [name, value])),
			ZIPFERRY_PROVIDER: "aws", // as which it behaves
			AWS_EC2_METADATA_DISABLED: "true",
			AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
		};
	}

	async #useServer(pids) {
		this.env = { ...process.env, AWS_EC2_METADATA_DISABLED: "true" };
		if (this.#cores !== undefined) for (const pid of pids) pinTo(this.#cores, pid);
		const client = clientOf(this.env);
		await ensureBucket(client, BUCKET);
		client.destroy();
	}

	async #startRedis() {
		const server = findTool("redis-server") ?? findTool("valkey-server");
		if (server === undefined) throw new Error("there is no redis-server: apt-get install redis-server");
		const port = await freePort();
		const own = ["--port", String(port), "--bind", "127.0.0.1", "--dir", this.#folder];
		const memory = ["--save", "", "--appendonly", "yes", "--maxmemory-policy", "noeviction"];
		this.redis = this.#processes.start([server, ...own, ...memory], { cores: this.#cores });
		this.env.REDIS_URL = `redis://127.0.0.1:${port}`;
		while (!(await isOpen(port))) {
			if (this.redis.hasEnded) throw new Error(`redis-server ended: ${this.redis.stdout}`);
			await delay(20);
		}
	}

	async startWorker() {
		const worker = this.start(["worker", "--concurrency", "1"]);
		this.workers.push(worker);
		await worker.says(/"ready"/);
		return worker;
	}

	/** Runs the command with these arguments, on the same cores. */
	start(args, { echo = false } = {}) {
		return this.#processes.start([process.execPath, COMMAND, ...args], {
			cores: this.#cores,
			env: this.env,
			echo,
		});
	}

	/** Puts the files of a folder into the bucket; the prefix that they have there. */
	async putFiles(folder) {
		const archive = join(this.#folder, "files.zip");
		const prefix = `s3://${BUCKET}/files/`;
		await this.run(["create", "--quiet", "--method", "store", folder, archive]);
		await this.run(["extract", "--quiet", archive, prefix]);
		rmSync(archive);
		return prefix;
	}

	/** Runs the command to its end; `seconds` of it, and what it says as JSON. */
	async run(args) {
		const startedAt = performance.now();
		const { stdout } = await this.start(args).succeeds();
		return { seconds: (performance.now() - startedAt) / 1000, stdout };
	}

	async end() {
		await this.#processes.endAll();
		rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
	}
}

/** All threads of a process that somebody else has started. */
function pinTo(cores, pid) {
	const { status, stderr } = spawnSync("taskset", ["--all-tasks", "--cpu-list", "--pid", cores, pid], {
		encoding: "utf8",
	});
	if (status !== 0) throw new Error(`process ${pid} cannot be put on the cores ${cores}: ${stderr}`);
}

async function freePort() {
	const server = createServer();
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address();
	await new Promise((resolve) => server.close(resolve));
	return port;
}

function isOpen(port) {
	return new Promise((resolve) => {
		const socket = connect(port, "127.0.0.1");
		socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
		socket.once("connect", () => socket.destroy());
	});
}
