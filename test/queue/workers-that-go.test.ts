import { fileURLToPath } from "node:url";
import { Queue } from "bullmq";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { enqueueFlow, resumeFlow } from "../../src/queue/flow/enqueue-flow.ts";
import { waitForFlow } from "../../src/queue/flow/wait-for-flow.ts";
import { zipStatus } from "../../src/queue/flow/zip-status.ts";
import { type OpenQueue, openQueue } from "../../src/queue/open-queue.ts";
import { Program, stopPrograms } from "../support/program.ts";
import { until } from "../support/until.ts";
import { fakeShards } from "./fake-steps.ts";
import { type QueueServer, queueServers } from "./queue-servers.ts";

const CHILD = fileURLToPath(new URL("./worker-child.ts", import.meta.url));
const TARGET = { bucket: "demo", key: "photos.zip" };
const A_MINUTE = "60000";

describe.each(queueServers("a worker that is killed"))("a shard in a queue on %s", (_name, start) => {
	let server: QueueServer;
	let opened: OpenQueue;
	let queue: Queue;

	beforeAll(async () => {
		server = await start();
	});
	afterAll(async () => {
		await stopPrograms();
		await server?.close();
	});
	beforeEach(async () => {
		opened = await openQueue(server.url, {});
		queue = new Queue("zipferry", { connection: opened.connection }, opened.backend);
		queue.on("error", () => {});
		await server.empty();
	});
	afterEach(async () => {
		await stopWorkers();
		await queue.close();
		opened.close();
	});

	const started: Program[] = [];
	const stopWorkers = () => Promise.all(started.splice(0).map((program) => program.destroy()));
	async function startWorker(shardMs: string): Promise<Program> {
		const program = new Program(process.execPath, ["--import", "tsx", CHILD, server.url, shardMs], {
			env: {},
		});
		started.push(program);
		await program.says(/ready/);
		return program;
	}

	it("of a worker that is killed is taken over within 30 seconds", { tags: "slow" }, async () => {
		const plan = await enqueueFlow(queue, "/srv", TARGET, fakeShards(1));
		const killed = await startWorker(A_MINUTE);
		await killed.says(/started 0/);
		const other = await startWorker("0");
		killed.kill("SIGKILL");
		const killedAt = performance.now();
		await other.says(/started 0/);
		expect(performance.now() - killedAt).toBeLessThan(30_000);
		await waitForFlow(queue, plan, {});
	});

	it("of a worker that is frozen past its lock is made by another, and left when it wakes", {
		tags: "slow",
	}, async () => {
		const plan = await enqueueFlow(queue, "/srv", TARGET, fakeShards(2));
		const frozen = await startWorker(A_MINUTE);
		await frozen.says(/started 0/);
		const other = await startWorker(A_MINUTE);
		await other.says(/started 1/);
		frozen.kill("SIGSTOP");
		const third = await startWorker("0");
		await third.says(/made 0/);
		frozen.kill("SIGCONT");
		await until(async () => (await zipStatus(queue, plan.id)).active.length === 1);
		other.kill("SIGTERM");
		expect(await waitForFlow(queue, plan, {})).toMatchObject(TARGET);
		expect((await queue.getFailed()).length).toBe(0);
	});

	it("goes on when the queue is restarted and has kept its jobs", async () => {
		const plan = await enqueueFlow(queue, "/srv", TARGET, fakeShards(3));
		const worker = await startWorker("700");
		await worker.says(/made 0/);
		await server.restart("kept");
		expect(await waitForFlow(queue, plan, {})).toMatchObject(TARGET);
	});

	it("goes on by resume when the queue is restarted empty", async () => {
		const steps = fakeShards(3);
		const plan = await enqueueFlow(queue, "/srv", TARGET, steps);
		const worker = await startWorker("700");
		await worker.says(/made 0/);
		steps.made.add(0);
		await server.restart("empty");
		await expect(zipStatus(queue, plan.id)).rejects.toMatchObject({ code: "NO_SUCH_FLOW" });
		await resumeFlow(queue, plan, {}, steps);
		expect(await waitForFlow(queue, plan, {})).toMatchObject(TARGET);
	});

	it("is given back at once by a worker that is told to stop, and the process ends well", async () => {
		await enqueueFlow(queue, "/srv", TARGET, fakeShards(1));
		const worker = await startWorker(A_MINUTE);
		await worker.says(/started 0/);
		worker.kill("SIGTERM");
		const { exitCode, stdout } = await worker.ended;
		expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "ready\nstarted 0\nreturned 0\n" });
		expect(await queue.getJobCounts("wait", "active")).toEqual({ wait: 1, active: 0 });
	});
});
