import type { ServedRequest, ServeEvent } from "../../../serve/server/serve-events.ts";
import { messageInCommands } from "../../terminal/command-words.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { stackLines } from "../../terminal/stack.ts";
import { formatBytes } from "../../terminal/text.ts";

/** What is told while a server runs. */
type LoggedEvent =
	| ServeEvent
	| { readonly type: "listening"; readonly source: string; readonly url: string }
	| { readonly type: "stopping"; readonly message: string };

export interface LogStyle {
	readonly json?: boolean | undefined;
	readonly quiet?: boolean | undefined;
	readonly verbose?: boolean | undefined;
	readonly debug?: boolean | undefined;
}

/** Events as lines: text on stderr, or JSON on stdout. */
export interface ServeLog {
	readonly write: (event: LoggedEvent) => void;
	/** Resolves when all of it is written. */
	flush(): Promise<void>;
}

export function serveLog(style: LogStyle, io: Io): ServeLog {
	let written: Promise<unknown> = Promise.resolve();
	return {
		write(event) {
			const time = new Date().toISOString();
			if (style.json === true) {
				const line = { time, event: event.type, ...factsOf(event) };
				// Whether somebody reads it is no matter of downloads.
				written = written.then(() => io.stdout.printJson(line)).catch(() => {});
				return;
			}
			const text = describe(event, style, time);
			if (text !== undefined) writeLine(io.stderr, text);
			if (event.type === "failure" && style.debug === true)
				for (const line of stackLines(event.error)) writeLine(io.stderr, line);
		},
		async flush() {
			await written;
		},
	};
}

function factsOf(event: LoggedEvent): object {
	switch (event.type) {
		case "request":
			return event.request;
		case "failure":
			return { target: event.target, message: messageInCommands(event.error) };
		default: {
			const { type: _type, ...facts } = event;
			return facts;
		}
	}
}

function describe(event: LoggedEvent, { quiet, verbose }: LogStyle, time: string): string | undefined {
	switch (event.type) {
		case "listening":
			return quiet === true ? undefined : `serving ${event.source} at ${event.url} (Ctrl-C stops it)`;
		case "stopping":
			return quiet === true ? undefined : event.message;
		case "request":
			return verbose === true ? `${time} ${requestLine(event.request)}` : undefined;
		case "failure":
			return `warning: ${event.target}: ${messageInCommands(event.error)}`;
		default:
			return event satisfies never;
	}
}

function requestLine(request: ServedRequest): string {
	const { client = "-", method, target, status, sentSize, elapsedMs, complete } = request;
	const cut = complete ? "" : ", cut off";
	return `${client} ${method} ${target} ${status}, ${formatBytes(sentSize)}, ${elapsedMs} ms${cut}`;
}
