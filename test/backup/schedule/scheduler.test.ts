import { describe, expect, it } from "vitest";
import { delay } from "../../../src/async/delay.ts";
import type { RunReport } from "../../../src/backup/run-report.ts";
import { healthOf } from "../../../src/backup/schedule/health.ts";
import { clockModel } from "./clock-model.ts";
import { MemoryState, report, Trial } from "./schedule-trial.ts";
import { SimulatedClock } from "./simulated-clock.ts";

const HOUR = 3_600_000;

describe("a schedule over a change of clocks", () => {
	it.each([
		["30 2 * * *", "Europe/Berlin", "2026-03-28T12:00Z"],
		["30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z"],
		["*/20 1-3 * * *", "Europe/Berlin", "2026-03-28T12:00Z"],
		["0 * * * *", "Europe/Berlin", "2026-10-24T12:00Z"],
		["30 2 * * *", "America/New_York", "2026-03-07T12:00Z"],
		["30 1 * * *", "America/New_York", "2026-10-31T12:00Z"],
		["15 2 * * *", "Australia/Lord_Howe", "2026-10-03T06:00Z"],
		["45 1 * * *", "Australia/Lord_Howe", "2026-04-04T06:00Z"],
		["45 * * * *", "Australia/Lord_Howe", "2026-04-04T06:00Z"],
	])("runs at each due time once: %s in %s from %s", async (cron, zone, from) => {
		const clock = new SimulatedClock(from);
		const trial = new Trial(clock);
		await trial.start(trial.job(cron, zone));
		await clock.pass(48 * HOUR);
		await trial.stop();
		const due = clockModel(cron, zone).dueBetween(new Date(from), new Date(clock.now()));
		expect(due.length).toBeGreaterThan(1);
		expect(trial.starts).toEqual(due.map((time) => time.toISOString()));
		expect(trial.types()).not.toContain("clock-put-back");
	});
});

describe("runs that were missed", () => {
	it("are caught up once when a machine has slept, also over a change of clocks", async () => {
		const clock = new SimulatedClock("2026-10-24T22:00Z");
		const trial = new Trial(clock);
		await trial.start(trial.job("30 * * * *", "Europe/Berlin"));
		await clock.pass(HOUR);
		clock.jump(5 * HOUR); // 04:00Z
		await clock.pass(HOUR);
		await trial.stop();
		// Within a minute after the sleep, and then as ever.
		expect(trial.starts).toEqual([
			"2026-10-24T22:30:00.000Z",
			"2026-10-25T04:01:00.000Z",
			"2026-10-25T04:30:00.000Z",
		]);
		const late = trial.events.flatMap((event) => (event.type === "started" ? [event] : []));
		expect(late.map(({ late }) => late)).toEqual([false, true, false]);
		expect(late[1]?.due).toEqual(new Date("2026-10-24T23:30Z"));
	});

	it("are caught up once after a restart, and only what was missed", async () => {
		const clock = new SimulatedClock("2026-06-01T01:00Z");
		const state = new MemoryState();
		const first = new Trial(clock, state);
		await first.start(first.job("0 2 * * *"));
		await clock.pass(2 * HOUR);
		await first.stop();
		expect(first.starts).toEqual(["2026-06-01T02:00:00.000Z"]);
		clock.jump(HOUR);
		const second = await new Trial(clock, state).start(first.job("0 2 * * *"));
		await clock.pass(HOUR);
		await second.stop();
		expect(second.types()).toEqual(["scheduled"]);
		clock.jump(72 * HOUR);
		const third = new Trial(clock, state);
		await third.start(third.job("0 2 * * *"));
		await clock.pass(HOUR);
		await third.stop();
		expect(third.starts).toEqual(["2026-06-04T05:00:00.000Z"]);
		const fourth = new Trial(clock, state);
		await fourth.start(fourth.job("0 2 * * *"));
		await clock.pass(HOUR);
		expect(fourth.starts).toEqual([]);
		await fourth.stop();
	});

	it("are caught up by a process that never got to its first run", async () => {
		const clock = new SimulatedClock("2026-06-01T01:00Z");
		const state = new MemoryState();
		const first = new Trial(clock, state);
		await (await first.start(first.job("0 2 * * *"))).stop();
		clock.jump(3 * HOUR);
		const second = new Trial(clock, state);
		await second.start(second.job("0 2 * * *"));
		await clock.pass(1);
		expect(second.starts).toEqual(["2026-06-01T04:00:00.000Z"]);
		await second.stop();
	});

	it("do not exist for a job that is new, or has another schedule than before", async () => {
		const clock = new SimulatedClock("2026-06-01T03:00Z");
		const state = new MemoryState();
		const first = new Trial(clock, state);
		await first.start(first.job("0 2 * * *"));
		await clock.pass(HOUR);
		await first.stop();
		clock.jump(2 * HOUR);
		const second = new Trial(clock, state);
		await second.start(second.job("0 5 * * *"), second.job("0 5 * * *", "UTC", { name: "other" }));
		await clock.pass(HOUR);
		await second.stop();
		expect([first.starts, second.starts]).toEqual([[], []]);
	});

	it("are repeated once if the process ends during the run, and given up if it does so again", async () => {
		const clock = new SimulatedClock("2026-06-01T01:59Z");
		const state = new MemoryState();
		const starts: number[] = [];
		for (let process = 0; process < 3; process++) {
			const killed = new Trial(clock, state);
			await killed.start(killed.job("0 2 * * *", "UTC", { run: () => new Promise(() => {}) }));
			await clock.pass(120_000);
			starts.push(killed.starts.length);
			if (process === 2) {
				expect(killed.types()[0]).toBe("given-up");
				expect(healthOf(killed.scheduler.runs, clock.now())).toMatchObject({
					ok: false,
					jobs: [{ ok: false, lastRun: { error: { code: "INTERRUPTED" } }, due: "2026-06-02T02:00:00.000Z" }],
				});
			}
		}
		expect(starts).toEqual([1, 1, 0]);
	});
});

