import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fault, FaultHook } from "../../localstack/strict-s3/local-s3.ts";
import { MiB } from "../../src/bytes/units.ts";
import { abortShards } from "../../src/shards/finish/abort-shards.ts";
import { finishShards } from "../../src/shards/finish/finish-shards.ts";
import { shardsStatus } from "../../src/shards/finish/shards-status.ts";
import { planShards } from "../../src/shards/plan/plan-shards.ts";
import type { ShardPlan } from "../../src/shards/shard-plan.ts";
import { makeShard } from "../../src/shards/work/make-shard.ts";
import { BUCKET, DemoServer } from "../support/demo-server.ts";
import { useTempDirectory } from "../support/temp-directory.ts";

const STEPS = ["plan", "work", "finish"] as const;
type Step = (typeof STEPS)[number];

/** The requests of each step that change something, or that it needs an answer from. */
const OPERATIONS: Readonly<Record<Step, readonly string[]>> = {
	plan: ["HeadBucket", "PutObject", "CreateMultipartUpload"],
	work: ["GetObject", "ListParts", "UploadPart", "PutObject", "HeadObject"],
	finish: [
		"GetObject",
		"ListObjectsV2",
		"ListParts",
		"UploadPart",
		"CompleteMultipartUpload",
		"HeadObject",
		"DeleteObject",
	],
};

/** Faults that pass: the step is done all the same. */
const PASSING: Readonly<Record<string, Fault>> = {
	"an internal error": { status: 500, code: "InternalError", message: "sorry" },
	SlowDown: { status: 503, code: "SlowDown", message: "reduce your rate" },
	"a reset": { destroy: true },
	"a lost answer": { loseAnswer: true },
};

const DENIED: Fault = { status: 403, code: "AccessDenied", message: "not you" };

const directory = useTempDirectory();
let server: DemoServer;
let fault: FaultHook = () => undefined;
beforeEach(async () => {
	server = await DemoServer.start({ onRequest: (request) => fault(request) });
	const bytes = randomBytes(4 * MiB);
	await directory.write(
		Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [`files/${name}`, bytes])),
	);
});
afterEach(async () => {
	fault = () => undefined;
	await server.close();
});

const storage = () => {
	const { endpoint, region, accessKeyId, secretAccessKey } = server.s3;
	return {
		...{ endpoint, region, credentials: { accessKeyId, secretAccessKey }, provider: "ceph" as const },
		retryTimeMs: 20_000,
	};
};

/** Takes a step while the server does what the hook says. */
async function during<Result>(hook: FaultHook | undefined, step: () => Promise<Result>): Promise<Result> {
	fault = hook ?? (() => undefined);
	try {
		return await step();
	} finally {
		fault = () => undefined;
	}
}

const plan = (hook?: FaultHook) =>
	during(hook, () =>
		planShards(directory.path("files"), { ...storage(), bucket: BUCKET, key: "all.zip", maxBytes: 8 * MiB }),
	);
const work = (planned: ShardPlan, hook?: FaultHook) =>
	during(hook, async () => {
		for (let index = 0; index < planned.shardCount; index++) await makeShard(planned, index, storage());
	});
const finish = (planned: ShardPlan, hook?: FaultHook) => during(hook, () => finishShards(planned, storage()));

/** All of it, with one step under the hook. */
async function flow(step: Step, hook: FaultHook): Promise<void> {
	const planned = await plan(step === "plan" ? hook : undefined);
	await work(planned, step === "work" ? hook : undefined);
	await finish(planned, step === "finish" ? hook : undefined);
}

const once =
	(operation: string, what: Fault): FaultHook =>
	({ operation: asked }) => {
		if (asked !== operation) return undefined;
		fault = () => undefined;
		return what;
	};
const always =
	(operation: string, what: Fault): FaultHook =>
	({ operation: asked }) =>
		asked === operation ? what : undefined;

