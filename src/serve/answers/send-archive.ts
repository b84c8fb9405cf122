import type { IncomingMessage } from "node:http";
import { answerDownload } from "../../http/answer.ts";
import type { HeaderReader } from "../../http/conditions/conditions.ts";
import { describeDownload } from "../../http/describe-download.ts";
import { textOf } from "../../sources/files/place.ts";
import { sendBody } from "./send-body.ts";
import { sendMessage } from "./send-page.ts";
import type { SiteParts, SiteRequest } from "./site-request.ts";

const CHANGED = {
	title: "This folder has changed",
	text: "The link is for the folder as it was before, and a download that was begun then cannot go on. Start it again with the new link.",
};

/** Sends the archive of a folder, or what a program has not got of it yet. */
export async function sendArchive(
	{ request, response, target, signal }: SiteRequest,
	{ tree, archives }: SiteParts,
): Promise<void> {
	const { path, version } = target;
	const name = path.length === 0 ? tree.title : textOf(path.at(-1) ?? "");
	const settings = { ...archives, filename: `${name}.zip`, version: version ?? "", headers: {}, signal };
	const header = version === undefined ? withoutBlindRange(request) : (one: string) => headerOf(request, one);
	const asked = { method: request.method ?? "", header };
	const answer = await answerDownload(tree.source(path), settings, asked);
	if (answer.status === 412) {
		const { version: now } = await describeDownload(tree.source(path), { ...archives, signal });
		const href = now === undefined ? "?zip" : `?zip=${now}`;
		return sendMessage(response, 412, { ...CHANGED, link: { href, text: `Download ${name} as it is now` } });
	}
	await sendBody(response, answer);
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
	const value = headers[name];
	return Array.isArray(value) ? value.join(", ") : value;
}

/** Without a version and a condition nobody knows which state the bytes are of that the client has: it gets the whole. */
function withoutBlindRange(request: IncomingMessage): HeaderReader {
	const { "if-range": ifRange, "if-match": ifMatch } = request.headers;
	const isBlind = ifRange === undefined && ifMatch === undefined;
	return (name) => (name === "range" && isBlind ? undefined : headerOf(request, name));
}
