import { deafTo } from "../../../archive/heard-events.ts";
import type { ZipferryEvent } from "../../../events.ts";
import { describeAge } from "../../../storage/incomplete/age.ts";
import { warningInCommands } from "../command-words.ts";
import { type Io, writeLine } from "../io.ts";
import { screenOf } from "../screen.ts";
import { formatBytes, formatCount, formatSeconds, printable } from "../text.ts";
import { describeEntryEvent } from "./entry-lines.ts";
import { Pace } from "./pace.ts";
import { drawProgress, formatRate, percentOf } from "./progress-bar.ts";

/** Shows how far a run is and what it warns of. */
export interface Progress {
	/** @returns when there is room for more lines, if there is none. */
	onEvent(event: ZipferryEvent): Promise<void> | undefined;
	/** Writes what is left, and takes away what it has drawn. */
	end(): void;
}

/** What is shown of a run beside its warnings. */
export interface ProgressStyle {
	/** A bar on a terminal, or a line every few seconds in a log. */
	readonly display: "bar" | "lines" | "none";
	/** Retries, uploads that begin, names that change. */
	readonly notes: boolean;
	/** A line for each entry. */
	readonly entries: boolean;
	/** What happens to the bytes in the end, where that is not writing or uploading. */
	readonly done?: "checked" | undefined;
}

/** Events that only a line for each entry, or only the display of progress, makes something of. */
const PER_ENTRY = ["entry", "found", "not-copied"] as const;
const OF_PROGRESS = ["planned", "progress"] as const;

const LINE_INTERVAL_MS = 5_000;

export function showProgress({ display, notes, entries, done }: ProgressStyle, { stderr }: Io): Progress {
	const shown = displayOf(display, stderr, done);
	const screen = screenOf(stderr);
	let warnedOf: string | undefined;
	const unheard = [...(entries ? [] : PER_ENTRY), ...(display === "none" ? OF_PROGRESS : [])];
	return {
		onEvent: deafTo(unheard, (event: ZipferryEvent) => {
			const isTold = event.type === "skipped" && event.origin === warnedOf; // by the warning before it
			warnedOf = event.type === "warning" ? event.origin : undefined;
			const entryLine = entries && !isTold ? describeEntryEvent(event) : undefined;
			const line = entryLine === undefined ? describe(event, notes) : undefined;
			if (entryLine !== undefined) screen.lineSoon(entryLine);
			if (line !== undefined) screen.line(line);
			if (event.type === "planned") shown?.plan(event);
			if (event.type === "composed") shown?.compose(event);
			if (event.type === "progress") shown?.update(event);
			return screen.drained;
		}),
		end() {
			screen.hide();
		},
	};
}

/** The line that an event is worth. */
function describe(event: ZipferryEvent, notes: boolean): string | undefined {
	if (event.type === "warning") return `warning: ${printable(warningInCommands(event).message)}`;
	if (!notes) return undefined;
	switch (event.type) {
		case "renamed":
			return `renamed ${printable(event.from)} to ${printable(event.to)}`;
		case "retry":
			return describeRetry(event);
		case "command-output":
			return `${printable(event.name)}: ${printable(event.line)}`;
		case "upload-created":
			return event.resumable
				? `started upload ${printable(event.uploadId)}; if this run is stopped, the same command resumes it`
				: undefined;
		case "upload-resumed":
			return describeResumed(event);
		case "composed":
			return describeShortRuns(event);
		default:
			return undefined;
	}
}

export function describeRetry({ operation, reason, waitMs }: EventOf<"retry">): string {
	return `${operation} failed: ${printable(reason)}; retrying in ${(waitMs / 1000).toFixed(1)} s`;
}

/** What of that is worth a word on how to change it. */
const WORTH_JOINING = 1 / 10;

function describeShortRuns({ copiedSize, joinableSize }: EventOf<"composed">): string | undefined {
	if (joinableSize <= (copiedSize + joinableSize) * WORTH_JOINING) return undefined;
	const what = `${formatBytes(joinableSize)} that have not changed are sent again, in runs too short to be copied`;
	return `${what}; --join-runs copies them too (in a job: join-runs)`;
}