describe("an archive of shards on a storage that fails", { timeout: 120_000 }, () => {
	const cases = STEPS.flatMap((step) =>
		OPERATIONS[step].flatMap((operation) =>
			Object.keys(PASSING).map((what) => [step, operation, what] as const),
		),
	);
	const isQuick = ([step, operation, what]: (typeof cases)[number]) =>
		what === "a lost answer" &&
		(operation === "CompleteMultipartUpload" || (step !== "finish" && operation === "PutObject"));

	const passes = async (step: Step, operation: string, what: string) => {
		await flow(step, once(operation, PASSING[what] ?? DENIED));
		const { bytes } = await server.get("all.zip");
		expect(bytes.byteLength).toBeGreaterThan(20 * MiB);
		expect(await server.keys()).toEqual(["all.zip"]);
		expect(await server.incompleteUploads()).toEqual([]);
	};
	it.each(cases.filter(isQuick))("%s: %s meets %s, and all is well", passes);
	it.each(cases.filter((one) => !isQuick(one)))("%s: %s meets %s, and all is well", { tags: "slow" }, passes);

	it.each(OPERATIONS.plan)("plan: %s is refused, and nothing is left", async (operation) => {
		const before = await server.keys();
		const planning = plan(always(operation, DENIED));
		if (operation === "HeadBucket") return void (await abortShards(await planning, storage())); // credentials may only write
		await expect(planning).rejects.toMatchObject({ code: "STORAGE_REFUSED" });
		expect(await server.keys()).toEqual(before);
		expect(await server.incompleteUploads()).toEqual([]);
	});

	it.each(["GetObject", "UploadPart", "PutObject"])(
		"work: %s is refused, no slice is left, and abort removes the rest",
		async (operation) => {
			const planned = await plan();
			await expect(work(planned, always(operation, DENIED))).rejects.toMatchObject({
				code: "STORAGE_REFUSED",
			});
			expect(await shardsStatus(planned, storage())).toMatchObject({ state: "incomplete", made: [] });
			await abortShards(planned, storage());
			expect((await server.keys()).filter((key) => key !== "all.zip")).toEqual([]);
			expect(await server.incompleteUploads()).toEqual([]);
		},
	);

	it.each(["GetObject", "ListObjectsV2", "ListParts", "UploadPart", "CompleteMultipartUpload"])(
		"finish: %s is refused, nothing is published, and it can be finished then",
		async (operation) => {
			const planned = await plan();
			await work(planned);
			const before = await server.keys();
			await expect(finish(planned, always(operation, DENIED))).rejects.toMatchObject({
				code: "STORAGE_REFUSED",
			});
			expect(await server.keys()).toEqual(before);
			expect((await shardsStatus(planned, storage())).missing).toEqual([]);
			expect(await finish(planned)).toMatchObject({ alreadyComplete: false });
		},
	);

	it("finish: helper objects cannot be deleted, and it says so, with the archive complete", async () => {
		const planned = await plan();
		await work(planned);
		const denied: FaultHook = ({ operation }) => (operation.startsWith("DeleteObject") ? DENIED : undefined);
		const finished = await finish(planned, denied);
		expect(finished.warnings).toMatchObject([{ code: "HELPERS_LEFT" }]);
		expect(await server.incompleteUploads()).toEqual([]);
		expect(await finish(planned)).toMatchObject({ alreadyComplete: true, warnings: [] });
		expect(await server.keys()).toEqual(["all.zip"]);
	});

	it("abort: an archive that a finish completes meanwhile is complete, and not called aborted", async () => {
		const planned = await plan();
		await work(planned);
		let complete = () => {};
		const mayComplete = new Promise<void>((resolve) => {
			complete = resolve;
		});
		let aborting: ReturnType<typeof abortShards> | undefined;
		const finishing = finish(planned, async ({ operation }) => {
			if (operation === "CompleteMultipartUpload") {
				aborting ??= abortShards(planned, storage());
				await mayComplete;
			}
			if (operation === "AbortMultipartUpload") {
				complete();
				await finishing;
			}
			return undefined;
		});
		expect(await finishing).toMatchObject({ alreadyComplete: false });
		expect(await aborting).toMatchObject({ aborted: false, complete: true });
		expect(await server.keys()).toEqual(["all.zip"]);
	});

	it.each(STEPS)(
		"%s: the storage is gone for good, which is a failure of the network, in time",
		async (step) => {
			const planned = step === "plan" ? undefined : await plan();
			if (planned !== undefined && step === "finish") await work(planned);
			const options = { ...storage(), retryTimeMs: 1_000 };
			const dead: FaultHook = () => ({ destroy: true });
			const taking = during(dead, (): Promise<unknown> => {
				if (planned === undefined)
					return planShards(directory.path("files"), { ...options, bucket: BUCKET, key: "all.zip" });
				return step === "work" ? makeShard(planned, 0, options) : finishShards(planned, options);
			});
			await expect(taking).rejects.toMatchObject({ code: "NETWORK" });
			if (planned !== undefined) await abortShards(planned, storage());
			expect(await server.incompleteUploads()).toEqual([]);
		},
	);
});
