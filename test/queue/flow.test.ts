import { setTimeout as delay } from "node:timers/promises";
import type { Queue } from "bullmq";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SourceError, StorageError } from "../../src/errors.ts";
import { resolveOptions } from "../../src/options/resolve-options.ts";
import { cancelFlow } from "../../src/queue/flow/cancel-zip.ts";
import { enqueueFlow, resumeFlow } from "../../src/queue/flow/enqueue-flow.ts";
import type { ZipProgress } from "../../src/queue/flow/flow-progress.ts";
import { waitForFlow } from "../../src/queue/flow/wait-for-flow.ts";
import { zipStatus } from "../../src/queue/flow/zip-status.ts";
import type { ShardSteps } from "../../src/queue/shard-steps.ts";
import { ZIP_WORKER_SCHEMA } from "../../src/queue/worker/options.ts";
import type { WorkerEvent } from "../../src/queue/worker/worker-event.ts";
import { startZipWorker, type ZipWorker } from "../../src/queue/worker/zip-worker.ts";
import { stopPrograms } from "../support/program.ts";
import { until } from "../support/until.ts";
import { type FakeShards, fakeShards } from "./fake-steps.ts";
import { type QueueServer, queueServers } from "./queue-servers.ts";

const TARGET = { bucket: "demo", key: "photos.zip" };

