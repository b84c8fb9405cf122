import type { WorkerEvent } from "../../../queue/worker/worker-event.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { formatBytes, formatCount, formatSeconds, printable } from "../../terminal/text.ts";

/** What happens in the process of a worker. */
type LoggedEvent =
	| WorkerEvent
	| { readonly type: "ready"; readonly queue: string; readonly concurrency: number }
	| { readonly type: "listening"; readonly url: string }
	| { readonly type: "retry" | "warning" | "request" | "stopping"; readonly message: string };

/** Events as lines: text for a person at a terminal, JSON for whoever collects logs. */
export interface WorkerLog {
	readonly write: (event: LoggedEvent) => void;
	/** Resolves when all of it is written. */
	flush(): Promise<void>;
}

interface LogStyle {
	readonly json?: boolean | undefined;
	readonly quiet?: boolean | undefined;
}

export function workerLog(
	{ json = false, quiet = false }: LogStyle,
	io: Io,
	now: () => Date = () => new Date(),
): WorkerLog {
	let written: Promise<unknown> = Promise.resolve();
	return {
		write(event) {
			if (quiet && !isLoud(event)) return;
			const { type, ...facts } = event;
			const time = now().toISOString();
			const line = { time, event: type, ...facts };
			// Whether somebody reads it is no matter of archives.
			if (json) written = written.then(() => io.stdout.printJson(line)).catch(() => {});
			else if (io.stderr.isTTY) writeLine(io.stderr, `${time.replace(/\.\d+Z$/, "Z")} ${describe(event)}`);
			else writeLine(io.stderr, JSON.stringify(line));
		},
		async flush() {
			await written;
		},
	};
}

/** Whether somebody has to know of it who wants to hear of nothing else. */
function isLoud({ type }: LoggedEvent): boolean {
	return type === "failed" || type === "queue-problem" || type === "warning";
}

function describe(event: LoggedEvent): string {
	switch (event.type) {
		case "ready":
			return `waiting for shards in the queue ${event.queue}, ${event.concurrency} at once`;
		case "listening":
			return `metrics at ${event.url}`;
		case "warning":
			return `warning: ${printable(event.message)}`;
		case "queue-problem":
			return `warning: queue: ${printable(event.message)}`;
		case "retry":
		case "request":
		case "stopping":
			return printable(event.message);
		default:
			return `${printable(event.target)}, ${event.index === undefined ? "all" : `shard ${event.index}`}: ${describeStep(event)}`;
	}
}

function describeStep(event: Exclude<WorkerEvent, { type: "queue-problem" }>): string {
	switch (event.type) {
		case "started":
			return event.attempt === 1 ? "started" : `started, attempt ${event.attempt}`;
		case "made":
			return event.alreadyMade ? "was made before" : describeMade("made", event);
		case "finished":
			return describeMade("the archive is complete", event);
		case "failed":
			return event.final
				? `failed, and the archive with it: ${printable(event.message)}`
				: `failed and is tried again: ${printable(event.message)}`;
		case "returned":
			return "given back to the queue";
		case "skipped":
			return `left out: ${event.reason}`;
		default:
			return event satisfies never;
	}
}

function describeMade(
	what: string,
	{
		size,
		entryCount,
		elapsedMs,
	}: { readonly size: number; readonly entryCount: number; readonly elapsedMs: number },
): string {
	const entries = formatCount(entryCount, "entry", "entries");
	return `${what}: ${entries}, ${formatBytes(size)} in ${formatSeconds(elapsedMs / 1000)}`;
}
