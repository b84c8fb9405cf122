import { hostname } from "node:os";
import type { Drill } from "../../../backup/archives/archive-facts.ts";
import { endOfMoment } from "../../../backup/archives/given-moment.ts";
import type { BackupsOptions } from "../../../backup/archives/options.ts";
import { type DrilledBackup, drillBackup } from "../../../backup/drill/drill-backup.ts";
import { formatNumber } from "../../../bytes/units.ts";
import { systemReason } from "../../../sources/files/describe-file.ts";
import { EXIT } from "../../exit-codes.ts";
import type { DRILL_OPTIONS, DRILL_OUTPUT_OPTIONS } from "../../options/backup/drill-options.ts";
import type { TEMPLATE_OPTIONS } from "../../options/backup/template-options.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { RunFailure } from "../../run-failure.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { showExtraction } from "../../terminal/progress/extraction.ts";
import { showProgress } from "../../terminal/progress/progress.ts";
import { printJson } from "../../terminal/report.ts";
import { shellWord } from "../../terminal/shell-word.ts";
import { describeRequest } from "../../terminal/storage-events.ts";
import { formatBytes, formatCount, formatSeconds, printable } from "../../terminal/text.ts";
import type { Given } from "../command.ts";
import { noticeArchives } from "../connect-notices.ts";
import { progressStyle } from "../write/progress-style.ts";
import { backupsOptions } from "./given-backups.ts";
import { templateOf } from "./given-template.ts";

type Options = typeof DRILL_OPTIONS &
	typeof TEMPLATE_OPTIONS &
	typeof DRILL_OUTPUT_OPTIONS &
	typeof CONNECT_OPTIONS;
type DrillGiven = Given<Options, { readonly template: string }>;

export async function runDrillCommand({ operands, values }: DrillGiven, io: Io): Promise<number> {
	const template = templateOf(operands.template, values);
	const now = new Date();
	const { sample = 1 } = values;
	const seed = values.seed ?? now.toISOString();
	const before = values.at === undefined ? undefined : endOfMoment("--at", values.at, template.timeZone);
	noticeArchives([operands.template], values, io);
	const connection = backupsOptions(values, io);
	const progress = showProgress(progressStyle({ ...values, verbose: false, "dry-run": false }, io), io);
	const options: BackupsOptions = {
		...connection,
		onEvent(event) {
			if (event.type === "request" && values.debug === true) writeLine(io.stderr, describeRequest(event));
			return showExtraction(event, progress);
		},
	};
	const where = { parent: values.scratch, onScratch, onStale };
	const plan = { job: values.name, before, sample, seed, now, host: hostname(), ...where };
	let scratch: string | undefined;
	try {
		return await drillBackup(template, plan, options, async (drilled) => {
			progress.end();
			const ok = drilled.drill.ok ? "passed" : "failed";
			const record = await drilled.writeRecord().catch((error: unknown) => {
				throw new RunFailure(error, `the restore drill has ${ok}, but its record could not be written`);
			});
			const lastProvenRestore = record.drills.findLast((one) => one.ok)?.at ?? null;
			const location = `s3://${template.bucket}/${drilled.archive.key}`;
			await tell(drilled, { location, seed, lastProvenRestore }, values, io);
			await writeProof(drilled.drill, values, io);
			return drilled.drill.ok ? EXIT.ok : EXIT.integrity;
		});
	} catch (error) {
		throw scratch === undefined ? error : new RunFailure(error, leftOver(scratch));
	} finally {
		progress.end();
	}

	function onStale(path: string, problem: string | undefined): void {
		const what = `${printable(path)}, left by a drill that was killed`;
		if (problem !== undefined) writeLine(io.stderr, `warning: cannot remove ${what}: ${problem}`);
		else if (values.quiet !== true) writeLine(io.stderr, `removed ${what}`);
	}

	/** An end at once leaves it, and whatever cannot be removed. */
	function onScratch(path: string | undefined): void {
		scratch = path;
		io.mayLeave(
			path === undefined
				? undefined
				: {
						what: `the scratch directory ${path}`,
						stopping: "removing the scratch directory",
						removal: `rm -rf ${shellWord(path)} removes it`,
					},
		);
	}
}

/** The restore that was proven last, for the metrics of the job. A file that cannot be written changes nothing about the drill. */
async function writeProof(
	{ at, ok }: Drill,
	{ name: job, host = hostname(), "metrics-file": path }: DrillGiven["values"],
	io: Io,
): Promise<void> {
	if (!ok || path === undefined) return;
	const { labelsOf, writeMetrics } = await import("../../../backup/tell/metrics.ts");
	const proven = { last_proven_restore_timestamp_seconds: Date.parse(at) / 1000 };
	try {
		await writeMetrics(path, labelsOf({ job, host }), proven);
	} catch (error) {
		const why = `the metrics file ${path} could not be written: ${systemReason(error)}`;
		writeLine(io.stderr, `warning: ${printable(why)}`);
	}
}

function leftOver(scratch: string): string {
	return `the scratch directory ${scratch} is left behind; rm -rf ${shellWord(scratch)} removes it`;
}

interface Telling {
	readonly location: string;
	readonly seed: string;
	/** ISO 8601. */
	readonly lastProvenRestore: string | null;
}

async function tell(
	{ archive, drill, archiveEntryCount, bytesPerSecond, differenceCount, differences }: DrilledBackup,
	{ location, seed, lastProvenRestore }: Telling,
	{ json, quiet }: { readonly json?: boolean | undefined; readonly quiet?: boolean | undefined },
	io: Io,
): Promise<void> {
	const { at, ok, entryCount, size, sample, elapsedMs, error } = drill;
	if (json === true) {
		const facts = {
			at,
			ok,
			entryCount,
			archiveEntryCount,
			size,
			sample,
			seed,
			elapsedMs,
			bytesPerSecond,
			error,
		};
		const found = { differenceCount, differences, lastProvenRestore };
		await printJson(io, { archive: location, time: archive.time, ...facts, ...found });
		return;
	}
	for (const difference of differences) await io.stdout.print(`${printable(difference)}\n`);
	const more = differenceCount - differences.length;
	if (more > 0) await io.stdout.print(`${formatCount(more, "more line")}\n`);
	const where = printable(location);
	if (!ok) {
		const again = sample < 1 ? `; --seed ${shellWord(seed)} takes the same sample` : "";
		writeLine(
			io.stderr,
			`zipferry: ${where}: the restore drill has failed: ${printable(error ?? "")}${again}`,
		);
	} else if (quiet !== true) {
		const entries =
			entryCount === archiveEntryCount
				? formatCount(entryCount, "entry", "entries")
				: `${formatNumber(entryCount)} of ${formatCount(archiveEntryCount, "entry", "entries")}`;
		const pace = `${formatBytes(size)} in ${formatSeconds(elapsedMs / 1000)} (${formatBytes(bytesPerSecond)}/s)`;
		writeLine(io.stderr, `${where}: restored ${entries}, ${pace}, all as in the archive`);
	}
}
