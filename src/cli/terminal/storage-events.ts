import type { RequestEvent, ZipferryEvent } from "../../events.ts";
import { type Io, writeLine } from "./io.ts";
import { describeRetry } from "./progress/progress.ts";
import { formatCount } from "./text.ts";

/** What a command that has no progress to show tells of its requests. */
export interface StorageTelling {
	readonly quiet?: boolean | undefined;
	readonly debug?: boolean | undefined;
}

/** Shows that a storage does not answer while it is still being asked, and with `debug` every request. */
export function storageEvents({ quiet, debug }: StorageTelling, { stderr }: Io) {
	return (event: ZipferryEvent): void => {
		if (event.type === "retry" && quiet !== true) writeLine(stderr, describeRetry(event));
		if (event.type === "request" && debug === true) writeLine(stderr, describeRequest(event));
	};
}

/** A line of a log for each attempt: what was asked, how it ended, and what the storage calls it. */
export function describeRequest(event: RequestEvent): string {
	const { operation, partNumber, attempt, status, sentSize, receivedSize, elapsedMs, requestId, failure } =
		event;
	const facts = [
		status === undefined ? "no response" : `status ${status}`,
		...(failure === undefined ? [] : [failure]),
		...(sentSize > 0 ? [`${formatCount(sentSize, "byte")} sent`] : []),
		...(receivedSize ? [`${formatCount(receivedSize, "byte")} received`] : []),
		`${elapsedMs} ms`,
		`attempt ${attempt}`,
		...(requestId === undefined ? [] : [`request ${requestId}`]),
	];
	return `debug: ${operation}${partNumber === undefined ? "" : ` of part ${partNumber}`}: ${facts.join(", ")}`;
}
