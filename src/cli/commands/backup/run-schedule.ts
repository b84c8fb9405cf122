import { onAbort } from "../../../async/abort-listeners.ts";
import { SYSTEM_CLOCK } from "../../../backup/schedule/clock.ts";
import { healthOf } from "../../../backup/schedule/health.ts";
import { type HealthServer, serveHealth } from "../../../backup/schedule/health-server.ts";
import type { ScheduledJob, ScheduleEvent } from "../../../backup/schedule/scheduled-job.ts";
import { Scheduler } from "../../../backup/schedule/scheduler.ts";
import { claimState } from "../../../backup/schedule/state/claim-state.ts";
import { stateFile } from "../../../backup/schedule/state/state-file.ts";
import { statePath } from "../../../backup/schedule/state/state-path.ts";
import { InvalidOptionError, messageOf } from "../../../errors.ts";
import { EXIT } from "../../exit-codes.ts";
import { messageInCommands } from "../../terminal/command-words.ts";
import type { Io } from "../../terminal/io.ts";
import { VERSION } from "../../version.ts";
import { type LoggedEvent, scheduleLog } from "./schedule-log.ts";

/** Settings of the command. */
export interface ScheduleSettings {
	/** Names of jobs; all that have a schedule if there are none. */
	readonly names: readonly string[];
	readonly stateFile: string | undefined;
	readonly healthPort: number | undefined;
	readonly healthHost: string | undefined;
	readonly json: boolean | undefined;
	readonly quiet: boolean | undefined;
}

/** A config that has been read, as far as a schedule needs it. */
export interface ScheduledConfig {
	readonly file: string;
	readonly jobs: readonly ScheduledJob[];
	/** A line each. */
	readonly warnings: readonly string[];
}

/**
 * Runs the jobs of a config until it is told to stop.
 *
 * @param load - Reads the config; the same file whenever it is to be read again.
 */
export async function runSchedule(
	settings: ScheduleSettings,
	load: (log: (event: LoggedEvent) => void, file?: string) => Promise<ScheduledConfig>,
	io: Io,
): Promise<number> {
	const port = checkPort(settings.healthPort);
	const log = scheduleLog(settings, io);
	const config = await load(log.write);
	const service = new Service(config, () => load(log.write, config.file), log.write, io);
	const path = settings.stateFile ?? statePath(config.file, settings.names, process.env);
	const claim = await claimState(path, io.signal);
	const release = io.onHangup(() => void service.reload());
	const forget = onAbort(io.signal, (reason) => log.write({ type: "stopping", message: messageOf(reason) }));
	let server: HealthServer | undefined;
	try {
		const scheduler = new Scheduler({
			clock: SYSTEM_CLOCK,
			stateFile: stateFile(path),
			onEvent: service.onEvent,
			random: Math.random,
		});
		if (port !== undefined) {
			const host = settings.healthHost ?? "127.0.0.1";
			server = await serveHealth({ port, host, health: () => service.health(scheduler) });
			log.write({ type: "listening", url: server.url });
		}
		await service.run(scheduler);
	} finally {
		forget();
		release();
		await server?.close();
		await claim.release();
		await log.flush();
	}
	return EXIT.ok;
}

function checkPort(port: number | undefined): number | undefined {
	if (port === undefined || (Number.isInteger(port) && port >= 0 && port <= 65_535)) return port;
	throw new InvalidOptionError(`--health-port must be a port from 0 to 65,535, not ${port}`);
}

/** The schedule of a config that may be read again. */
class Service {
	readonly #load: () => Promise<ScheduledConfig>;
	readonly #log: (event: LoggedEvent) => void;
	readonly #io: Io;
	readonly #startedAt = new Date().toISOString();
	#config: ScheduledConfig;
	#refused: string | undefined;
	#scheduler: Scheduler | undefined;
	#running = 0;
	#reloading: Promise<void> = Promise.resolve();

	constructor(
		config: ScheduledConfig,
		load: () => Promise<ScheduledConfig>,
		log: (event: LoggedEvent) => void,
		io: Io,
	) {
		this.#config = config;
		this.#load = load;
		this.#log = log;
		this.#io = io;
	}

	async run(scheduler: Scheduler): Promise<void> {
		this.#scheduler = scheduler;
		this.#loaded();
		await scheduler.run(this.#config.jobs, this.#io.signal);
		await this.#reloading;
	}

	/** Reads the config again; one that is wrong changes nothing. One after the other. */
	reload(): Promise<void> {
		this.#reloading = this.#reloading.then(() => this.#reload());
		return this.#reloading;
	}

	async #reload(): Promise<void> {
		try {
			const config = await this.#load();
			if (this.#io.signal.aborted) return;
			this.#config = config;
			this.#refused = undefined;
			this.#loaded();
			this.#scheduler?.replace(config.jobs);
		} catch (error) {
			if (this.#io.signal.aborted) return;
			this.#refused = messageInCommands(error).replace(/\s*\n\s*/g, "; ");
			this.#log({ type: "config-refused", message: this.#refused });
		}
	}

	#loaded(): void {
		const { file, jobs, warnings } = this.#config;
		this.#log({ type: "config-loaded", file, jobs: jobs.map(({ name }) => name) });
		for (const message of warnings) this.#log({ type: "config-warning", message });
	}

	readonly onEvent = (event: ScheduleEvent): void => {
		this.#log(event);
		if (event.type === "started") this.#running++;
		if (event.type === "ended" || event.type === "stopped") this.#running--;
		this.#io.mayLeave(
			this.#running === 0
				? undefined
				: {
						what: "an incomplete upload",
						stopping: "undoing the backup that is under way",
						removal: "the next run of the job removes it",
					},
		);
	};

	health(scheduler: Scheduler): { readonly ok: boolean } {
		const { ok, jobs } = healthOf(scheduler.runs, Date.now());
		const config = { file: this.#config.file, refused: this.#refused };
		return { ok, ...{ version: VERSION, startedAt: this.#startedAt, config, jobs } };
	}
}
