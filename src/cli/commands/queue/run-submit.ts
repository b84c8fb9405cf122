import type { Queue } from "bullmq";
import { InvalidOptionError } from "../../../errors.ts";
import type { ZipferryEvent } from "../../../events.ts";
import { type EnqueuedZip, enqueueZip, resumeZip } from "../../../queue/bullmq.ts";
import { parseS3Url } from "../../../s3/address.ts";
import type { FinishedShards } from "../../../shards/finish/finish-shards.ts";
import type { ShardSource } from "../../../shards/plan/sources/shard-source.ts";
import { EXIT } from "../../exit-codes.ts";
import { warningInCommands } from "../../terminal/command-words.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { type Progress, showProgress } from "../../terminal/progress/progress.ts";
import { printJson } from "../../terminal/report.ts";
import { asInterrupted, Interrupted } from "../../terminal/signals.ts";
import { describeRequest } from "../../terminal/storage-events.ts";
import { formatBytes, formatCount, formatSeconds, printable } from "../../terminal/text.ts";
import type { Given } from "../command.ts";
import { noticeCredentials } from "../connect-notices.ts";
import { givenPlan } from "../shards/given-plan.ts";
import { sourcesOf } from "../shards/run-plan.ts";
import { storageSettings } from "../shards/storage-settings.ts";
import { archiveSettings } from "../write/archive-settings.ts";
import { progressStyle } from "../write/progress-style.ts";
import { noteMaxMtime } from "../write/source-date-epoch.ts";
import { flowProgress } from "./flow-progress.ts";
import { withQueue } from "./given-queue.ts";
import type { SUBMIT_TABLE } from "./submit-table.ts";

interface SubmitOperands {
	readonly source: readonly string[];
	readonly url: string;
}

type SubmitGiven = Given<typeof SUBMIT_TABLE, SubmitOperands>;

export async function runSubmit(given: SubmitGiven, io: Io): Promise<number> {
	const { values, operands } = given;
	noticeCredentials(values, io);
	const resumes = values.resume === true;
	if (resumes && operands.source.length > 0)
		throw new InvalidOptionError("--resume takes a plan, and no sources: they are in it");
	const sources = resumes ? [] : await sourcesOf(given);
	const told = new PlanTelling(given, io);
	return withQueue(values, "submit", io, async (queue) => {
		const enqueued = resumes
			? await resume(queue, given, io)
			: await enqueue(queue, sources, given, told, io);
		const { id, plan } = enqueued;
		if (values.quiet !== true) {
			const target = printable(`s3://${plan.bucket}/${plan.key}`);
			const shards = formatCount(plan.shardCount, "shard");
			writeLine(io.stderr, `${target}: ${shards} in the queue ${queue.name}, id ${id}`);
		}
		if (values.wait !== true) {
			if (values.json === true) await printJson(io, plan, `the archive ${id} is in the queue`);
			else await io.stdout.print(`${id}\n`, `the archive ${id} is in the queue`);
			return told.exitCode;
		}
		await wait(enqueued, queue.name, given, io);
		return told.exitCode;
	});
}

async function enqueue(
	queue: Queue,
	sources: readonly ShardSource[],
	given: SubmitGiven,
	told: PlanTelling,
	io: Io,
): Promise<EnqueuedZip> {
	const {
		redis: _redis,
		postgres: _postgres,
		redisCaFile: _caFile,
		queueName: _queueName,
		...archive
	} = await archiveSettings(given, io);
	noteMaxMtime(archive.maxMtime, given.values.quiet, io);
	const address = parseS3Url(given.operands.url);
	try {
		return await enqueueZip(queue, sources, {
			...address,
			...archive,
			signal: io.signal,
			onEvent: told.onEvent,
		});
	} catch (error) {
		throw asInterrupted(error, "nothing is in the queue, and nothing of it is left in the storage");
	}
}

/** What is told while an archive is planned. */
class PlanTelling {
	/** 3 if something could not be read. */
	exitCode: number = EXIT.ok;
	readonly #debug: boolean;
	readonly #progress: Progress;
	readonly #io: Io;

	constructor({ values }: SubmitGiven, io: Io) {
		this.#debug = values.debug === true;
		this.#progress = showProgress({ display: "none", notes: values.quiet !== true, entries: false }, io);
		this.#io = io;
	}

	readonly onEvent = (event: ZipferryEvent) => {
		if (event.type === "warning" && event.code === "UNREADABLE_SKIPPED") this.exitCode = EXIT.incomplete;
		if (event.type === "request" && this.#debug) writeLine(this.#io.stderr, describeRequest(event));
		return this.#progress.onEvent(event);
	};
}

async function resume(
	queue: Queue,
	{ operands, values, settings }: SubmitGiven,
	io: Io,
): Promise<EnqueuedZip> {
	const options = storageSettings(settings, values, io);
	return resumeZip(queue, await givenPlan(operands.url, options), options);
}

async function wait(
	{ id, plan, wait: untilDone }: EnqueuedZip,
	queueName: string,
	{ values }: SubmitGiven,
	io: Io,
): Promise<void> {
	const progress = flowProgress(plan, queueName, progressStyle(values, io), io);
	const startedAt = Date.now();
	try {
		const finished = await untilDone({ signal: io.signal, onProgress: progress.note });
		progress.end();
		const warnings = finished.warnings.map(warningInCommands);
		for (const { message } of warnings) writeLine(io.stderr, `warning: ${printable(message)}`);
		const done = `the archive s3://${plan.bucket}/${plan.key} is complete`;
		if (values.json === true) await printJson(io, { ...finished, id, warnings }, done);
		else if (values.quiet !== true) writeLine(io.stderr, describeFinished(finished, Date.now() - startedAt));
	} catch (error) {
		throw error instanceof Interrupted
			? error.saying(`the work goes on: zipferry status ${id} shows it, zipferry cancel ${id} ends it`)
			: error;
	} finally {
		progress.end();
	}
}

function describeFinished(
	{ bucket, key, entryCount, size, partCount }: FinishedShards,
	elapsedMs: number,
): string {
	const facts = [
		formatCount(entryCount, "entry", "entries"),
		`${formatBytes(size)} in ${formatSeconds(elapsedMs / 1000)}`,
		...(partCount === undefined ? [] : [formatCount(partCount, "part")]),
	];
	return `${printable(`s3://${bucket}/${key}`)}: ${facts.join(", ")}`;
}
