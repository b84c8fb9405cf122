import { randomBytes } from "node:crypto";
import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MiB } from "../../../../src/bytes/units.ts";
import { BUCKET, DemoServer } from "../../../support/demo-server.ts";
import { stopPrograms } from "../../../support/program.ts";
import { useTempDirectory } from "../../../support/temp-directory.ts";
import { errorLine, zipferry } from "../../zipferry.ts";

const directory = useTempDirectory();
let server: DemoServer;
beforeEach(async () => {
	server = await DemoServer.start();
	const file = randomBytes(3 * MiB);
	const files = Array.from({ length: 7 }, (_, index) => [`files/${index}.bin`, file] as const);
	await directory.write({ ...Object.fromEntries(files), "files/small/a.txt": "a", "files/z.txt": "z" });
});
afterEach(async () => {
	await stopPrograms();
	await server.close();
});

const PROVIDER = ["--provider", "ceph"] as const;
/** Two files a shard. */
const SMALL = ["--max-bytes", "6M"] as const;
const TARGET = `s3://${BUCKET}/all.zip`;
const shards = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
	zipferry(["shards", ...args, ...PROVIDER], { env: { ...server.env, ...env }, cwd: directory.path() });
const json = (stdout: string) => JSON.parse(stdout) as Record<string, unknown>;

async function plan(...args: readonly string[]): Promise<{ shardCount: number; id: string }> {
	const outcome = await shards(["plan", "--plan", "plan.json", "--json", ...SMALL, ...args, "files", TARGET]);
	expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
	return json(outcome.stdout) as { shardCount: number; id: string };
}

