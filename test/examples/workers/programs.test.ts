import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MAIN } from "../../cli/zipferry.ts";
import { noise } from "../../support/bytes.ts";
import { DemoServer } from "../../support/demo-server.ts";
import { Program, stopPrograms } from "../../support/program.ts";
import { hasRedis, RedisServer } from "../../support/redis.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { zipNames } from "../../support/zip-contents.ts";
import { startExample } from "../example.ts";

const BY_HAND = fileURLToPath(new URL("../../../examples/workers/by-hand.sh", import.meta.url));
const NAMES = Array.from({ length: 9 }, (_, index) => `${index}.jpg`);

const directory = useTempDirectory();
let server: DemoServer;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());
beforeEach(async () => {
	for (const name of NAMES) await server.put(`photos/${name}`, noise(3 * 1024 ** 2));
});
afterEach(stopPrograms);

const besides = async () => (await server.keys()).filter((key) => key.includes(".zipferry-shards"));

describe("examples/workers/by-hand.sh", { timeout: 300_000, tags: "slow" }, () => {
	const run = (...args: readonly string[]) => {
		const ZIPFERRY = `${process.execPath} ${MAIN}`;
		const env = { ...server.env, ...server.storage, HOME: directory.path(), WORKERS: "2", ZIPFERRY };
		return new Program("sh", [BY_HAND, ...args], { env }).ended;
	};

	it("makes one archive by several processes", async () => {
		const outcome = await run("s3://demo/photos/", "s3://demo/by-hand.zip");
		expect(outcome, outcome.stderr).toMatchObject({ exitCode: 0 });
		expect(await zipNames((await server.get("by-hand.zip")).bytes)).toEqual(NAMES);
		expect(await besides()).toEqual([]);
	});

	it("leaves nothing behind if a shard cannot be made", async () => {
		// The first look at it comes with the list, the second one when its shard is made.
		const changing = server.s3.requests.length;
		const hurt = setInterval(() => {
			const listed = server.s3.requests
				.slice(changing)
				.some(({ operation }) => operation === "CreateMultipartUpload");
			if (!listed) return;
			clearInterval(hurt);
			void server.put("photos/8.jpg", "another photo");
		}, 5);
		const outcome = await run("s3://demo/photos/", "s3://demo/hurt.zip");
		clearInterval(hurt);
		expect(outcome).toMatchObject({ exitCode: 1 });
		expect(outcome.stderr).toContain("the archive cannot be made; its parts are being removed");
		expect(await server.keys()).not.toContain("hurt.zip");
		expect(await besides()).toEqual([]);
		expect(await server.incompleteUploads()).toEqual([]);
	});
});

describe.skipIf(!hasRedis("examples/workers/enqueue.ts"))(
	"examples/workers/enqueue.ts and worker.ts",
	{ timeout: 300_000, tags: "slow" },
	() => {
		let redis: RedisServer;
		beforeAll(async () => {
			redis = await RedisServer.start(["--maxmemory-policy", "noeviction"]);
		});
		afterAll(() => redis?.close());

		it("make one archive, and the worker ends when it is asked to", async () => {
			const env = { ...server.env, ...server.storage, REDIS_URL: redis.url, HOME: directory.path() };
			const worker = startExample("workers/worker.ts", [], env);
			const outcome = await startExample("workers/enqueue.ts", ["s3://demo/photos/", "queued.zip"], env)
				.ended;
			expect(outcome, outcome.stderr).toMatchObject({ exitCode: 0 });
			expect(outcome.stdout).toMatch(/^s3:\/\/demo\/queued\.zip: \d+ bytes\n$/);
			expect(await zipNames((await server.get("queued.zip")).bytes)).toEqual(NAMES);
			worker.kill("SIGTERM");
			expect(await worker.ended).toMatchObject({ exitCode: 0 });
		});
	},
);