/** A run that takes that long, by the clock of the trial. */
const lasting =
	(clock: SimulatedClock, ms: number) =>
	async (signal: AbortSignal): Promise<RunReport> => {
		try {
			await clock.sleep(ms, signal);
			return report();
		} catch {
			return report("failure");
		}
	};

describe("a run", () => {
	it("never begins beside one of the same job; what was due meanwhile is one run behind it", async () => {
		const clock = new SimulatedClock("2026-06-01T00:30Z");
		const trial = new Trial(clock);
		const long = trial.job("0 * * * *", "UTC", { run: lasting(clock, 2.5 * HOUR) });
		await trial.start(long, trial.job("15 * * * *", "UTC", { name: "other" }));
		await clock.passUntil("2026-06-01T03:40Z");
		// The other job is not kept waiting.
		expect(trial.starts.map((time) => time.slice(11, 16))).toEqual([
			"01:00",
			"01:15",
			"02:15",
			"03:15",
			"03:30",
		]);
		await trial.stop();
	});

	it("that is stopped is undone before the schedule ends, and is due at the next start", async () => {
		const clock = new SimulatedClock("2026-06-01T01:30Z");
		const state = new MemoryState();
		const first = new Trial(clock, state);
		let undone = false;
		const run = async (signal: AbortSignal): Promise<RunReport> => {
			await clock.sleep(HOUR, signal).catch(() => {});
			await delay(20);
			undone = true;
			return report("failure");
		};
		await first.start(first.job("0 2 * * *", "UTC", { run }));
		await clock.pass(HOUR);
		await first.stop();
		expect(undone).toBe(true);
		expect(first.types()).toEqual(["scheduled", "started", "stopped"]);
		const second = new Trial(clock, state);
		await second.start(second.job("0 2 * * *"));
		await clock.pass(1);
		await second.stop();
		expect(second.starts).toEqual(["2026-06-01T02:30:00.000Z"]);
	});

	it("that fails is not repeated before it is due again", async () => {
		const clock = new SimulatedClock("2026-06-01T01:30Z");
		const trial = new Trial(clock);
		await trial.start(trial.job("0 2 * * *", "UTC", { run: async () => report("failure") }));
		await clock.pass(25 * HOUR);
		await trial.stop();
		expect(trial.starts).toEqual(["2026-06-01T02:00:00.000Z", "2026-06-02T02:00:00.000Z"]);
	});

	it("begins at random within the jitter, once", async () => {
		const clock = new SimulatedClock("2026-06-01T01:30Z");
		const trial = new Trial(clock, new MemoryState(), () => 0.25);
		await trial.start(trial.job("0 * * * *", "UTC", { jitterMs: 600_000 }));
		await clock.pass(2 * HOUR);
		await trial.stop();
		expect(trial.starts).toEqual(["2026-06-01T02:02:30.000Z", "2026-06-01T03:02:30.000Z"]);
		expect(trial.events.some((event) => event.type === "started" && event.late)).toBe(false);
	});

	it("that throws what nobody has foreseen ends the schedule with it", async () => {
		const clock = new SimulatedClock("2026-06-01T01:30Z");
		const trial = new Trial(clock);
		const run = async () => {
			throw new TypeError("a bug");
		};
		await trial.start(
			trial.job("0 2 * * *", "UTC", { run }),
			trial.job("0 3 * * *", "UTC", { name: "other" }),
		);
		await clock.pass(HOUR);
		await expect(trial.ended).rejects.toThrow("a bug");
	});
});

