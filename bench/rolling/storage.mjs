import { createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { DeleteObjectCommand, GetObjectCommand } from "@aws-sdk/client-s3";
import { clientOf, ensureBucket } from "../external-bucket.mjs";
import { OwnProcesses } from "../workers/own-processes.mjs";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
/** Clock ticks of a second, by which Linux counts processor time. */
const TICKS = 100;

export const BUCKET = "rolling";

/** The storage that the archives go to: the embedded server as a process of its own, or what the environment says. */
export class Storage {
	#processes = new OwnProcesses();
	#folder;
	#pids;
	#client;
	/** Of clients. */
	env;

	/** @param pids - Of an S3 server that runs already, for which `AWS_ENDPOINT_URL_S3` and keys are set. */
	static async start({ external, pids = [] }) {
		const storage = new Storage();
		storage.#pids = pids;
		storage.env = {
			...process.env,
			AWS_EC2_METADATA_DISABLED: "true",
			AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
		};
		if (!external) await storage.#startServer();
		storage.#client = clientOf(storage.env);
		if (external) await ensureBucket(storage.#client, BUCKET);
		return storage;
	}

	async #startServer() {
		this.#folder = mkdtempSync(join(tmpdir(), "zipferry-bench-rolling-s3-"));
		const node = [process.execPath, "--import", "tsx", "localstack/strict-s3/main.ts"];
		const options = ["--port", "0", "--directory", this.#folder, "--bucket", BUCKET];
		const server = this.#processes.start([...node, ...options], { cwd: PROJECT });
		await server.says(/AWS_REGION=\S+\n/);
		const told = [...server.stdout.matchAll(/^export (\w+)=(\S+)$/gm)];
		for (const [, name, value] of told) this.env[name] = value;
		this.env.ZIPFERRY_PROVIDER = "aws"; // as which it behaves
		this.#pids = [server.pid];
	}

	/** Processor time that the server has taken so far; `undefined` if nobody has said which processes it is. */
	get cpuMs() {
		if (this.#pids.length === 0) return undefined;
		return this.#pids.reduce((sum, pid) => sum + cpuMsOf(pid), 0);
	}

	async remove(key) {
		await this.#client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }));
	}

	async download(key, path) {
		const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
		await pipeline(Body, createWriteStream(path));
	}

	async end() {
		this.#client?.destroy();
		await this.#processes.endAll();
		if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
	}
}

/** User and system time of a process and of all its threads. */
function cpuMsOf(pid) {
	const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
}
