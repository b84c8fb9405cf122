import type { ServerResponse } from "node:http";
import { type Message, messagePage } from "../pages/message-page.ts";
import { PAGE_POLICY } from "../pages/page-style.ts";
import { sendBody } from "./send-body.ts";
import { countSent } from "./sent-body.ts";

const PAGE_HEADERS = {
	"content-type": "text/html; charset=utf-8",
	"content-security-policy": PAGE_POLICY,
	"cache-control": "no-store",
};

/** Characters that are sent at once. */
const BATCH_LENGTH = 16_384;

/** Sends a page as it comes in. */
export async function sendPage(response: ServerResponse, pieces: AsyncIterable<string>): Promise<void> {
	await sendBody(response, { status: 200, headers: PAGE_HEADERS, body: inBatches(pieces) });
}

async function* inBatches(pieces: AsyncIterable<string>): AsyncGenerator<string, void, void> {
	let batch = "";
	for await (const piece of pieces) {
		batch += piece;
		if (batch.length < BATCH_LENGTH) continue;
		yield batch;
		batch = "";
	}
	if (batch !== "") yield batch;
}

/** Sends a page that says one thing. To a request with HEAD only its headers go out, as Node sees to. */
export function sendMessage(response: ServerResponse, status: number, message: Message): void {
	const page = Buffer.from(messagePage(message).text);
	countSent(response, page);
	response.writeHead(status, { ...PAGE_HEADERS, "content-length": page.byteLength }).end(page);
}