describe("a clock that is set", () => {
	it("back by less than an hour lets nothing run twice", async () => {
		const clock = new SimulatedClock("2026-06-01T01:50Z");
		const trial = new Trial(clock);
		await trial.start(trial.job("0 2 * * *"));
		await clock.pass(1_200_000);
		clock.jump(-1_800_000); // 01:40
		await clock.pass(2 * HOUR);
		await trial.stop();
		expect(trial.starts).toEqual(["2026-06-01T02:00:00.000Z"]);
	});

	it("back from a time that was never right does not stop the schedule until then", async () => {
		const clock = new SimulatedClock("2099-06-01T01:50Z");
		const trial = new Trial(clock);
		await trial.start(trial.job("0 2 * * *"));
		await clock.pass(HOUR);
		clock.jump(Date.parse("2026-06-01T01:00Z") - clock.now());
		await clock.pass(26 * HOUR);
		await trial.stop();
		expect(trial.starts.slice(1)).toEqual(["2026-06-01T02:00:00.000Z", "2026-06-02T02:00:00.000Z"]);
		expect(trial.types()).toContain("clock-put-back");
	});

	it("is noticed within a minute, however far away the next run is", async () => {
		const clock = new SimulatedClock("2026-03-01T00:00Z");
		const trial = new Trial(clock);
		await trial.start(trial.job("0 0 29 2 *"));
		await clock.pass(HOUR);
		expect(clock.longestSleep).toBe(60_000);
		clock.jump(Date.parse("2028-02-28T23:30Z") - clock.now());
		await clock.pass(HOUR);
		await trial.stop();
		expect(trial.starts.map((time) => time.slice(0, 16))).toEqual(["2028-02-29T00:00"]);
	});
});

describe("another config", () => {
	it("brings jobs, takes jobs away and changes their schedules, and leaves runs alone", async () => {
		const clock = new SimulatedClock("2026-06-01T00:30Z");
		const trial = new Trial(clock);
		const goesOn = trial.job("0 1 * * *", "UTC", { name: "goes-on", run: lasting(clock, HOUR) });
		await trial.start(
			goesOn,
			trial.job("0 2 * * *", "UTC", { name: "goes" }),
			trial.job("0 3 * * *", "UTC", { name: "changes" }),
		);
		await clock.passUntil("2026-06-01T01:30Z");
		trial.scheduler.replace([
			trial.job("0 4 * * *", "UTC", { name: "changes" }),
			trial.job("0 5 * * *", "UTC", { name: "comes" }),
		]);
		await clock.passUntil("2026-06-01T06:00Z");
		expect(trial.starts.map((time) => time.slice(11, 16))).toEqual(["01:00", "04:00", "05:00"]);
		const ended = trial.events.flatMap((event) => (event.type === "ended" ? [event.job] : []));
		expect(ended).toEqual(["goes-on", "changes", "comes"]);
		expect(trial.scheduler.runs.map(({ job }) => job.name)).toEqual(["changes", "comes"]);
		// A job that comes back has missed nothing.
		trial.scheduler.replace([goesOn]);
		await clock.passUntil("2026-06-02T01:30Z");
		expect(trial.starts.slice(3)).toEqual(["2026-06-02T01:00:00.000Z"]);
		await trial.stop();
	});

	it("that brings a job back does not bring back what is known of it from before", async () => {
		const clock = new SimulatedClock("2026-06-01T01:30Z");
		const state = new MemoryState();
		const first = new Trial(clock, state);
		await first.start(first.job("0 2 * * *"));
		await clock.pass(HOUR);
		await first.stop();
		const second = new Trial(clock, state);
		await second.start(second.job("0 2 * * *"));
		second.scheduler.replace([]);
		await clock.pass(72 * HOUR);
		second.scheduler.replace([second.job("0 2 * * *")]);
		await clock.pass(HOUR);
		expect(second.starts).toEqual([]);
		await second.stop();
	});

	it("leaves a run that waits its place in the jitter", async () => {
		const clock = new SimulatedClock("2026-06-01T01:30Z");
		const places = [0.5, 0.9];
		const trial = new Trial(clock, new MemoryState(), () => places.shift() ?? 0);
		const job = () => trial.job("0 2 * * *", "UTC", { jitterMs: HOUR });
		await trial.start(job());
		await clock.passUntil("2026-06-01T02:20Z");
		trial.scheduler.replace([job()]);
		await clock.pass(HOUR);
		expect(trial.starts).toEqual(["2026-06-01T02:30:00.000Z"]);
		await trial.stop();
	});

	it("does not let a job run beside itself", async () => {
		const clock = new SimulatedClock("2026-06-01T00:59Z");
		const trial = new Trial(clock);
		let atOnce = 0;
		let most = 0;
		const run = async (signal: AbortSignal) => {
			most = Math.max(most, ++atOnce);
			await clock.sleep(HOUR, signal).catch(() => {});
			atOnce--;
			return report();
		};
		const job = trial.job("*/10 * * * *", "UTC", { run });
		await trial.start(job);
		await clock.pass(120_000);
		trial.scheduler.replace([]);
		trial.scheduler.replace([job]);
		await clock.pass(600_000);
		trial.scheduler.replace([]);
		await clock.pass(60_000);
		trial.scheduler.replace([trial.job("*/5 * * * *", "UTC", { run })]);
		await clock.pass(3 * HOUR);
		expect(most).toBe(1);
		expect(trial.starts.length).toBe(4);
		await trial.stop();
	});
});

