import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunReport } from "../../../../src/backup/run-report.ts";
import type { ScheduledJob } from "../../../../src/backup/schedule/scheduled-job.ts";
import { runSchedule, type ScheduledConfig } from "../../../../src/cli/commands/backup/run-schedule.ts";
import { streamSink } from "../../../../src/cli/output/byte-sink.ts";
import { Stdout } from "../../../../src/cli/output/stdout.ts";
import type { Io, Unfinished } from "../../../../src/cli/terminal/io.ts";
import { Interrupted } from "../../../../src/cli/terminal/signals.ts";
import { InvalidOptionError } from "../../../../src/errors.ts";
import { report } from "../../../backup/schedule/schedule-trial.ts";
import { CapturedStream } from "../../../faults/captured-stream.ts";
import { JSON_OUTPUTS } from "../../../reference/json-outputs.ts";
import { useTempDirectory } from "../../../support/temp-directory.ts";

const directory = useTempDirectory();

/** The world of a process with a schedule. */
class World {
	readonly stdout = new CapturedStream();
	readonly stderr = new CapturedStream();
	readonly #stop = new AbortController();
	left: Unfinished | undefined;
	hangUp: (() => void) | undefined;

	get io(): Io {
		return {
			stdout: new Stdout(streamSink(this.stdout, false), false, this.#stop.signal),
			stderr: this.stderr.asOutput(),
			signal: this.#stop.signal,
			mayLeave: (what) => {
				this.left = what;
			},
			onHangup: (listener) => {
				this.hangUp = listener;
				return () => {
					this.hangUp = undefined;
				};
			},
		};
	}

	stop(): void {
		this.#stop.abort(new Interrupted("SIGTERM"));
	}

	async says(pattern: RegExp): Promise<void> {
		await expect.poll(() => this.stderr.text + this.stdout.text, { interval: 20 }).toMatch(pattern);
	}
}

let world: World;
beforeEach(() => {
	world = new World();
});
afterEach(() => world.stop());

const settings = () => ({
	names: [],
	stateFile: directory.path("state.json"),
	healthPort: undefined,
	healthHost: undefined,
	json: false,
	quiet: false,
});

/** Due every second. */
const job = (
	name: string,
	run: ScheduledJob["run"] = async () => report(),
	cron = "* * * * * *",
): ScheduledJob => ({
	name,
	schedule: { cron, timeZone: "UTC", jitterMs: 0 },
	run,
});

const config = (...jobs: readonly ScheduledJob[]): ScheduledConfig => ({
	file: "/etc/zipferry.config.yaml",
	jobs,
	warnings: [],
});

/** A run that goes on until it is stopped. */
const endless = (signal: AbortSignal) =>
	new Promise<RunReport>((resolve) => signal.addEventListener("abort", () => resolve(report("failure"))));

describe("zipferry schedule", () => {
	it("has a line for everything that happens, and ends with 0 when it is stopped", async () => {
		const photos: RunReport = {
			...report(),
			elapsedMs: 83_400,
			archive: {
				bucket: "bkt",
				key: "photos/1.zip",
				versionId: undefined,
				size: 1_500_000,
				etag: "e",
				entryCount: 3,
				skippedCount: 0,
				verified: "structure",
				base: undefined,
				fullStartedAt: undefined,
				copiedEntryCount: 0,
				copiedSize: 0,
			},
			retention: { keptCount: 9, removedCount: 2, removed: ["a", "b"], lockedCount: 0 },
		};
		const ended = runSchedule(
			settings(),
			async () =>
				config(
					job("photos", async () => photos),
					job("db", async () => report("failure")),
				),
			world.io,
		);
		await world.says(/db: failed/);
		await world.says(/photos: done/);
		world.stop();
		expect(await ended).toBe(0);
		const lines = world.stderr.text.trimEnd().split("\n");
		for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ /);
		const texts = lines.map((line) => line.slice(21));
		expect(texts.slice(0, 1)).toEqual(["/etc/zipferry.config.yaml: 2 jobs with a schedule: photos, db"]);
		expect(texts[1]).toMatch(/^photos: next run at \d{4}-/);
		expect(texts).toContain("photos: started");
		expect(texts).toContain(
			"photos: done: s3://bkt/photos/1.zip: 3 entries, 1.43 MiB in 1:23, structure verified; 9 kept, 2 removed",
		);
		expect(texts).toContain("db: failed in 0:01, exit code 5: no");
		expect(texts).toContain("stopped by SIGTERM");
		expect(world.stdout.text).toBe("");
	});

	it("prints a line of JSON for each event with --json", async () => {
		const ended = runSchedule({ ...settings(), json: true }, async () => config(job("photos")), world.io);
		await world.says(/"ended"/);
		world.stop();
		await ended;
		const lines = world.stdout.text.trimEnd().split("\n");
		const events = lines.map((line) => JSON.parse(line));
		expect(events.map(({ event }) => event).slice(0, 4)).toEqual([
			"config-loaded",
			"scheduled",
			"started",
			"ended",
		]);
		expect(events[3]).toMatchObject({ job: "photos", report: { status: "success", exitCode: 0 } });
		expect(events[3].due).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
		const { fields } = JSON_OUTPUTS.find(({ command }) => command.startsWith("schedule --json")) ?? {
			fields: {},
		};
		const names = Object.keys(fields).map((name) => name.replace("?", ""));
		for (const event of events) {
			expect(names).toEqual(expect.arrayContaining(Object.keys(event)));
			expect(fields["event" as keyof typeof fields]).toContain(`"${event.event}"`);
		}
		expect(events[3].time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
		expect(world.stderr.text).toBe("");
	});

	it("tells of failures only with --quiet", async () => {
		const run = async () => {
			world.stop();
			return report("success");
		};
		await runSchedule({ ...settings(), quiet: true }, async () => config(job("photos", run)), world.io);
		expect(world.stderr.text).toBe("");
		world = new World();
		const ends = [report("failure")];
		const failing = async () => {
			setImmediate(() => world.stop());
			return ends.shift() ?? report();
		};
		await runSchedule({ ...settings(), quiet: true }, async () => config(job("photos", failing)), world.io);
		expect(world.stderr.text).toMatch(/^\S+ photos: failed in 0:01, exit code 5: no\n$/);
	});

	it("undoes a run that is under way when it is stopped, and says what would be left until then", async () => {
		const ended = runSchedule(settings(), async () => config(job("photos", endless)), world.io);
		await world.says(/photos: started/);
		expect(world.left).toMatchObject({ what: "an incomplete upload" });
		world.stop();
		expect(await ended).toBe(0);
		expect(world.left).toBeUndefined();
		expect(world.stderr.text).toContain("photos: was stopped and undone");
	});

	it("reads the config again at SIGHUP, and goes on with the old one if that is wrong", async () => {
		const never = "0 0 29 2 *";
		const configs = [
			async () => config(job("photos", undefined, never)),
			async () => {
				throw new InvalidOptionError("zipferry.config.yaml:3: jobs.db.schedule is missing\nand more");
			},
			async () => config(job("db", undefined, never), job("mail", undefined, never)),
		];
		const ended = runSchedule(
			{ ...settings(), healthPort: 0 },
			async () => (configs.shift() ?? configs.at(-1))?.() ?? config(),
			world.io,
		);
		await world.says(/photos: next run/);
		const health = async () => {
			const url = /health at (\S+)/.exec(world.stderr.text)?.[1] ?? "";
			const response = await fetch(url);
			return [response.status, await response.json()];
		};
		world.hangUp?.();
		await world.says(/is refused/);
		expect(world.stderr.text).toContain(
			"the new config is refused, and the old one goes on: zipferry.config.yaml:3: jobs.db.schedule is missing; and more\n",
		);
		expect(await health()).toMatchObject([
			200,
			{ ok: true, config: { refused: expect.stringContaining("missing") }, jobs: [{ name: "photos" }] },
		]);
		world.hangUp?.();
		await world.says(/mail: next run/);
		expect(world.stderr.text).toContain("2 jobs with a schedule: db, mail");
		expect(await health()).toMatchObject([200, { jobs: [{ name: "db" }, { name: "mail" }] }]);
		world.stop();
		expect(await ended).toBe(0);
		expect(world.hangUp).toBeUndefined();
	});

	it("answers 503 after a run that has failed", async () => {
		const run = async () => report("failure");
		const ended = runSchedule(
			{ ...settings(), healthPort: 0 },
			async () => config(job("photos", run)),
			world.io,
		);
		await world.says(/photos: failed/);
		const response = await fetch(/health at (\S+)/.exec(world.stderr.text)?.[1] ?? "");
		expect(response.status).toBe(503);
		expect(await response.json()).toMatchObject({
			ok: false,
			jobs: [{ lastRun: { error: { message: "no" } } }],
		});
		world.stop();
		await ended;
	});

	it("is refused a port that is none, and a state file that nobody can write", async () => {
		const load = async () => config(job("photos"));
		await expect(runSchedule({ ...settings(), healthPort: 65_536 }, load, world.io)).rejects.toThrow(
			"--health-port must be a port from 0 to 65,535, not 65536",
		);
		await directory.write({ file: "" });
		const stateFile = directory.path("file/state.json");
		await expect(runSchedule({ ...settings(), stateFile }, load, world.io)).rejects.toThrow(
			"cannot write the state",
		);
	});
});
