import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { create as contentDisposition } from "content-disposition";
import { pack } from "../../bytes/pack.ts";
import { DownloadBody } from "../../http/body.ts";
import { judge, type Representation } from "../../http/conditions/conditions.ts";
import { formatHttpDate } from "../../http/conditions/http-date.ts";
import type { RangedContent } from "../../sources/ranged-content.ts";
import { fileType } from "./file-type.ts";
import { sendBody } from "./send-body.ts";
import { sendMessage } from "./send-page.ts";

/** A file, and who asks for it. */
export interface FileRequest {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	/** For its type, and to save it by. */
	readonly name: string;
	readonly content: RangedContent;
	/** Aborts when the client is gone. */
	readonly signal: AbortSignal;
}

/** A change so soon after another one might leave no trace in what a file is told by. Milliseconds. */
const UNSETTLED_MS = 2000;

/** Sends a file or a part of it, in one state from the first byte to the last. */
export async function sendFile({ request, response, name, content, signal }: FileRequest): Promise<void> {
	const { method = "", headers } = request;
	const { size } = content;
	const representation = representationOf(content, Date.now());
	const header = (one: string) => {
		const value = headers[one];
		return Array.isArray(value) ? value.join(", ") : value;
	};
	const verdict = judge(method, header, representation);
	const validators = validatorsOf(representation);
	switch (verdict.type) {
		case "not-modified":
			return sendBody(response, { status: 304, headers: validators, body: undefined });
		case "precondition-failed":
			return sendMessage(response, 412, CHANGED);
		case "unsatisfiable":
			response.setHeader("content-range", `bytes */${size}`);
			return sendMessage(response, 416, BEYOND);
	}
	const range = verdict.type === "range" ? verdict.range : undefined;
	const { start, end } = range ?? { start: 0, end: size };
	const { contentType, inline, policy } = fileType(name);
	const read = (ending: AbortSignal) => pack(oneByOne(content.read(start, end, ending)));
	const close = async () => {};
	const body = method === "HEAD" ? undefined : new DownloadBody({ read, size: end - start, close, signal });
	await sendBody(response, {
		status: range === undefined ? 200 : 206,
		headers: {
			...validators,
			"content-type": contentType,
			"content-length": `${end - start}`,
			"content-disposition": contentDisposition(name, { type: inline ? "inline" : "attachment" }),
			"accept-ranges": representation.ranged ? "bytes" : "none",
			...(range === undefined ? {} : { "content-range": `bytes ${start}-${end - 1}/${size}` }),
			...(policy === undefined ? {} : { "content-security-policy": policy }),
		},
		body,
	});
}

async function* oneByOne(
	chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly Uint8Array[], void, void> {
	for await (const chunk of chunks) yield [chunk];
}

const CHANGED = { title: "This file has changed", text: "It is not the one any more that was asked for." };
const BEYOND = { title: "Beyond the end", text: "The file ends before the part that was asked for." };

function representationOf(content: RangedContent, nowMs: number): Representation {
	const { identity, size, mtimeMs, changedMs } = content;
	const settled = nowMs - changedMs >= UNSETTLED_MS;
	return {
		size,
		etag: settled ? `"${createHash("sha256").update(identity).digest("hex").slice(0, 32)}"` : undefined,
		lastModifiedMs: settled && mtimeMs <= nowMs ? mtimeMs : undefined,
		ranged: settled,
	};
}

function validatorsOf({ etag, lastModifiedMs }: Representation): Record<string, string> {
	return {
		...(etag === undefined ? {} : { etag }),
		...(lastModifiedMs === undefined ? {} : { "last-modified": formatHttpDate(lastModifiedMs) }),
		"cache-control": "private, no-cache, no-transform",
	};
}