describe("the state", () => {
	it("that cannot be written ends a schedule that begins, and is told in one that goes on", async () => {
		const clock = new SimulatedClock("2026-06-01T00:59Z");
		const state = new MemoryState();
		state.failing = true;
		const first = new Trial(clock, state);
		await first.start(first.job("0 * * * *"));
		await expect(first.ended).rejects.toThrow("disk full");
		state.failing = false;
		const second = new Trial(clock, state);
		await second.start(second.job("0 * * * *"));
		state.failing = true;
		await clock.pass(120_000);
		expect(second.types()).toEqual([
			"scheduled",
			"state-problem",
			"started",
			"ended",
			"state-problem",
			"scheduled",
		]);
		await second.stop();
	});
});

describe("the health of a schedule", () => {
	it("is bad while the last run of a job has failed", async () => {
		const clock = new SimulatedClock("2026-06-01T00:59Z");
		const trial = new Trial(clock);
		const ends = [report("success"), report("failure"), report("unchanged")];
		await trial.start(trial.job("0 * * * *", "UTC", { run: async () => ends.shift() ?? report() }));
		const health = () => healthOf(trial.scheduler.runs, clock.now());
		expect(health()).toMatchObject({
			ok: true,
			jobs: [{ lastRun: undefined, due: "2026-06-01T01:00:00.000Z" }],
		});
		await clock.pass(HOUR);
		expect(health()).toMatchObject({ ok: true, jobs: [{ lastRun: { status: "success" } }] });
		await clock.pass(HOUR);
		expect(health()).toMatchObject({
			ok: false,
			jobs: [{ name: "job", ok: false, overdue: false, lastRun: { exitCode: 5, error: { message: "no" } } }],
		});
		await clock.pass(HOUR);
		expect(health()).toMatchObject({ ok: true, jobs: [{ lastRun: { status: "unchanged" } }] });
		await trial.stop();
	});

	it("is bad when a run goes on although the next one is due", async () => {
		const clock = new SimulatedClock("2026-06-01T00:59Z");
		const trial = new Trial(clock);
		await trial.start(trial.job("0 * * * *", "UTC", { jitterMs: 0, run: lasting(clock, 3 * HOUR) }));
		const health = () => healthOf(trial.scheduler.runs, clock.now());
		await clock.passUntil("2026-06-01T02:05Z");
		expect(health()).toMatchObject({ ok: true, jobs: [{ runningSince: "2026-06-01T01:00:00.000Z" }] });
		await clock.passUntil("2026-06-01T02:06Z");
		expect(health()).toMatchObject({ ok: false, jobs: [{ overdue: true, due: "2026-06-01T02:00:00.000Z" }] });
		await trial.stop();
	});
});
