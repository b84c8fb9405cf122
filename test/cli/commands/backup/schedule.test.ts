import { readdir } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FaultHook } from "../../../../localstack/strict-s3/local-s3.ts";
import { BUCKET, DemoServer } from "../../../support/demo-server.ts";
import { type Program, stopPrograms } from "../../../support/program.ts";
import { useTempDirectory } from "../../../support/temp-directory.ts";
import { errorLine, startZipferry, zipferry } from "../../zipferry.ts";

const directory = useTempDirectory();
let server: DemoServer;
let fault: FaultHook;
beforeEach(async () => {
	fault = () => undefined;
	server = await DemoServer.start({ onRequest: (request) => fault(request) });
	await directory.write({ "photos/a.txt": "a", "zipferry.config.yaml": config("* * * * * *") });
});
afterEach(async () => {
	await stopPrograms();
	await server.close();
});

const config = (cron: string, more = "") => `jobs:
  photos:
    sources: ./photos
    target: s3://${BUCKET}/{name}/%Y-%m-%dT%H-%M-%SZ.zip
    schedule: "${cron}"
${more}`;

const options = () => ({
	env: { ...server.env, HOME: directory.path("home"), TMPDIR: directory.path() },
	cwd: directory.path(),
});

const start = (...args: readonly string[]): Program => startZipferry(["schedule", ...args], options());

describe("zipferry schedule", () => {
	it("backs up when it is due, and ends with 0 when it is stopped", async () => {
		const schedule = start();
		await schedule.says(/photos: done/);
		schedule.kill("SIGTERM");
		const { exitCode, stdout, stderr } = await schedule.ended;
		expect([exitCode, stdout]).toEqual([0, ""]);
		expect(stderr).toContain("stopped by SIGTERM");
		const archives = (await server.keys()).filter((key) => key.endsWith(".zip"));
		expect(archives[0]).toMatch(/^photos\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.zip$/);
		expect(await server.incompleteUploads()).toEqual([]);
		expect(await readdir(directory.path("home/.local/state/zipferry"))).toEqual([
			expect.stringMatching(/^schedule-[0-9a-f]{12}\.json$/),
		]);
	});

	it("undoes a run that is under way when it is stopped, and does it at the next start", async () => {
		let reached = () => {};
		const uploading = new Promise<void>((resolve) => {
			reached = resolve;
		});
		fault = ({ operation, key }) => {
			if (!key.endsWith(".zip") || !/^(PutObject|CreateMultipartUpload)$/.test(operation)) return undefined;
			reached();
			return { status: 503, code: "SlowDown", message: "later" };
		};
		const stopped = start();
		await uploading;
		stopped.kill("SIGINT");
		const { exitCode, stderr } = await stopped.ended;
		expect(exitCode).toBe(0);
		expect(stderr).toContain("photos: was stopped and undone");
		fault = () => undefined;
		expect((await server.keys()).filter((key) => key.endsWith(".zip"))).toEqual([]);
		expect(await server.incompleteUploads()).toEqual([]);
		const again = start();
		await again.says(/photos: started/);
		again.kill("SIGTERM");
		expect((await again.ended).exitCode).toBe(0);
	});

	it("reads its config again at SIGHUP, and refuses one that is wrong", async () => {
		await directory.write({ "zipferry.config.yaml": config("0 0 29 2 *") });
		const schedule = start("--json", "--health-port", "0");
		const [, url = ""] = await schedule.says(/"url":"([^"]+)"/);
		await schedule.says(/"event":"scheduled"/);
		expect((await fetch(url)).status).toBe(200);
		await directory.write({ "zipferry.config.yaml": config("0 0 29 2 *", "    colour: red\n") });
		schedule.kill("SIGHUP");
		const [refused] = await schedule.says(/\{[^\n]*"config-refused"[^\n]*\}\n/);
		expect(JSON.parse(refused).message).toMatch(/zipferry\.config\.yaml:6: .*colour/);
		await directory.write({ "zipferry.config.yaml": config("0 0 1 1 *") });
		schedule.kill("SIGHUP");
		await schedule.says(/"due":"\d{4}-01-01T00:00:00\.000Z"/);
		const health = await (await fetch(url)).json();
		expect(health).toMatchObject({
			ok: true,
			jobs: [{ name: "photos", due: expect.stringContaining("-01-01T") }],
		});
		schedule.kill("SIGTERM");
		const { exitCode, stdout } = await schedule.ended;
		expect(exitCode).toBe(0);
		for (const line of stdout.trimEnd().split("\n")) expect(JSON.parse(line)).toHaveProperty("event");
	});

	it("says that a job has failed, goes on, and answers 503", async () => {
		await directory.write({ "zipferry.config.yaml": config("* * * * * *").replace("./photos", "./nothing") });
		const schedule = start("--health-port", "0", "--json");
		const [, url = ""] = await schedule.says(/"url":"([^"]+)"/);
		const [line] = await schedule.says(/\{[^\n]*"ended"[^\n]*\}\n/);
		expect(JSON.parse(line)).toMatchObject({ job: "photos", report: { status: "failure", exitCode: 4 } });
		const health = await fetch(url);
		expect(health.status).toBe(503);
		expect(await health.json()).toMatchObject({ jobs: [{ ok: false, lastRun: { exitCode: 4 } }] });
		schedule.kill("SIGTERM");
		expect((await schedule.ended).exitCode).toBe(0);
	});

	it("keeps a second process with the same state away", async () => {
		await directory.write({ "zipferry.config.yaml": config("0 0 29 2 *") });
		const first = start();
		await first.says(/next run/);
		const second = await zipferry(["schedule"], options());
		expect(second.exitCode).toBe(8);
		expect(second.stderr).toMatch(new RegExp(`another process, ${first.pid}, runs this schedule`));
		first.kill("SIGKILL");
		await first.ended;
		const third = start();
		await third.says(/next run/);
		third.kill("SIGTERM");
		expect((await third.ended).exitCode).toBe(0);
	});

	it("refuses jobs that there are not, or that have no schedule", async () => {
		const unknown = await zipferry(["schedule", "docs"], options());
		expect(unknown.exitCode).toBe(2);
		expect(errorLine(unknown)).toMatch(/has no job "docs"; its jobs: photos$/);
		await directory.write({ "zipferry.config.yaml": config("@daily").replace(/ {4}schedule.*\n/, "") });
		expect(errorLine(await zipferry(["schedule", "photos"], options()))).toMatch(
			/"photos" in .* has no schedule$/,
		);
		expect(errorLine(await zipferry(["schedule"], options()))).toMatch(/^no job in .* has a schedule/);
	});
});
