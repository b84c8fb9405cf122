import { cp } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BUCKET, DemoServer, SECRET } from "../../../support/demo-server.ts";
import { hasPostgres, PostgresServer } from "../../../support/postgres.ts";
import { type Outcome, Program, stopPrograms } from "../../../support/program.ts";
import { freePort, hasRedis, RedisServer } from "../../../support/redis.ts";
import { useTempDirectory } from "../../../support/temp-directory.ts";
import { until } from "../../../support/until.ts";
import { zipContents } from "../../../support/zip-contents.ts";
import { errorLine, startZipferry, zipferry } from "../../zipferry.ts";

const temp = useTempDirectory();
const TARGET = `s3://${BUCKET}/photos.zip`;
const PASSWORD = "queue-passw0rd";

/** Events of a log, by their names. */
function eventsOf(log: string): string[] {
	const lines = log.split("\n").filter((line) => line.startsWith("{"));
	return lines.map((line) => (JSON.parse(line) as { readonly event: string }).event);
}

describe("a command about a queue", () => {
	it.each([
		["status", ["status", "0123"]],
		["cancel", ["cancel", "0123"]],
		["worker", ["worker"]],
		["submit", ["submit", ".", TARGET]],
	])("wants to know where it is: %s", async (_name, args) => {
		const outcome = await zipferry(args, { env: {}, cwd: temp.path() });
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toBe(
			"a queue is needed: --redis redis://HOST:PORT, or the variable ZIPFERRY_REDIS or REDIS_URL",
		);
	});

	it("does not take two queues, nor anything else for a PostgreSQL", async () => {
		const both = await zipferry(["status", "0123", "--redis", "redis://h", "--postgres", "postgres://h"], {
			env: {},
		});
		expect(both.exitCode).toBe(2);
		expect(errorLine(both)).toBe("a queue is on one server: give --redis or --postgres, and not both");
		const another = await zipferry(["status", "0123", "--redis", "postgres://h"], { env: {} });
		expect(errorLine(another)).toMatch(/^--redis must be the URL of a Redis/);
		const other = await zipferry(["worker"], { env: { ZIPFERRY_POSTGRES: `http://${PASSWORD}@h` } });
		expect(other.exitCode).toBe(2);
		expect(errorLine(other)).toMatch(/^ZIPFERRY_POSTGRES must be the URL of a PostgreSQL/);
		expect(other.stderr).not.toContain(PASSWORD);
	});

	it("says in one line that it cannot reach it, and does not repeat the password", async () => {
		const port = await freePort();
		const env = { REDIS_URL: `redis://me:${PASSWORD}@127.0.0.1:${port}` };
		const outcome = await zipferry(["worker", "--retry-time", "1s"], { env });
		expect(outcome.exitCode).toBe(6);
		expect(outcome.stderr).not.toContain(PASSWORD);
		expect(outcome.stderr).toMatch(
			/\nzipferry: cannot reach the queue at redis:\/\/127.0.0.1:\d+: connect ECONNREFUSED .*\n$/,
		);
	});

	it("says in one line how BullMQ is added where it is missing", async () => {
		await cp(fileURLToPath(new URL("../../../../dist", import.meta.url)), temp.path("zipferry/dist"), {
			recursive: true,
		});
		const main = temp.path("zipferry/dist/cli/zipferry.cjs");
		const args = [main, "status", "0123", "--redis", "redis://127.0.0.1:1"];
		const outcome = await new Program(process.execPath, args, { env: {}, cwd: temp.path() }).ended;
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toBe(
			"a queue needs bullmq, which is not installed beside zipferry: npm install bullmq ioredis (with -g, if zipferry was installed so)",
		);
	});

	it.each(["no", "9464x", "1.2.3.4:99999", "a:b:1"])("refuses --metrics %s", async (metrics) => {
		const outcome = await zipferry(["worker", "--redis", "redis://h", "--metrics", metrics], { env: {} });
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toMatch(/^--metrics must be an address and a port/);
	});
});

