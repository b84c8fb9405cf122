import type { SingleBar } from "cli-progress";
import type { ZipferryEvent } from "../../events.ts";
import { redact } from "../../secrets/redact.ts";
import { describeAge } from "../../storage/incomplete/age.ts";
import { warningInCommands } from "./command-words.ts";
import { type Io, writeLine } from "./io.ts";
import { formatBytes, formatCount, formatSeconds, printable } from "./text.ts";

/** Shows how far a run is and what it warns of. */
export interface Progress {
	onEvent(event: ZipferryEvent): void;
	/** Takes away what it has drawn. */
	end(): void;
}

export type ProgressStyle = "bar" | "lines" | "none";

const LINE_INTERVAL_MS = 5_000;
const BAR_INTERVAL_MS = 100;
const NAME_WIDTH = 30;

/** A bar on a terminal, a line every few seconds in a log, or warnings only. */
export async function showProgress(style: ProgressStyle, { stderr }: Io): Promise<Progress> {
	const display = await startDisplay(style, stderr);
	return {
		onEvent(event) {
			if (event.type === "warning") {
				display?.clear();
				writeLine(stderr, `warning: ${printable(warningInCommands(event).message)}`);
			}
			if (event.type === "renamed" && display !== undefined) {
				display.clear();
				writeLine(stderr, `renamed ${printable(event.from)} to ${printable(event.to)}`);
			}
			if (event.type === "retry" && display !== undefined) {
				display.clear();
				writeLine(stderr, describeRetry(event));
			}
			const note = display && describeUpload(event);
			if (note !== undefined) {
				display?.clear();
				writeLine(stderr, note);
			}
			if (event.type === "planned")
				display?.start(event.sizeBound === undefined ? undefined : event.sourceSize);
			if (event.type === "progress") display?.update(event);
		},
		end() {
			display?.end();
		},
	};
}

export function describeRetry({
	operation,
	reason,
	waitMs,
}: Extract<ZipferryEvent, { type: "retry" }>): string {
	return `${operation} failed: ${printable(reason)}; retrying in ${(waitMs / 1000).toFixed(1)} s`;
}

async function startDisplay(style: ProgressStyle, stderr: NodeJS.WriteStream): Promise<Display | undefined> {
	if (style === "none") return undefined;
	if (style === "lines") return new Lines(stderr);
	// Only who looks at a bar waits for it to load. It is CommonJS: its default is there in a bundle as well.
	const { SingleBar: Drawing } = (await import("cli-progress")).default;
	return new Bar(stderr, Drawing);
}

/** The line about the parts of a run that may be resumed. */
function describeUpload(event: ZipferryEvent): string | undefined {
	if (event.type === "upload-created" && event.resumable)
		return `started upload ${printable(event.uploadId)}; if this run is stopped, the same command resumes it`;
	if (event.type !== "upload-resumed") return undefined;
	const age = `started ${describeAge(event.ageMs)} ago`;
	const held =
		event.partCount === 0
			? "it holds no parts yet"
			: `it holds ${formatCount(event.partCount, "part")} (${formatBytes(event.size)}); parts that differ are sent again`;
	return `resuming upload ${printable(event.uploadId)}, ${age}: ${held}`;
}

type ProgressState = Extract<ZipferryEvent, { type: "progress" }>;

interface Display {
	/** @param total - Bytes to read, if known. */
	start(total: number | undefined): void;
	update(state: ProgressState): void;
	/** Makes room for a line of text. */
	clear(): void;
	end(): void;
}

class Lines implements Display {
	readonly #stderr: NodeJS.WriteStream;
	readonly #reading = new ReadingRate();
	#nextAt = Date.now() + LINE_INTERVAL_MS;

	constructor(stderr: NodeJS.WriteStream) {
		this.#stderr = stderr;
	}

	start(total: number | undefined): void {
		this.#reading.start(total);
	}

	update(state: ProgressState): void {
		const now = Date.now();
		if (now < this.#nextAt) return;
		this.#nextAt = now + LINE_INTERVAL_MS;
		const { percent, rate, eta } = this.#reading.at(state.readSize);
		const share = percent === undefined ? "" : `${percent}%, `;
		const sent = describeUploaded(state);
		writeLine(
			this.#stderr,
			`${share}${formatCount(state.entryCount, "entry", "entries")}, ${formatBytes(state.readSize)} read${sent}, ${rate}${eta}: ${printable(state.entryName)}`,
		);
	}

	clear(): void {}
	end(): void {}
}

class Bar implements Display {
	readonly #stderr: NodeJS.WriteStream;
	readonly #reading = new ReadingRate();
	readonly #bar: SingleBar;
	#active = false;
	#nextAt = 0;

	constructor(stderr: NodeJS.WriteStream, Drawing: typeof SingleBar) {
		this.#stderr = stderr;
		this.#bar = new Drawing({
			stream: stderr,
			clearOnComplete: true,
			hideCursor: true,
			linewrap: false,
			gracefulExit: false, // signals are handled in one place
			barsize: 24,
			format: (options, { progress }, { text }: { text: string }) => {
				const size = options.barsize ?? 0;
				const filled = Math.round(Math.min(1, progress) * size);
				return `${"█".repeat(filled)}${"░".repeat(size - filled)} ${text}`;
			},
		});
	}

	start(total: number | undefined): void {
		this.#reading.start(total);
		this.#bar.start(Math.max(1, total ?? 0), 0, { text: "" });
		this.#active = true;
	}

	update(state: ProgressState): void {
		const now = Date.now();
		if (!this.#active || now < this.#nextAt) return;
		this.#nextAt = now + BAR_INTERVAL_MS;
		const { percent, rate, eta } = this.#reading.at(state.readSize);
		const name = redact(printable(state.entryName));
		const shortName = name.length > NAME_WIDTH ? `…${name.slice(1 - NAME_WIDTH)}` : name;
		const share = percent === undefined ? "" : `${percent}% `;
		const skipped = state.resumedSize === 0 ? "" : ` (${formatBytes(state.resumedSize)} skipped)`;
		this.#bar.update(percent === undefined ? 0 : state.readSize, {
			text: `${share}${formatBytes(state.readSize)}${skipped} ${rate}${eta} ${shortName}`,
		});
	}

	clear(): void {
		if (this.#active) this.#stderr.write("\r\x1b[K");
	}

	end(): void {
		if (!this.#active) return;
		this.#active = false;
		this.#bar.stop();
	}
}

function describeUploaded({ uploadedSize, resumedSize }: ProgressState): string {
	if (uploadedSize === 0) return "";
	const skipped = resumedSize === 0 ? "" : `, ${formatBytes(resumedSize)} of it by an earlier run`;
	return `, ${formatBytes(uploadedSize)} uploaded${skipped}`;
}

/** Share, rate and time left, from bytes read. */
class ReadingRate {
	#startedAt = Date.now();
	#total: number | undefined;

	start(total: number | undefined): void {
		this.#startedAt = Date.now();
		this.#total = total;
	}

	at(done: number): { percent: number | undefined; rate: string; eta: string } {
		const seconds = Math.max(0.001, (Date.now() - this.#startedAt) / 1000);
		const perSecond = done / seconds;
		const total = this.#total;
		const rate = `${formatBytes(Math.round(perSecond))}/s`;
		if (total === undefined || total === 0) return { percent: undefined, rate, eta: "" };
		const left = perSecond > 0 ? formatSeconds(Math.max(0, total - done) / perSecond) : "?";
		return { percent: Math.min(100, Math.floor((100 * done) / total)), rate, eta: `, ${left} left` };
	}
}
