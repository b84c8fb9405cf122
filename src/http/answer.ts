import { destroyUnread, holdBackUnread } from "../sources/generated/unread-streams.ts";
import type { Source } from "../sources/source.ts";
import { DownloadBody } from "./body.ts";
import type { ByteRange } from "./conditions/byte-range.ts";
import { type HeaderReader, judge, type Verdict } from "./conditions/conditions.ts";
import { type Download, openDownload } from "./download.ts";
import {
	archiveHeaders,
	notModifiedHeaders,
	type ResponseHeaders,
	refusalHeaders,
	representationOf,
} from "./headers.ts";
import { isStale } from "./link-version.ts";
import type { DownloadSettings } from "./options.ts";

/** What the answer depends on. */
export interface DownloadRequest {
	/** In capitals; `undefined` if nothing is known of the request. */
	readonly method: string | undefined;
	readonly header: HeaderReader;
}

/** A response, in the words of no framework. */
export interface DownloadAnswer {
	readonly status: 200 | 206 | 304 | 412 | 416;
	readonly headers: ResponseHeaders;
	/** The archive or a part of it, which has to be read or cancelled; a line of text; `undefined` for no body. */
	readonly body: DownloadBody | string | undefined;
}

/**
 * Answers a request for the archive of the sources. Nothing of them is read before the body is.
 *
 * @throws what `createZip` throws for sources; nothing has been answered then.
 */
export async function answerDownload(
	sources: Source | readonly Source[],
	settings: DownloadSettings,
	request: DownloadRequest,
): Promise<DownloadAnswer> {
	holdBackUnread(sources);
	let download: Download | undefined;
	let body: DownloadBody | undefined;
	const close = async () => {
		try {
			await download?.close();
		} finally {
			destroyUnread(sources);
		}
	};
	try {
		download = await openDownload(sources, settings);
		settings.signal?.throwIfAborted();
		const answer = answerOf(download, settings, request, close);
		if (answer.body instanceof DownloadBody) body = answer.body;
		return answer;
	} finally {
		if (body === undefined) await close();
	}
}

const CHANGED =
	"The contents of this archive have changed since the link or the part that you have was made. Start the download again.\n";
const BEYOND = "The archive ends before the part that was asked for.\n";

function answerOf(
	download: Download,
	settings: DownloadSettings,
	{ method, header }: DownloadRequest,
	close: () => Promise<void>,
): DownloadAnswer {
	const representation = representationOf(download, settings, method, Date.now());
	const send = (status: 200 | 206, range?: ByteRange): DownloadAnswer => {
		const headers = archiveHeaders(representation, settings, range);
		if (method === "HEAD") return { status, headers, body: undefined };
		const { signal } = settings;
		const size = range === undefined ? download.size : range.end - range.start;
		const read = (ending: AbortSignal) => download.read(range, ending);
		return { status, headers, body: new DownloadBody({ read, size, close, signal }) };
	};
	const refuse = (status: 412 | 416, text: string, size?: number): DownloadAnswer => {
		const body = method === "HEAD" ? undefined : text;
		return { status, headers: refusalHeaders(text, size), body };
	};
	const verdict = isStale(settings.version, download, header) ? STALE : judge(method, header, representation);
	switch (verdict.type) {
		case "whole":
			return send(200);
		case "range":
			return send(206, verdict.range);
		case "not-modified":
			return { status: 304, headers: notModifiedHeaders(representation, settings), body: undefined };
		case "precondition-failed":
			return refuse(412, CHANGED);
		case "unsatisfiable":
			return refuse(416, BEYOND, download.size);
		default:
			return verdict satisfies never;
	}
}

const STALE: Verdict = { type: "precondition-failed" };