describe.skipIf(!hasRedis("the commands about queues"))("an archive in a queue", () => {
	let redis: RedisServer;
	let server: DemoServer;
	beforeEach(async () => {
		redis = await RedisServer.start(["--requirepass", PASSWORD]);
		server = await DemoServer.start();
		await temp.write({ "src/a.txt": "alpha", "src/b/c.txt": "beta".repeat(1000) });
	});
	afterEach(async () => {
		await stopPrograms();
		await redis.close();
		await server.close();
	});

	const env = () => ({
		...server.env,
		ZIPFERRY_PROVIDER: "aws",
		ZIPFERRY_REDIS: `redis://:${PASSWORD}@127.0.0.1:${redis.port}`,
	});
	const run = (...args: string[]): Promise<Outcome> => zipferry(args, { env: env(), cwd: temp.path() });
	const worker = (...args: string[]): Program =>
		startZipferry(["worker", ...args], { env: env(), cwd: temp.path() });

	it("is planned, made by a worker and complete, and leaves nothing beside it", async () => {
		const submitting = run("submit", "src", TARGET, "--wait");
		const program = worker("--concurrency", "2");
		const { exitCode, stderr, stdout } = await submitting;
		expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
		expect(stderr).toMatch(/^s3:\/\/demo\/photos\.zip: 1 shard in the queue zipferry, id [\da-f]{32}\n/);
		expect(stderr).toMatch(/\ns3:\/\/demo\/photos\.zip: 3 entries, .* in 0:\d\d, 1 part\n$/);
		program.kill("SIGTERM");
		const ended = await program.ended;
		expect(ended.exitCode).toBe(0);
		expect(eventsOf(ended.stderr)).toEqual(["ready", "started", "made", "started", "finished", "stopping"]);
		expect(await server.keys()).toEqual(["photos.zip"]);
		expect(await server.incompleteUploads()).toEqual([]);
		const { bytes } = await server.get("photos.zip");
		expect([...(await zipContents(bytes)).keys()].toSorted()).toEqual(["a.txt", "b/", "b/c.txt"]);
	});

	it("has nothing secret in its jobs", async () => {
		const { stdout } = await run("submit", "src", TARGET, "--json");
		const plan = JSON.parse(stdout) as { readonly id: string };
		const everything = await redis.everything();
		expect(everything).toContain(plan.id);
		for (const secret of [SECRET, PASSWORD, server.s3.accessKeyId, "a.txt"])
			expect(everything).not.toContain(secret);
	});

	it("is shown, and cancelled with all that there is of it", async () => {
		const { stdout: id } = await run("submit", "src", TARGET, "--quiet");
		const shown = await run("status", id.trim());
		expect(shown.stdout).toMatch(
			/^archive {5}s3:\/\/demo\/photos\.zip\nstate {7}waiting\nshards {6}0 of 1 made\n/,
		);
		const status = JSON.parse((await run("status", id.trim(), "--json")).stdout);
		expect(status).toMatchObject({ id: id.trim(), state: "waiting", madeCount: 0, active: [] });
		const cancelled = await run("cancel", id.trim());
		expect(cancelled.exitCode).toBe(0);
		expect(cancelled.stderr).toMatch(
			/: cancelled; its upload is aborted, and \d+ objects beside it removed\n$/,
		);
		expect(await server.keys()).toEqual([]);
		expect(await server.incompleteUploads()).toEqual([]);
		const again = await run("cancel", id.trim());
		expect(again.exitCode).toBe(5);
		expect(errorLine(again)).toMatch(/^the queue zipferry has no archive with the id /);
	});

	it("fails as a whole with the message of its shard, and its exit code, and goes on by --resume", async () => {
		const { stdout } = await run("submit", "src", TARGET, "--json");
		const { id } = JSON.parse(stdout) as { readonly id: string };
		await temp.write({ "plan.json": stdout, "src/a.txt": "changed since" });
		worker();
		const waiting = await run("submit", "--resume", "plan.json", "--wait", "--quiet");
		expect(waiting.exitCode).toBe(4);
		expect(waiting.stderr).toContain("s3://demo/photos.zip failed at shard 0: ");
		expect(waiting.stderr).toContain(
			`zipferry submit --resume s3://demo/photos.zip.zipferry-shards/${id}/manifest.json makes the rest, zipferry cancel ${id} removes it`,
		);
		expect((await run("status", id)).stdout).toContain("\nstate       failed\n");
		await run("cancel", id);
		expect(await server.incompleteUploads()).toEqual([]);
	});

	it("goes on without whoever waits for it", async () => {
		const waiting = startZipferry(["submit", "src", TARGET, "--wait"], { env: env(), cwd: temp.path() });
		const [, id = ""] = await waiting.says(/id ([\da-f]{32})\n/);
		await waiting.says(
			/\nwarning: no worker is connected to the queue zipferry: zipferry worker starts one\n/,
		);
		waiting.kill("SIGINT");
		const { exitCode, stderr } = await waiting.ended;
		expect(exitCode).toBe(130);
		expect(stderr).toContain(
			`zipferry: stopped by SIGINT; the work goes on: zipferry status ${id} shows it, zipferry cancel ${id} ends it\n`,
		);
		worker();
		await until(async () => (await server.keys()).join() === "photos.zip");
	});

	it("is measured for Prometheus", async () => {
		const program = worker("--metrics", "0");
		const [, url = ""] = await program.says(/"url":"([^"]+)"/);
		await run("submit", "src", TARGET, "--wait", "--quiet");
		const text = await (await fetch(url)).text();
		expect(text).toContain(
			"# TYPE zipferry_worker_shards_made_total counter\nzipferry_worker_shards_made_total 1\n",
		);
		expect(text).toContain("\nzipferry_worker_entries_total 3\n");
		expect(text).toContain("\nzipferry_worker_content_bytes_total 4005\n");
		expect(text).toContain("\nzipferry_worker_archives_finished_total 1\n");
		expect(text).toMatch(/\nzipferry_worker_shards 0\n/);
		expect((await fetch(new URL("/", url))).status).toBe(404);
	});
});

describe.skipIf(!hasPostgres("the commands about queues on it"))(
	"an archive in a queue on PostgreSQL",
	() => {
		let postgres: PostgresServer;
		let server: DemoServer;
		beforeEach(async () => {
			postgres = await PostgresServer.start();
			server = await DemoServer.start();
			await temp.write({ "src/a.txt": "alpha" });
		});
		afterEach(async () => {
			await stopPrograms();
			await postgres.close();
			await server.close();
		});

		it("is planned, made by a worker that ends well, shown, and complete", async () => {
			const env = { ...server.env, ZIPFERRY_PROVIDER: "aws", ZIPFERRY_POSTGRES: postgres.url };
			const options = { env, cwd: temp.path() };
			const submitting = zipferry(["submit", "src", TARGET, "--wait"], options);
			const program = startZipferry(["worker"], options);
			const submitted = await submitting;
			expect(submitted.exitCode).toBe(0);
			const [, id = ""] = /id ([\da-f]{32})\n/.exec(submitted.stderr) ?? [];
			const shown = await zipferry(["status", id], options);
			expect(shown.stdout).toContain("\nstate       complete\n");
			program.kill("SIGTERM");
			expect((await program.ended).exitCode).toBe(0);
			expect(await server.keys()).toEqual(["photos.zip"]);
		});
	},
);
