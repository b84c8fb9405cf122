import { once } from "node:events";
import { request } from "node:http";
import { buffer } from "node:stream/consumers";
import { type ServedSite, type ServeOptions, serveTree } from "../../src/serve/serve-tree.ts";
import type { ServeEvent } from "../../src/serve/server/serve-events.ts";
import { connectTo } from "../support/connect-to.ts";

const sites: ServedSite[] = [];

/** A server in this process, and what it tells. */
export interface TestSite extends ServedSite {
	readonly events: ServeEvent[];
}

export async function startSite(
	source: string,
	crcCacheFile: string,
	options: Partial<ServeOptions> = {},
): Promise<TestSite> {
	const events: ServeEvent[] = [];
	const site = await serveTree({
		...{ source, crcCacheFile, host: "127.0.0.1", port: 0, credentials: undefined, storage: {} },
		filters: { exclude: [], include: [] },
		signal: new AbortController().signal,
		onEvent: (event) => events.push(event),
		onStorageEvent: () => {},
		onWarning: () => {},
		...options,
	});
	sites.push(site);
	return { ...site, events };
}

export async function stopSites(): Promise<void> {
	await Promise.all(sites.splice(0).map((site) => site.close()));
}

export interface Answer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Buffer;
	readonly text: string;
}

/** Sends a request with this target as it stands, and a connection of its own. */
export async function ask(
	{ url }: Pick<ServedSite, "url">,
	path: string,
	headers: Readonly<Record<string, string>> = {},
	method = "GET",
): Promise<Answer> {
	const { hostname, port } = new URL(url);
	const sent = request({ host: hostname, port, path, headers, method, agent: false });
	sent.on("error", () => {}); // a connection that breaks off later is an error of the response as well
	sent.end();
	const [response] = await once(sent, "response");
	const body = await buffer(response);
	return { status: response.statusCode, headers: response.headers, body, text: body.toString() };
}

/** Sends bytes, and gives all that comes back until the server ends the connection. */
export async function askRaw({ url }: Pick<ServedSite, "url">, text: string): Promise<string> {
	const socket = connectTo(url).setEncoding("latin1");
	let answer = "";
	socket.on("data", (chunk: string) => {
		answer += chunk;
	});
	socket.write(Buffer.from(text, "latin1"));
	await new Promise((resolve) => socket.once("close", resolve)); // also after a reset
	return answer;
}
