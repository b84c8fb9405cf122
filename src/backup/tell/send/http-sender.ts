import * as http from "node:http";
import * as https from "node:https";
import { onAbort } from "../../../async/abort-listeners.ts";
import { problemOf } from "../../../errors.ts";
import { routeTo } from "../../../reader/ranged/url/route.ts";
import { type Agents, makeAgents } from "../../../s3/client/agents.ts";
import { findAuthorities } from "../../../s3/client/authorities.ts";
import { loadProxies, type Proxies } from "../../../s3/client/proxies/load-proxies.ts";
import { shorten } from "../../../secrets/shorten.ts";
import { TellError } from "./tell-error.ts";

/** A request that tells somebody something. */
export interface Notice {
	readonly method: "GET" | "POST";
	readonly url: string;
	readonly headers?: Readonly<Record<string, string>> | undefined;
	readonly body?: string | undefined;
}

/** Sends requests whose answers matter by their status alone. */
export interface HttpSender {
	/** @throws {TellError} if it was not answered with 2xx. */
	send(notice: Notice, signal: AbortSignal): Promise<void>;
	close(): void;
}

/** Milliseconds for the handshake of TLS; the whole request has less than a minute anyway. */
const HANDSHAKE_MS = 10_000;

/** Bytes of an answer that are read for what it says. */
const LONGEST_ANSWER = 2048;

/** Characters of it that are shown. */
const LONGEST_SHOWN = 200;

/**
 * Goes through the same proxies and trusts the same authorities as requests to the storage.
 *
 * Redirects are not followed: of a POST they would make a GET, and the address is a secret that belongs to one host.
 */
export async function openHttpSender(caFile: string | undefined): Promise<HttpSender> {
	const authorities = await findAuthorities(caFile, undefined);
	const proxies = await loadProxies(process.env);
	const maxSockets = Number.POSITIVE_INFINITY;
	const agents = makeAgents({ maxSockets, handshakeTimeoutMs: HANDSHAKE_MS, authorities, proxies });
	return {
		async send(notice, signal) {
			const { status, text } = await request(notice, agents, proxies, signal);
			if (status >= 200 && status < 300) return;
			const mayPass = status >= 500 || status === 429 || status === 408;
			const said = text === "" ? "" : `: ${text}`;
			const why = status >= 300 && status < 400 ? "; set the address that it redirects to" : said;
			throw new TellError(`it answered ${status}${why}`, { mayPass });
		},
		close() {
			agents.httpAgent.destroy();
			agents.httpsAgent.destroy();
		},
	};
}

interface Answer {
	readonly status: number;
	/** Beginning of its body, in one line. */
	readonly text: string;
}

function request(
	{ method, url, headers, body }: Notice,
	agents: Agents,
	proxies: Proxies | undefined,
	signal: AbortSignal,
): Promise<Answer> {
	const target = new URL(url);
	const { secure, headers: added, ...where } = routeTo(target, proxies?.proxyFor);
	const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
	const options: http.RequestOptions = {
		...where,
		method,
		agent: secure ? agents.httpsAgent : agents.httpAgent,
		headers: { "user-agent": "zipferry", ...basicAuth(target), ...headers, ...length, ...added },
	};
	return new Promise((resolve, reject) => {
		const sent = (secure ? https : http).request(options);
		const release = onAbort(signal, () => sent.destroy());
		const fail = (error: unknown): void => {
			release();
			reject(signal.aborted ? signal.reason : new TellError(problemOf(error), { mayPass: true }));
		};
		sent.once("response", (response) => {
			const { statusCode: status = 0 } = response;
			let text = "";
			response.setEncoding("utf8");
			const done = (): void => {
				release();
				response.destroy();
				resolve({ status, text: shorten(text.replace(/\s+/g, " ").trim(), LONGEST_SHOWN) });
			};
			// The status says it all, and a body need not end.
			if (status >= 200 && status < 300) return done();
			response.on("data", (chunk: string) => {
				text += chunk;
				if (text.length >= LONGEST_ANSWER) done();
			});
			response.once("end", done);
			response.once("close", done);
			response.on("error", done);
		});
		sent.on("error", fail);
		sent.end(body);
	});
}

/** User and password of an address. */
function basicAuth({ username, password }: URL): { readonly authorization?: string } {
	if (username === "" && password === "") return {};
	const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
	return { authorization: `Basic ${Buffer.from(pair, "utf8").toString("base64")}` };
}
