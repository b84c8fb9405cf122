import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { startZipferry } from "../../cli/zipferry.ts";
import { noise } from "../../support/bytes.ts";
import { DemoServer } from "../../support/demo-server.ts";
import { stopPrograms } from "../../support/program.ts";
import { hasRedis, RedisServer } from "../../support/redis.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { zipNames } from "../../support/zip-contents.ts";

interface Service {
	readonly command: readonly string[];
	readonly depends_on?: Readonly<Record<string, object>>;
	readonly environment?: Readonly<Record<string, string>>;
	readonly deploy?: { readonly replicas: number };
}

const text = await readFile(new URL("../../../examples/workers/compose.yaml", import.meta.url), "utf8");
const { services } = parse(text) as { readonly services: Record<"redis" | "worker" | "submit", Service> };
const NAMES = Array.from({ length: 9 }, (_, index) => `${index}.jpg`);

const directory = useTempDirectory();

describe("examples/workers/compose.yaml", () => {
	it("has a Redis that loses no job, and tells all others where it is", () => {
		const { redis, ...others } = services;
		expect(redis.command.join(" ")).toMatch(
			/^redis-server .*--maxmemory-policy noeviction --appendonly yes$/,
		);
		for (const { depends_on, environment } of Object.values(others)) {
			expect(Object.keys(depends_on ?? {})).toEqual(["redis"]);
			expect(environment).toEqual({ REDIS_URL: "redis://redis:6379" });
		}
	});

	describe.skipIf(!hasRedis("examples/workers/compose.yaml"))("by its commands", { timeout: 300_000 }, () => {
		let server: DemoServer;
		let redis: RedisServer;
		beforeEach(async () => {
			server = await DemoServer.start();
			redis = await RedisServer.start(services.redis.command.slice(1));
			for (const name of NAMES) await server.put(`photos/${name}`, noise(3 * 1024 ** 2));
		});
		afterEach(async () => {
			await stopPrograms();
			await redis?.close();
			await server?.close();
		});

		it("makes one archive by all workers, each of which ends when it is asked to", {
			tags: "slow",
		}, async () => {
			const env = { ...server.env, ...server.storage, REDIS_URL: redis.url, HOME: directory.path() };
			const start = ({ command }: Service) =>
				startZipferry(
					command.map((word) => word.replace("//my-bucket/", "//demo/")),
					{ env },
				);
			const workers = Array.from({ length: services.worker.deploy?.replicas ?? 1 }, () =>
				start(services.worker),
			);
			expect(workers).toHaveLength(3);
			const outcome = await start(services.submit).ended;
			expect(outcome, outcome.stderr).toMatchObject({ exitCode: 0 });
			expect(await zipNames((await server.get("photos.zip")).bytes)).toEqual(NAMES);
			expect(await server.keys()).toEqual([...NAMES.map((name) => `photos/${name}`), "photos.zip"].sort());
			for (const worker of workers) worker.kill("SIGTERM");
			const ends = await Promise.all(workers.map(({ ended }) => ended));
			expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
		});
	});
});