describe("zipferry shards", { timeout: 120_000 }, () => {
	it("makes an archive in three steps, whoever takes them, and leaves nothing beside it", async () => {
		const planned = await shards(["plan", "--plan", "plan.json", ...SMALL, "files", TARGET]);
		expect(planned.stderr).toBe("");
		const { shardCount } = json(await readFile(directory.path("plan.json"), "utf8"));
		expect(shardCount).toBeGreaterThan(2);
		expect(planned.stdout).toBe(
			`${TARGET}: 10 entries, 21.0 MiB, ${shardCount} shards for 4 workers\n` +
				"plan: plan.json\n" +
				`make each shard once: zipferry shards work --index N plan.json (N from 0 to ${Number(shardCount) - 1})\n` +
				"then: zipferry shards finish plan.json\n",
		);
		const some = await shards(["work", "plan.json"], { JOB_COMPLETION_INDEX: "1" });
		expect(some).toMatchObject({ exitCode: 0, stdout: "" });
		expect(some.stderr).toMatch(
			new RegExp(
				`^${TARGET}: shard 1 of ${shardCount}: 2 entries, 6\\.00 MiB of files, 6\\.00 MiB of archive in \\d+:\\d+\\n$`,
			),
		);
		const early = await shards(["finish", "plan.json"]);
		expect(early.exitCode).toBe(5);
		expect(errorLine(early)).toMatch(/cannot be finished yet: \d of \d shards are not made \(0, 2/);
		const state = await shards(["status", "plan.json"]);
		expect(state.stdout).toMatch(new RegExp(`^${TARGET}: 1 of ${shardCount} shards made, .*\nmissing: 0, 2`));
		const rest = await shards(["work", "--json", "--index", `0-${Number(shardCount) - 1}`, "plan.json"]);
		const made = rest.stdout.trimEnd().split("\n").map(json);
		expect(made.map(({ index }) => index)).toEqual(
			Array.from({ length: Number(shardCount) }, (_, index) => index),
		);
		expect(made.map(({ alreadyMade }) => alreadyMade)).toEqual(made.map((_, index) => index === 1));
		const finished = await shards(["finish", "plan.json"]);
		expect(finished).toMatchObject({ exitCode: 0, stdout: "" });
		expect(finished.stderr).toMatch(
			new RegExp(`^${TARGET}: 10 entries, 21\\.0 MiB in \\d+:\\d+, \\d+ parts\\n$`),
		);
		expect(await server.keys()).toEqual(["all.zip"]);
		expect(await server.incompleteUploads()).toEqual([]);
		const verified = await zipferry(["verify", "--against", "files", TARGET], {
			env: server.env,
			cwd: directory.path(),
		});
		expect(verified).toMatchObject({ exitCode: 0 });
	});

	it("says on every step behind the end that it is complete", async () => {
		await plan();
		await shards(["finish", "--make-missing", "plan.json"]);
		const again = await shards(["finish", "--json", "plan.json"]);
		expect(json(again.stdout)).toMatchObject({ alreadyComplete: true, entryCount: 10, remadeShards: [] });
		const late = await shards(["work", "--index", "0", "plan.json"]);
		expect(late).toMatchObject({
			exitCode: 0,
			stdout: "",
			stderr: `${TARGET} is complete already: there is nothing left to make\n`,
		});
		expect((await shards(["status", "plan.json"])).stdout).toBe(
			`${TARGET}: complete, 10 entries, 21.0 MiB\n`,
		);
		expect((await shards(["abort", "plan.json"])).stderr).toBe(
			`${TARGET}: it was finished before, and stays\n`,
		);
		expect(await server.keys()).toEqual(["all.zip"]);
	});

	it("gives up all there is of it, and says so on every step behind that", async () => {
		await plan();
		await shards(["work", "--index", "0", "plan.json"]);
		const aborted = await shards(["abort", "plan.json"]);
		expect(aborted).toMatchObject({ exitCode: 0, stderr: `${TARGET}: aborted, 3 helper objects removed\n` });
		expect(await server.keys()).toEqual([]);
		expect(await server.incompleteUploads()).toEqual([]);
		for (const step of [["work", "--index", "0"], ["finish"]]) {
			const outcome = await shards([...step, "plan.json"]);
			expect(outcome.exitCode).toBe(5);
			expect(errorLine(outcome)).toMatch(
				/has no shards to work on: there is no s3:.*manifest\.json, so the archive was finished or aborted/,
			);
		}
		expect((await shards(["status", "plan.json"])).stdout).toMatch(/: gone; it was aborted/);
		expect((await shards(["abort", "plan.json"])).stderr).toBe(`${TARGET}: there was no upload any more\n`);
	});

	it("fails with exit code 4 for a source that has changed, and writes no slice", async () => {
		await plan();
		await writeFile(directory.path("files/0.bin"), "another");
		const outcome = await shards(["work", "--index", "0", "plan.json"]);
		expect(outcome.exitCode).toBe(4);
		expect(errorLine(outcome)).toMatch(/0\.bin.*(changed|planned)/);
		expect(json((await shards(["status", "--json", "plan.json"])).stdout)).toMatchObject({
			state: "incomplete",
			made: [],
		});
	});

	it("has nothing to do for a worker that is one too many", async () => {
		const { shardCount } = await plan();
		const outcome = await shards(["work", "plan.json"], { AWS_BATCH_JOB_ARRAY_INDEX: String(shardCount) });
		expect(outcome).toMatchObject({ exitCode: 0, stdout: "" });
		expect(outcome.stderr).toBe(
			`there is no shard ${shardCount}, and nothing to do: the plan has ${shardCount} shards\n`,
		);
	});

	it("takes the plan from stdin's place in the bucket, and refuses what is none", async () => {
		const { id } = await plan();
		const manifest = `s3://${BUCKET}/all.zip.zipferry-shards/${id}/manifest.json`;
		expect((await shards(["status", manifest])).stdout).toMatch(
			/^s3:\/\/demo\/all\.zip: 0 of \d shards made/,
		);
		await writeFile(directory.path("other.json"), "{}");
		const one = json(await readFile(directory.path("plan.json"), "utf8"));
		const absurd = { ...one, id: "0".repeat(32), shardCount: Number.MAX_SAFE_INTEGER };
		await writeFile(directory.path("absurd.json"), JSON.stringify(absurd));
		await writeFile(directory.path("no.json"), "");
		const refusals = [
			["other.json", "this is no plan of shards: its version is missing or wrong"],
			["absurd.json", "this is no plan of shards: its shardCount is missing or wrong"],
			["no.json", "no.json is empty, and so no plan of shards: zipferry shards plan --plan FILE writes one"],
			["gone.json", /^cannot read the plan in gone\.json: ENOENT/],
			[`s3://${BUCKET}/all.zip`, /is no manifest of shards; one is called like s3:/],
		] as const;
		for (const [word, message] of refusals) {
			const outcome = await shards(["status", word]);
			expect(outcome.exitCode).toBe(2);
			expect(errorLine(outcome)).toMatch(message);
		}
	});

	it("plans nothing if the plan cannot be written, and leaves no draft of it otherwise", async () => {
		const outcome = await shards(["plan", "--plan", "gone/plan.json", "files", TARGET]);
		expect(outcome.exitCode).toBe(4);
		expect(errorLine(outcome)).toMatch(/^cannot write the plan to gone\/plan\.json: ENOENT/);
		expect(await server.incompleteUploads()).toEqual([]);
		await plan();
		await rename(directory.path("plan.json"), directory.path("kept.json"));
		const refused = await shards(["plan", "--plan", "plan.json", "gone", TARGET]);
		expect(refused.exitCode).toBe(4);
		expect((await readdir(directory.path())).sort()).toEqual(["files", "kept.json"]);
	});

	it("shows its commands if nothing else is said, with the help of each", async () => {
		const alone = await zipferry(["shards"], { env: {}, cwd: "." });
		expect(alone).toMatchObject({ exitCode: 0, stderr: "" });
		for (const name of ["plan", "work", "finish", "status", "abort"])
			expect(alone.stdout).toMatch(new RegExp(`^  shards ${name} +\\S`, "m"));
		expect((await zipferry(["help", "shards"], { env: {}, cwd: "." })).stdout).toBe(alone.stdout);
		const work = await zipferry(["shards", "work", "--help"], { env: {}, cwd: "." });
		expect(work.stdout).toMatch(/^zipferry shards work \[options\] <plan>\n/);
		expect((await zipferry(["help", "shards", "work"], { env: {}, cwd: "." })).stdout).toBe(work.stdout);
	});
});