describe.each(queueServers("the queue"))("an archive in a queue on %s", (_name, start) => {
	let server: QueueServer;
	let queue: Queue;
	const workers: ZipWorker[] = [];
	const events: WorkerEvent[] = [];

	beforeAll(async () => {
		server = await start();
	});
	afterAll(async () => {
		await server?.close();
		await stopPrograms();
	});
	beforeEach(() => {
		queue = server.openQueue();
		events.length = 0;
	});
	afterEach(async () => {
		await Promise.all(workers.splice(0).map((worker) => worker.close()));
		await server.empty();
		await queue.close();
	});

	async function startWorker(steps: ShardSteps, concurrency = 1): Promise<ZipWorker> {
		const onEvent = (event: WorkerEvent) => void events.push(event);
		const settings = resolveOptions(ZIP_WORKER_SCHEMA, { concurrency, onEvent });
		const worker = await startZipWorker(server.url, settings, steps);
		workers.push(worker);
		return worker;
	}

	const typesOf = () => events.map(({ type }) => type);
	const enqueue = (steps: FakeShards) => enqueueFlow(queue, "/srv", TARGET, steps);

	it("is made shard by shard, and finished when all of them are there", async () => {
		const steps = fakeShards(5);
		const plan = await enqueue(steps);
		expect(await zipStatus(queue, plan.id)).toMatchObject({ state: "waiting", madeCount: 0, active: [] });
		const seen: ZipProgress[] = [];
		const waiting = waitForFlow(queue, plan, { onProgress: (progress) => void seen.push(progress) });
		await startWorker(steps, 2);
		await startWorker(steps);
		expect(await waiting).toMatchObject({ ...TARGET, size: 2_500, entryCount: 50 });
		expect(steps.log.at(-1)).toBe("finish");
		expect(steps.log.slice(0, -1).toSorted()).toEqual([0, 1, 2, 3, 4]);
		expect(seen.at(-1)).toMatchObject({ state: "complete", madeCount: 5, contentSize: 5_000, size: 2_500 });
		expect(await zipStatus(queue, plan.id)).toMatchObject({ state: "complete", result: { size: 2_500 } });
	});

	it("says how many workers there are, as it waits for ever without one", async () => {
		const steps = fakeShards(1);
		steps.trouble.set(0, () => delay(600_000, undefined, { ref: false }));
		const plan = await enqueue(steps);
		expect(await zipStatus(queue, plan.id)).toMatchObject({ workerCount: 0 });
		const seen: (number | undefined)[] = [];
		const stop = new AbortController();
		const onProgress = ({ workerCount }: ZipProgress) => void seen.push(workerCount);
		const waiting = waitForFlow(queue, plan, { onProgress, signal: stop.signal });
		waiting.catch(() => {});
		await until(() => seen.includes(0));
		await startWorker(steps);
		await until(() => seen.includes(1));
		stop.abort();
		await expect(waiting).rejects.toBe(stop.signal.reason);
	});

	it("fails at once, with its message, when a source has changed", async () => {
		const steps = fakeShards(3);
		steps.trouble.set(1, () => {
			throw new SourceError("SOURCE_CHANGED", "a.jpg was changed since it was planned", { origin: "a.jpg" });
		});
		const plan = await enqueue(steps);
		await startWorker(steps);
		await expect(waitForFlow(queue, plan, {})).rejects.toMatchObject({
			code: "SOURCE_CHANGED",
			shard: 1,
			problem: "s3://demo/photos.zip failed at shard 1: a.jpg was changed since it was planned",
			advice: { kind: "resume-flow", id: plan.id },
		});
		expect(events.filter(({ type }) => type === "failed")).toMatchObject([{ final: true, index: 1 }]);
		await until(() => typesOf().includes("skipped")); // the third is not made for nothing
		await until(async () => (await queue.getJobCounts("active", "wait"))["active"] === 0);
		expect(await zipStatus(queue, plan.id)).toMatchObject({ state: "failed", madeCount: 1 });
		expect(steps.log).not.toContain("finish");
	});

	it("is tried again when the network fails, and made by resume when that is over", async () => {
		const steps = fakeShards(3);
		steps.trouble.set(0, (attempt) => {
			if (attempt === 1) throw new StorageError("NETWORK", "cannot reach the storage");
		});
		const plan = await enqueue(steps);
		await startWorker(steps);
		expect(await waitForFlow(queue, plan, {})).toMatchObject(TARGET);
		expect(events.find(({ type }) => type === "failed")).toMatchObject({ final: false, code: "NETWORK" });
	});

	it("goes on by resume after a failure: only what is missing is made", async () => {
		const steps = fakeShards(4);
		steps.trouble.set(2, (attempt) => {
			if (attempt === 1) throw new SourceError("SOURCE_UNREADABLE", "no right to read b.jpg");
		});
		const plan = await enqueue(steps);
		await startWorker(steps);
		await expect(waitForFlow(queue, plan, {})).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" });
		await until(async () => (await queue.getWaiting()).length === 0);
		const before = [...steps.log];
		await resumeFlow(queue, plan, {}, steps);
		expect(await waitForFlow(queue, plan, {})).toMatchObject(TARGET);
		expect([...before, ...steps.log.slice(before.length)].toSorted()).toEqual([0, 1, 2, 3, "finish"]);
	});

	it("comes back by resume when the queue was lost", async () => {
		const steps = fakeShards(3);
		steps.made.add(1);
		const plan = await enqueue(steps);
		await server.empty();
		await expect(zipStatus(queue, plan.id)).rejects.toMatchObject({ code: "NO_SUCH_FLOW" });
		await resumeFlow(queue, plan, {}, steps);
		expect(await zipStatus(queue, plan.id)).toMatchObject({ state: "active", madeCount: 1 });
		await startWorker(steps);
		await waitForFlow(queue, plan, {});
		expect(steps.log).toEqual([0, 2, "finish"]);
	});

	it("stays as it is when it is resumed while workers are at it", async () => {
		const steps = fakeShards(3);
		const plan = await enqueue(steps);
		await resumeFlow(queue, plan, {}, steps);
		await resumeFlow(queue, plan, {}, steps);
		expect(await queue.getJobCounts("wait", "waiting-children")).toEqual({ wait: 3, "waiting-children": 1 });
	});

	it("is not taken for one of the same id whose plan says another place", async () => {
		const steps = fakeShards(3);
		const plan = await enqueue(steps);
		await expect(resumeFlow(queue, { ...plan, bucket: "other" }, {}, steps)).rejects.toMatchObject({
			code: "QUEUE_REFUSED",
			message: expect.stringMatching(/ as s3:\/\/demo\/photos\.zip, and the plan says s3:\/\/other\//),
		});
	});

	it("is made twice when it is put in twice, as two uploads would", async () => {
		const steps = fakeShards(2);
		const [one, other] = [await enqueue(steps), await enqueue(steps)];
		expect(one.id).not.toBe(other.id);
		await startWorker(steps, 2);
		await Promise.all([waitForFlow(queue, one, {}), waitForFlow(queue, other, {})]);
		expect(steps.log.filter((step) => step === "finish")).toHaveLength(2);
	});

	it("is left by workers and gone when it is cancelled", async () => {
		const steps = fakeShards(3);
		steps.trouble.set(0, () => new Promise(() => {}));
		const plan = await enqueue(steps);
		await startWorker(steps);
		await until(() => typesOf().includes("started"));
		const waiting = expect(waitForFlow(queue, plan, {})).rejects.toMatchObject({ code: "NO_SUCH_FLOW" });
		expect(await cancelFlow(queue, plan.id, {}, steps)).toMatchObject({ id: plan.id, aborted: true });
		await waiting;
		await until(() => typesOf().includes("skipped"));
		expect(steps.log).toEqual(["abort"]);
		expect(await queue.getJobCounts("wait", "active", "waiting-children", "failed")).toEqual({
			...{ wait: 0, active: 0, "waiting-children": 0, failed: 0 },
		});
	});

	it("gives a shard back at once when its worker is closed", async () => {
		const steps = fakeShards(1);
		let held = 0;
		steps.trouble.set(0, (attempt) => {
			held = attempt;
			return attempt === 1 ? new Promise(() => {}) : undefined;
		});
		const plan = await enqueue(steps);
		const first = await startWorker(steps);
		await until(() => held === 1);
		await first.close();
		expect(typesOf()).toEqual(["started", "returned"]);
		expect(await queue.getJobCounts("wait", "active")).toEqual({ wait: 1, active: 0 });
		await startWorker(steps);
		await waitForFlow(queue, plan, {});
		expect(held).toBe(2);
	});

	it("leaves nothing in the storage when it cannot be put into the queue", async () => {
		const steps = fakeShards(2);
		await queue.waitUntilReady();
		const allow = await server.refuseJobs();
		try {
			await expect(enqueue(steps)).rejects.toThrow(/can't run this command/);
		} finally {
			await allow();
		}
		expect(steps.log).toEqual(["abort"]);
	});
});
