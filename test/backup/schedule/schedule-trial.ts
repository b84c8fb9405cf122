import { setImmediate as nextTurn } from "node:timers/promises";
import type { RunReport } from "../../../src/backup/run-report.ts";
import type { ScheduledJob, ScheduleEvent } from "../../../src/backup/schedule/scheduled-job.ts";
import { Scheduler } from "../../../src/backup/schedule/scheduler.ts";
import type { ScheduleState } from "../../../src/backup/schedule/state/schedule-state.ts";
import type { SimulatedClock } from "./simulated-clock.ts";

export function report(
	status: RunReport["status"] = "success",
	exitCode = status === "failure" ? 5 : 0,
): RunReport {
	return {
		job: "job",
		host: "host",
		status,
		startedAt: "2026-01-01T00:00:00.000Z",
		elapsedMs: 1000,
		exitCode,
		error: status === "failure" ? { code: "STORAGE_REFUSED", message: "no" } : undefined,
		archive: undefined,
		retention: undefined,
		warnings: [],
	};
}

/** A state file in memory, which outlives schedulers. */
export class MemoryState {
	state: ScheduleState | undefined;
	failing = false;

	async read() {
		return this.state;
	}

	async write(state: ScheduleState): Promise<void> {
		if (this.failing) throw new Error("disk full");
		this.state = structuredClone(state);
	}
}

/** A process with a schedule. */
export class Trial {
	readonly events: ScheduleEvent[] = [];
	/** Times at which runs began, ISO 8601. */
	readonly starts: string[] = [];
	readonly scheduler: Scheduler;
	readonly #clock: SimulatedClock;
	readonly #stop = new AbortController();
	#ended: Promise<void> | undefined;

	constructor(
		clock: SimulatedClock,
		stateFile: MemoryState = new MemoryState(),
		random: () => number = () => 0,
	) {
		this.#clock = clock;
		const onEvent = (event: ScheduleEvent) => this.events.push(event);
		this.scheduler = new Scheduler({ clock, stateFile, onEvent, random });
	}

	/** A job whose runs take no time, unless something else is given. */
	job(
		cron: string,
		timeZone = "UTC",
		{
			name = "job",
			jitterMs = 0,
			run = async () => report(),
		}: Partial<ScheduledJob & { jitterMs: number }> = {},
	): ScheduledJob {
		return {
			name,
			schedule: { cron, timeZone, jitterMs },
			run: async (signal) => {
				this.starts.push(new Date(this.#clock.now()).toISOString());
				return await run(signal);
			},
		};
	}

	async start(...jobs: readonly ScheduledJob[]): Promise<this> {
		this.#ended = this.scheduler.run(jobs, this.#stop.signal);
		this.#ended.catch(() => {}); // whoever stops it will see
		await nextTurn();
		return this;
	}

	async stop(): Promise<void> {
		this.#stop.abort(new Error("stopped"));
		await this.#ended;
	}

	get ended(): Promise<void> | undefined {
		return this.#ended;
	}

	types(): string[] {
		return this.events.map(({ type }) => type);
	}
}
