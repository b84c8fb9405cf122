import { createHash } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Registry } from "prom-client";
import { errorCode } from "../../sources/files/file-system.ts";
import { fileToReplace } from "../../sources/files/file-to-replace.ts";
import { holdAddress } from "../lock/hold-address.ts";
import { lockAddress } from "../lock/lock-address.ts";
import { LockedError } from "../lock/locked-error.ts";
import type { RunReport } from "../run-report.ts";
import { readSamples, type Sample } from "./metrics-text.ts";

/** The metrics of a job, by the ends of their names. Whatever a run cannot tell stays as it was. */
const HELP = {
	last_run_timestamp_seconds: "When the last run ended, well or not.",
	last_success_timestamp_seconds: "When the last successful run ended.",
	last_exit_code: "Exit code of the last run: 0 if all is well.",
	duration_seconds: "How long the last run took.",
	size_bytes: "Size of the newest archive.",
	copied_bytes: "Bytes of the newest archive that the storage has copied from the one before.",
	entries: "Entries in the newest archive.",
	skipped_entries: "Files that could not be read, or were left out of the newest archive.",
	kept_archives: "Archives that retention kept when it last ran.",
	removed_archives: "Archives that retention removed when it last ran.",
	last_proven_restore_timestamp_seconds: "When a restore drill last succeeded.",
} as const;

type MetricName = keyof typeof HELP;
export type MetricValues = Readonly<Partial<Record<MetricName, number>>>;

/** Whose metrics they are. Not `job`, which Prometheus itself puts on everything that it scrapes. */
export interface MetricLabels {
	readonly backup_job: string;
	readonly host: string;
}

const PREFIX = "zipferry_backup_";

/** Milliseconds for other jobs that write to the same file; each takes some of them. */
const WAIT_MS = 5_000;

export function labelsOf({ job = "", host }: Pick<RunReport, "job" | "host">): MetricLabels {
	return { backup_job: job, host };
}

/** What a run that has ended says. */
export function metricsOf({
	exitCode,
	status,
	elapsedMs,
	startedAt,
	archive,
	retention,
}: RunReport): MetricValues {
	const endedAt = (Date.parse(startedAt) + elapsedMs) / 1000;
	return {
		last_run_timestamp_seconds: endedAt,
		last_exit_code: exitCode,
		duration_seconds: elapsedMs / 1000,
		...(status === "failure" ? {} : { last_success_timestamp_seconds: endedAt }),
		...(archive === undefined
			? {}
			: {
					size_bytes: archive.size,
					...(archive.copiedSize === undefined ? {} : { copied_bytes: archive.copiedSize }),
					entries: archive.entryCount,
					skipped_entries: archive.skippedCount,
				}),
		...(retention === undefined
			? {}
			: { kept_archives: retention.keptCount, removed_archives: retention.removedCount }),
	};
}

/**
 * Writes metrics into a file for the textfile collector of Prometheus' node exporter. Other metrics of the job, and
 * those of other jobs, stay in it. Readers see the old file or the new one, never a part.
 *
 * @throws failures of the file system, or {@link LockedError}.
 */
export async function writeMetrics(path: string, labels: MetricLabels, values: MetricValues): Promise<void> {
	const file = await fileToReplace(path);
	const identity = createHash("sha256").update(`metrics\0${file}`).digest("hex").slice(0, 32);
	const lock = await holdAddress(await lockAddress(identity), { waitMs: WAIT_MS }, (holder) => {
		return new LockedError(`another process writes ${path}`, holder);
	});
	try {
		await replaceFile(file, await render(await samplesOf(file), labels, values));
	} finally {
		await lock.release();
	}
}

async function samplesOf(file: string): Promise<readonly Sample[]> {
	try {
		return readSamples(await readFile(file, "utf8"));
	} catch (error) {
		if (errorCode(error) === "ENOENT") return [];
		throw error;
	}
}

async function render(
	samples: readonly Sample[],
	labels: MetricLabels,
	values: MetricValues,
): Promise<string> {
	// By its default: in a bundle, a CommonJS module that is loaded like this has no other names.
	const { Gauge, Registry } = (await import("prom-client")).default;
	const registry: Registry = new Registry();
	for (const [end, help] of Object.entries(HELP)) {
		const name = `${PREFIX}${end}`;
		const labelNames: (keyof MetricLabels)[] = ["backup_job", "host"];
		const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
		for (const sample of samples)
			if (sample.name === name) {
				const { backup_job = "", host = "" } = sample.labels;
				gauge.set({ backup_job, host }, sample.value);
			}
		const value = values[end as MetricName]; // its keys
		if (value !== undefined) gauge.set({ ...labels }, value);
	}
	return registry.metrics();
}

/** The draft has no name that a collector reads, which wants `.prom` at the end. */
async function replaceFile(file: string, text: string): Promise<void> {
	const draft = join(dirname(file), `.${basename(file)}.${process.pid}`);
	try {
		await writeFile(draft, text, { mode: 0o644 });
		await rename(draft, file);
	} catch (error) {
		await rm(draft, { force: true }).catch(() => {});
		throw error;
	}
}