function describeResumed({ uploadId, ageMs, partCount, size }: EventOf<"upload-resumed">): string {
	const age = `started ${describeAge(ageMs)} ago`;
	const held =
		partCount === 0
			? "it holds no parts yet"
			: `it holds ${formatCount(partCount, "part")} (${formatBytes(size)}); parts that differ are sent again`;
	return `resuming upload ${printable(uploadId)}, ${age}: ${held}`;
}

type EventOf<Type extends ZipferryEvent["type"]> = Extract<ZipferryEvent, { readonly type: Type }>;

interface Display {
	plan(event: EventOf<"planned">): void;
	compose(event: EventOf<"composed">): void;
	update(event: EventOf<"progress">): void;
}

function displayOf(
	display: ProgressStyle["display"],
	stderr: NodeJS.WriteStream,
	done: ProgressStyle["done"],
): Display | undefined {
	if (display === "none") return undefined;
	return display === "bar" ? new Bar(stderr) : new Lines(stderr, done);
}

/** Tells the pace of an event that is planned how much there is, and who confirms it. */
function planPace(pace: Pace, { sizeBound, sourceSize, partSize }: EventOf<"planned">): void {
	pace.plan(sizeBound === undefined ? undefined : sourceSize, partSize !== undefined);
}

class Lines implements Display {
	readonly #stderr: NodeJS.WriteStream;
	readonly #pace = new Pace();
	#confirmed: string;
	#nextAt = Date.now() + LINE_INTERVAL_MS;

	constructor(stderr: NodeJS.WriteStream, confirmed = "written") {
		this.#stderr = stderr;
		this.#confirmed = confirmed;
	}

	plan(event: EventOf<"planned">): void {
		planPace(this.#pace, event);
		if (event.partSize !== undefined) this.#confirmed = "uploaded";
	}

	compose(event: EventOf<"composed">): void {
		this.#pace.compose(event);
	}

	update(event: EventOf<"progress">): void {
		this.#pace.note(event);
		const now = Date.now();
		if (now < this.#nextAt) return;
		this.#nextAt = now + LINE_INTERVAL_MS;
		const { entryCount, readSize, resumedSize, entryName } = event;
		const { share, confirmedSize, copiedSize, rate, secondsLeft, secondsGone } = this.#pace.pulse;
		const resumed = resumedSize === 0 ? "" : ` (${formatBytes(resumedSize)} of it by an earlier run)`;
		const facts = [
			...(share === undefined ? [] : [`${percentOf(share)}%`]),
			formatCount(entryCount, "entry", "entries"),
			`${formatBytes(readSize)} read`,
			`${formatBytes(confirmedSize)} ${this.#confirmed}${resumed}`,
			...(copiedSize === 0 ? [] : [`${formatBytes(copiedSize)} copied`]),
			...(rate === undefined ? [] : [formatRate(rate)]),
			...(secondsLeft === undefined ? [] : [`${formatSeconds(secondsLeft)} left`]),
			...(share === undefined ? [`${formatSeconds(secondsGone)} elapsed`] : []),
		];
		writeLine(this.#stderr, `${facts.join(", ")}: ${printable(entryName)}`);
	}
}

/** Symbols that a terminal shows which takes UTF-8; others get ASCII. */
const UTF_8 = /utf-?8/i;

class Bar implements Display {
	readonly #stderr: NodeJS.WriteStream;
	readonly #pace = new Pace();
	#latest: EventOf<"progress"> | undefined;

	constructor(stderr: NodeJS.WriteStream) {
		this.#stderr = stderr;
	}

	plan(event: EventOf<"planned">): void {
		planPace(this.#pace, event);
		const { LC_ALL, LC_CTYPE, LANG } = process.env;
		const unicode = UTF_8.test(LC_ALL || LC_CTYPE || LANG || "");
		screenOf(this.#stderr).show({
			text: (columns) => {
				const { resumedSize = 0, entryCount = 0, entryName = "" } = this.#latest ?? {};
				const state = { ...this.#pace.pulse, resumedSize, entryCount, entryName: printable(entryName) };
				return drawProgress(state, columns, unicode);
			},
			onResume: () => this.#pace.restart(),
		});
	}

	compose(event: EventOf<"composed">): void {
		this.#pace.compose(event);
	}

	update(event: EventOf<"progress">): void {
		this.#latest = event;
		this.#pace.note(event);
	}
}
