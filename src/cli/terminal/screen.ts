import { KiB } from "../../bytes/units.ts";
import { redact } from "../../secrets/redact.ts";
import { isForeground } from "./foreground.ts";
import { printable } from "./text.ts";
import { columnsOf } from "./text-width.ts";

const REDRAW_MS = 100;
/** Bytes that may wait for the reader of a pipe. */
const MOST_WAITING = 256 * KiB;
/** Characters that are worth a call to the system. */
const BATCH_SIZE = 16 * KiB;
/** A stream waits for its reader no longer. */
const ENDS = ["drain", "close", "error"] as const;
/** Of a terminal that does not tell. */
const USUAL_COLUMNS = 80;
/** The last one, after which some terminals begin the next line, and two for `^C`, which would break it. */
const UNUSED_COLUMNS = 3;
const CLEAR_LINE = "\r\x1b[K";
/**
 * A line that gets too long because the terminal has just got narrower is cut, not broken. Both go out in one piece
 * with it.
 */
const UNWRAPPED = "\x1b[?7l";
const WRAPPED = "\x1b[?7h";

/** What is drawn in the last line. */
export interface Status {
	/** @param columns - How many there are for it. */
	text(columns: number): string;
	/** The program goes on after Ctrl-Z. */
	onResume(): void;
}

/**
 * Lines of text, and below them one line that is drawn again and again. Everything written to a stream passes
 * through its screen, so that no line ends up in the middle of another.
 *
 * The terminal is never put into a state that it would have to be taken back from, such as a hidden cursor: no
 * way to end the program can leave it in one.
 */
export class Screen {
	readonly #stream: NodeJS.WriteStream;
	#draining: Promise<void> | undefined;
	readonly #soon: string[] = [];
	/** Characters. */
	#soonSize = 0;
	#writing: NodeJS.Immediate | undefined;
	#status: Status | undefined;
	#timer: NodeJS.Timeout | undefined;
	/** The status as it is on the terminal; empty if it is not there. */
	#drawn = "";

	constructor(stream: NodeJS.WriteStream) {
		this.#stream = stream;
	}

	/**
	 * Writes one line, without secrets and without control characters, above the status: whoever wrote a part of the
	 * text, it cannot begin another line.
	 */
	line(text: string): void {
		this.#writeSoon();
		this.#above(printable(redact(text)));
	}

	/** The same for one line of very many: they are written together, before anything else and before anything is waited for. */
	lineSoon(text: string): void {
		this.#soon.push(printable(text));
		this.#soonSize += text.length;
		if (this.#soonSize >= BATCH_SIZE) this.#writeSoon();
		else this.#writing ??= setImmediate(this.#writeSoon);
	}

	readonly #writeSoon = (): void => {
		clearImmediate(this.#writing);
		this.#writing = undefined;
		this.#soonSize = 0;
		if (this.#soon.length > 0) this.#above(this.#soon.splice(0).join("\n"));
	};

	#above(text: string): void {
		const clear = this.#drawn === "" ? "" : CLEAR_LINE;
		this.#drawn = "";
		this.#write(`${clear}${redact(text)}\n${this.#draw()}`);
	}

	/** When a reader who is slower than we are has taken what was written; `undefined` while not much is waiting. */
	get drained(): Promise<void> | undefined {
		if (this.#stream.writableLength < MOST_WAITING) return undefined;
		this.#draining ??= new Promise((resolve) => {
			const done = () => {
				this.#draining = undefined;
				for (const name of ENDS) this.#stream.off(name, done);
				resolve();
			};
			for (const name of ENDS) this.#stream.on(name, done);
		});
		return this.#draining;
	}

	/** Draws a status in the last line from now on. */
	show(status: Status): void {
		this.#status = status;
		this.#timer ??= setInterval(this.#redraw, REDRAW_MS).unref();
		this.#stream.on("resize", this.#onResize);
		process.on("SIGTSTP", this.#onSuspend).on("SIGCONT", this.#onResume);
		this.#redraw();
	}

	/** Takes the status away. */
	hide(): void {
		this.#writeSoon();
		if (this.#status === undefined) return;
		clearInterval(this.#timer);
		this.#timer = undefined;
		this.#status = undefined;
		this.#stream.off("resize", this.#onResize);
		process.off("SIGTSTP", this.#onSuspend).off("SIGCONT", this.#onResume);
		this.#clear();
	}

	readonly #redraw = (): void => {
		const text = this.#draw();
		if (text !== "") this.#write(text);
	};

	/** What brings the status onto the terminal; nothing if it is there. */
	#draw(): string {
		if (this.#status === undefined) return "";
		const columns = this.#stream.columns || USUAL_COLUMNS;
		const text = redact(this.#status.text(columns - UNUSED_COLUMNS));
		if (text === this.#drawn || !isForeground()) return "";
		this.#drawn = text;
		return `\r${UNWRAPPED}${text}\x1b[K${WRAPPED}`;
	}

	#clear(): void {
		if (this.#drawn !== "") this.#write(CLEAR_LINE);
		this.#drawn = "";
	}

	/** A terminal that got narrower has broken the line into several, and the cursor is in the last of them. */
	readonly #onResize = (): void => {
		const rows = Math.ceil(columnsOf(this.#drawn) / (this.#stream.columns || USUAL_COLUMNS));
		if (rows > 1) this.#write(`\r\x1b[${rows - 1}A\x1b[J`);
		else this.#clear();
		this.#drawn = "";
		this.#redraw();
	};

	/** Stops as if nobody listened: the system knows where a stop would be for ever, and does not. */
	readonly #onSuspend = (): void => {
		this.#clear();
		process.off("SIGTSTP", this.#onSuspend);
		process.kill(process.pid, "SIGTSTP"); // comes back when the program goes on
		if (this.#status !== undefined) process.on("SIGTSTP", this.#onSuspend);
	};

	readonly #onResume = (): void => {
		this.#drawn = ""; // whatever is in the line by now
		this.#status?.onResume();
		this.#redraw();
	};

	/** A log that is full or closed must not stop a backup. */
	#write(text: string): void {
		try {
			this.#stream.write(text);
		} catch {
			// Nowhere left to say it.
		}
	}
}

const screens = new WeakMap<NodeJS.WriteStream, Screen>();

/** The one screen of a stream. */
export function screenOf(stream: NodeJS.WriteStream): Screen {
	const known = screens.get(stream);
	if (known !== undefined) return known;
	const screen = new Screen(stream);
	screens.set(stream, screen);
	return screen;
}
